// The village alone: this house asks the one above to know it, once, by the code that an officer gave out there.
import { randomBytes } from 'node:crypto';
import { ERRORS, LabaError, type ErrorCode } from '@laba/domain/errors';
import type { Deps } from '@laba/runtime/service';
import { insertPeer, listName } from '@laba/storage/sharing/peers';
import { claimedSchema, type Claimed } from './claim-schema.ts';
import type { OwnHouse } from './own-house.ts';

/**
 * @param url `http://host:port` of the house above
 * @throws what it answers, `claim-invalid` first of all; an error of one line when it cannot be reached
 */
export async function askAbove(own: OwnHouse, url: string, code: string): Promise<Claimed> {
  const response = await fetch(new URL('/api/v1/houses/claim', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': own.public.signKey },
    body: JSON.stringify({ code, ...own.public }),
  }).catch((error: unknown) => {
    throw new Error(`The house at ${url} cannot be reached (${error instanceof Error ? error.message : String(error)}).`);
  });
  const answer = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  if (response.ok) return claimedSchema.parse(answer);
  if ((answer.code ?? '') in ERRORS) throw new LabaError(answer.code as ErrorCode, answer.detail);
  throw new Error(`The house at ${url} answered ${response.status}: ${answer.detail ?? 'no reason given'}.`);
}

/** Writes down whom this house talks with from now on. `lines`: addresses of the broker above, tried in this order; its own answer when none is given. */
export async function joinAbove({ db, vault }: Pick<Deps, 'db' | 'vault'>, claimed: Claimed, lines: readonly string[]): Promise<void> {
  await db.atomically([
    insertPeer({
      ...{ id: claimed.houseId, gridCode: claimed.gridCode, side: 'above', status: 'active', signKey: claimed.signKey, sealKey: claimed.sealKey },
      listId: listName(1, randomBytes(9).toString('base64url')),
      lines: lines.length > 0 ? [...lines] : claimed.lines,
      passwordCipher: vault.encrypt(claimed.password),
      createdAtMs: claimed.sinceMs,
    }),
  ]);
}
