// Keys come, change over and go: each change is one new key book, signed by the root.
import type { EventData } from '@laba/domain/events';
import { LabaError } from '@laba/domain/errors';
import { tierOf } from '@laba/domain/grid';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import type { KeyRow } from '@laba/storage/keys';
import { nodesUnder } from './grid-store.ts';
import { allKeys, bookHolders, insertKey, revokeRow, stopWaiting, type BookHolder } from './key-store.ts';
import { freshKey, KINDS } from './make-county-keys.ts';
import { bookOps } from './sign-key-book.ts';

type Needs = Pick<Deps, 'db' | 'vault' | 'clock' | 'ids' | 'config'>;
type May = Permit<'key.manage'>;

export interface KeyChange {
  /** Made by this. */
  made: string[];
  /** The version of the key book that says so. */
  book: number;
}

/** A gateway not heard of for so long keeps nobody waiting: it learns of the new keys before it may play. */
const LATELY_MS = 7 * 86_400_000;
const LOOK_MS = 60_000;

type Kind = keyof typeof KINDS;

export const isTrusted = (row: KeyRow) => row.revokedAtMs === null && row.modes.length > 0;
const kindOf = (row: KeyRow): Kind => (row.modes.includes('live') ? 'live' : 'drill');
const kidsOf = (rows: readonly KeyRow[]) => rows.map(({ kid }) => kid);

/** A name that no key of this scope and kind ever had. */
function fresh(deps: Needs, rows: readonly KeyRow[], scope: string, kind: Kind, waiting: boolean): KeyRow {
  const before = rows.filter((row) => row.scope === scope && row.modes.length > 0 && kindOf(row) === kind).length;
  return freshKey(deps, { kid: before === 0 ? `${scope}-${kind}` : `${scope}-${kind}-${before + 1}`, scope, modes: KINDS[kind], waiting });
}

/** For live alerts and for drills. */
export function freshPair(deps: Needs, rows: readonly KeyRow[], scope: string, waiting = false): KeyRow[] {
  return (['live', 'drill'] as const).map((kind) => fresh(deps, rows, scope, kind, waiting));
}

function told(deps: Needs, act: Act, scope: string) {
  return { atMs: deps.clock.now(), who: act.who, via: act.via, gridCode: scope, subjectId: scope };
}

/**
 * A grid node's own pair of keys, for live alerts and for drills: they reach no further than the node.
 * @throws `unknown-code`, `already-done` when it has keys
 */
export async function makeNodeKeys(deps: Needs, _permit: May, scope: string, act: Act): Promise<KeyChange> {
  if (tierOf(scope) === undefined || (await nodesUnder(deps.db, [scope], 0)).length === 0)
    throw new LabaError('unknown-code', `No grid node has the code ${scope}.`, { gridCode: scope });
  const rows = await allKeys(deps.db);
  if (rows.some((row) => row.scope === scope && isTrusted(row))) throw new LabaError('already-done', `${scope} has keys: rotate or revoke them.`);
  return addPair(deps, rows, scope, 'keys.made', act);
}

/**
 * New keys beside the present ones: known to the gateways first, used later.
 * @throws `not-found` without keys of its own, `already-done` while others wait
 */
export async function rotateKeys(deps: Needs, _permit: May, scope: string, act: Act): Promise<KeyChange> {
  const rows = await allKeys(deps.db);
  const own = rows.filter((row) => row.scope === scope && isTrusted(row));
  if (own.length === 0) throw new LabaError('not-found', `${scope} has no keys of its own.`);
  if (own.some((row) => row.waiting)) throw new LabaError('already-done', `New keys of ${scope} wait already until the gateways hold them.`);
  return addPair(deps, rows, scope, 'keys.rotated', act);
}

/** Two keys more, which wait when they follow on others, and the book that names them. */
async function addPair(deps: Needs, rows: readonly KeyRow[], scope: string, type: 'keys.made' | 'keys.rotated', act: Act): Promise<KeyChange> {
  const made = freshPair(deps, rows, scope, type === 'keys.rotated');
  const { version, ops } = await bookOps(deps, [...rows, ...made]);
  const event = { ...told(deps, act, scope), type, data: { kids: kidsOf(made), book: version } };
  await deps.db.atomically([...made.map((row) => insertKey(row)), ...ops, ...record(deps.ids, event), ...act.once]);
  return { made: kidsOf(made), book: version };
}

