// `laba keys`: the county's signing keys, in the terminal of its administrator, by the same API as everything else.
import { commandOf } from './duty-commands.ts';
import { KEY_VERBS } from './key-verbs.ts';

export const keysCommand = commandOf('keys', KEY_VERBS, 'admin');
