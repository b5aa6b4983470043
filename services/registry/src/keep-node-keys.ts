// A house of a grid node's own signs with the node's own keys: made when it is confirmed, and others made when it is revoked.
import type { Deps, Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import type { KeyRow } from '@laba/storage/keys';
import { freshPair, isTrusted } from './change-keys.ts';
import { hasHouse } from './grid-store.ts';
import { allKeys, insertKey, revokeRow } from './key-store.ts';
import { bookOps } from './sign-key-book.ts';

type Needs = Pick<Deps, 'db' | 'vault' | 'clock' | 'ids' | 'config'>;

/** The reaction to a house's confirmation: its node's keys, when it has none. */
export function makeNodeKeysFor(deps: Needs, job: Job): Promise<Reaction> {
  return keepNodeKeys(deps, job, []);
}

/** The reaction to a house's revocation: what it knew counts no more; whoever stands there now signs with keys that it never saw. */
export async function revokeNodeKeysOf(deps: Needs, job: Job): Promise<Reaction> {
  const known = (await allKeys(deps.db)).filter((row) => row.scope === job.event.gridCode && isTrusted(row) && row.createdAtMs <= job.event.atMs);
  return keepNodeKeys(deps, job, known);
}

// Only the county has the root: a house below it is handed what it needs.
async function keepNodeKeys(deps: Needs, job: Job, gone: readonly KeyRow[]): Promise<Reaction> {
  const scope = job.event.gridCode;
  if (deps.config.node !== undefined) return {};
  const rows = await allKeys(deps.db);
  const kidsGone = gone.map(({ kid }) => kid);
  const left = rows.filter(({ kid }) => !kidsGone.includes(kid));
  const isNeeded = !left.some((row) => row.scope === scope && isTrusted(row)) && (await hasHouse(deps.db, scope));
  const made = isNeeded ? freshPair(deps, rows, scope) : [];
  if (gone.length + made.length === 0) return {};
  const { version: book, ops } = await bookOps(deps, [...left, ...made]);
  const told = { atMs: deps.clock.now(), who: job.event.who, via: 'job', gridCode: scope, subjectId: scope } as const;
  const kids = made.map(({ kid }) => kid);
  const said =
    gone.length > 0
      ? record(deps.ids, { ...told, type: 'keys.revoked', data: { kids: kidsGone, made: kids, book } })
      : record(deps.ids, { ...told, type: 'keys.made', data: { kids, book } });
  return { ops: [...kidsGone.map((kid) => revokeRow(kid, told.atMs)), ...made.map((row) => insertKey(row)), ...ops, ...said] };
}
