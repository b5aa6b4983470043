// The port `Sessions`: from a cookie's token to an officer, asked anew at every request, so that what ended has ended.
import type { Sessions } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { findSession } from './session-store.ts';
import { secretHash } from './secret.ts';

const TOKEN = /^[\w-]{43}$/;

export function registrySessions(deps: Pick<Deps, 'db' | 'clock'>): Sessions {
  return { find: async (token) => (TOKEN.test(token) ? findSession(deps.db, secretHash(token), deps.clock.now()) : undefined) };
}
