// Knock, gong, whistle: where no wire reaches, somebody goes. The list is the provider; only a person says that it was done.
import type { Channel } from '@laba/runtime/channel';

export const manual: Channel = {
  name: 'manual',
  send: async () => ({ outcome: 'sent' }),
};
