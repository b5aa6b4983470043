// Signing in: by user name and password, at a village's own house by a name from its list and a local code.
import { post } from './client.ts';
import type { SignedIn } from './session.ts';

export const IS_VILLAGE = (document.documentElement.dataset['node'] ?? '') !== '';

export function signInAs(name: string, secret: string): Promise<SignedIn> {
  const username = name.trim();
  return IS_VILLAGE ? post('/api/v1/local-sessions', { username, code: secret }) : post('/api/v1/sessions', { username, password: secret });
}
