// Chapter 5, member: the personal link. No password, no table: the call's id and a keyed hash of it.
import { LabaError } from '@laba/domain/errors';
import type { Database } from '@laba/storage/database';
import { sameSecret, type Vault } from '@laba/runtime/vault';
import { findCall, type Alert, type Call } from './call-store.ts';

/** 16 characters of base64url: 96 bits. */
const MAC_CHARS = 16;
const ID_CHARS = 22;
/** How long a link goes on showing how it ended. */
const LINK_AFTERLIFE_MS = 24 * 3_600_000;

declare const proven: unique symbol;

/** A call whose own member asks. Only `openLink` makes one. */
export interface OwnCall {
  readonly call: Call;
  readonly alert: Alert;
  readonly [proven]: true;
}

/** `{alert id as 22 characters}{number, base 36}.{MAC}`: 40-odd characters, fit for a short message. */
export function memberToken(vault: Vault, callId: string): string {
  const [alertId, number] = split(callId);
  const short = Buffer.from(alertId.replaceAll('-', ''), 'hex').toString('base64url');
  return `${short}${number.toString(36)}.${macOf(vault, callId)}`;
}

/** @throws `link-invalid` when the token is forged, altered, of no call, or the alert has been over for more than 24 hours */
export async function openLink(deps: { db: Database; vault: Vault; clock: { now(): number } }, token: string): Promise<OwnCall> {
  const invalid = () => new LabaError('link-invalid');
  const [short, mac] = token.split('.');
  if (short === undefined || mac === undefined || short.length <= ID_CHARS || short.length > ID_CHARS + 8) throw invalid();
  const callId = `${uuidOf(short.slice(0, ID_CHARS))}-${Number.parseInt(short.slice(ID_CHARS), 36)}`;
  // The MAC before the look-up: a guess never reaches the database.
  if (!sameSecret(mac, macOf(deps.vault, callId))) throw invalid();
  const found = await findCall(deps.db, callId);
  if (found === undefined) throw invalid();
  if (found.alert.overAtMs !== null && deps.clock.now() > found.alert.overAtMs + LINK_AFTERLIFE_MS) throw invalid();
  return found as OwnCall;
}

function macOf(vault: Vault, callId: string): string {
  return vault.hash('member-link', callId).slice(0, MAC_CHARS);
}

function split(callId: string): [string, number] {
  const at = callId.lastIndexOf('-');
  return [callId.slice(0, at), Number(callId.slice(at + 1))];
}

function uuidOf(short: string): string {
  const hex = Buffer.from(short, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