/** The keys that wait begin to sign, although some gateways may not know them. @throws `not-found` when none waits */
export async function switchNow(deps: Needs, _permit: May, scope: string, book: number, act: Act): Promise<void> {
  const waiting = (await allKeys(deps.db)).filter((row) => row.scope === scope && row.waiting && isTrusted(row));
  if (waiting.length === 0) throw new LabaError('not-found', `No new keys of ${scope} wait: rotate them first.`);
  const missing = (await behind(deps, book)).length;
  await deps.db.atomically([...switched(deps, kidsOf(waiting), missing, act, scope), ...act.once]);
}

/** Gateways heard of lately that go by an older book, or know of none. */
export async function behind(deps: Pick<Deps, 'db' | 'clock'>, version: number): Promise<BookHolder[]> {
  return (await bookHolders(deps.db, deps.clock.now() - LATELY_MS)).filter((holder) => (holder.version ?? -1) < version);
}

function switched(deps: Needs, kids: readonly string[], missing: number, act: Act, scope: string): Op[] {
  return [stopWaiting(kids), ...record(deps.ids, { ...told(deps, act, scope), type: 'keys.switched', data: { kids: [...kids], missing } })];
}

/** The reaction to `keys.rotated`: signing changes over by itself when every gateway heard of lately holds the new keys. */
export async function switchWhenHeld(deps: Needs, job: Job): Promise<Reaction> {
  const { kids, book } = job.event.data as EventData<'keys.rotated'>;
  const waiting = (await allKeys(deps.db)).filter((row) => kids.includes(row.kid) && row.waiting && isTrusted(row));
  if (waiting.length === 0) return {};
  if ((await behind(deps, book)).length > 0) return { againAtMs: deps.clock.now() + LOOK_MS };
  return { ops: switched(deps, kidsOf(waiting), 0, { who: 'system', via: 'job', once: [] }, job.event.subjectId) };
}

/**
 * At once, without asking who knows. The county itself never stays without a key that signs: one that waits takes over, or a new one
 * is made in the same book. @throws `not-found`, `already-done`
 */
export async function revokeKey(deps: Needs, _permit: May, kid: string, act: Act): Promise<KeyChange> {
  const rows = await allKeys(deps.db);
  const gone = rows.find((row) => row.kid === kid && row.modes.length > 0);
  if (gone === undefined) throw new LabaError('not-found', `No key is called ${kid}.`);
  if (gone.revokedAtMs !== null) throw new LabaError('already-done', `${kid} is revoked already.`);
  const left = rows.filter((row) => row !== gone && row.scope === gone.scope && isTrusted(row) && kindOf(row) === kindOf(gone));
  const heirs = left.every((row) => row.waiting) ? left.slice(-1) : [];
  const made = gone.scope === deps.config.county && left.length === 0 ? [fresh(deps, rows, gone.scope, kindOf(gone), false)] : [];
  const { version, ops } = await bookOps(deps, [...rows.filter((row) => row !== gone), ...made]);
  const data = { kids: [kid], made: kidsOf(made), book: version };
  await deps.db.atomically([
    revokeRow(kid, deps.clock.now()),
    ...made.map((row) => insertKey(row)),
    ...heirs.map((row) => stopWaiting([row.kid])),
    ...ops,
    ...record(deps.ids, { ...told(deps, act, gone.scope), type: 'keys.revoked', data }),
    ...act.once,
  ]);
  return { made: data.made, book: version };
}

/** Whose key it is. @throws `not-found` */
export async function scopeOfKey(deps: Pick<Deps, 'db'>, kid: string): Promise<string> {
  const row = (await allKeys(deps.db)).find((one) => one.kid === kid && one.modes.length > 0);
  if (row === undefined) throw new LabaError('not-found', `No key is called ${kid}.`);
  return row.scope;
}
