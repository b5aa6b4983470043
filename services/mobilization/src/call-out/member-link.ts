// Chapter 5, member: the personal link to his own call.
import { openPersonalLink, personalToken } from '@laba/runtime/personal-link';
import type { Vault } from '@laba/runtime/vault';
import type { Database } from '@laba/storage/database';
import { findCall, type Alert, type Call } from './call-store.ts';

declare const proven: unique symbol;

/** A call whose own member asks. Only `openLink` makes one. */
export interface OwnCall {
  readonly call: Call;
  readonly alert: Alert;
  readonly [proven]: true;
}

/** The token of `/m/{token}`. `version`: see `linkVersion`. */
export function memberToken(vault: Vault, callId: string, version = 1): string {
  return personalToken(vault, 'call', callId, version);
}

/** @throws `link-invalid` when the token is forged, altered, revoked, of no call, or the alert has been over for more than 24 hours */
export async function openLink(deps: { db: Database; vault: Vault; clock: { now(): number } }, token: string): Promise<OwnCall> {
  const opened = await openPersonalLink(deps, 'call', token, async (id) => {
    const found = await findCall(deps.db, id);
    return found && { ...found, alertId: found.call.alertId, memberId: found.call.memberId, overAtMs: found.alert.overAtMs };
  });
  return { call: opened.call, alert: opened.alert } as OwnCall;
}
