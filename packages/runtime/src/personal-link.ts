// Personal links: no password, no table of tokens. An id and a keyed hash of it; each kind opens its own, expires, and can be revoked.
import { and, eq } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { one, type Database, type Op } from '@laba/storage/database';
import { sameSecret, type Vault } from './vault.ts';

/** What a link opens, and what its hash is keyed with: the link of one kind is worth nothing for another. */
const KINDS = { call: 'member-link', rung: 'rung-link', task: 'task-link', doors: 'doors-link', rounds: 'rounds-link' } as const;
export type LinkKind = keyof typeof KINDS;

/** 16 characters of base64url: 96 bits. */
const MAC_CHARS = 16;
/** Characters of a UUID in base64url. */
const ID_CHARS = 22;
const FORM = /^([\w-]{22,80})(?:\.([0-9a-z]{1,6}))?\.([\w-]{16})$/;
const ID = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(-[\w-]{1,50})?$/;
/** How long a link goes on showing how it ended. */
const AFTERLIFE_MS = 24 * 3_600_000;

/** Whose the linked thing is, of which alert (null: of none, and then it cannot be revoked), and since when it is over. */
export interface Linked {
  alertId: string | null;
  memberId: string;
  overAtMs: number | null;
}

interface LinkDeps {
  db: Database;
  vault: Vault;
  clock: { now(): number };
}

/**
 * `{id}[.{version}].{MAC}`: 40-odd characters, fit for a short message.
 * @param id a UUID, or a UUID and `-` and what tells it apart: `…-17`
 * @param version as `linkVersion` says: 1 until the member's links were revoked
 */
export function personalToken(vault: Vault, kind: LinkKind, id: string, version = 1): string {
  const mark = version === 1 ? '' : `.${version.toString(36)}`;
  return `${short(id)}${mark}.${macOf(vault, kind, id, version)}`;
}

/**
 * What the token opens. `find` is asked only for an id that this house has signed for this kind: a guess never reaches the database.
 * @throws `link-invalid` when it is forged, altered, of another kind, of nothing, revoked, or over for more than 24 hours
 */
export async function openPersonalLink<T extends Linked>(
  deps: LinkDeps,
  kind: LinkKind,
  token: string,
  find: (id: string) => Promise<T | undefined>,
): Promise<T> {
  const { id, version } = readToken(deps.vault, kind, token);
  const found = await find(id);
  if (found === undefined) throw new LabaError('link-invalid');
  if (found.overAtMs !== null && deps.clock.now() > found.overAtMs + AFTERLIFE_MS) throw new LabaError('link-invalid');
  if (found.alertId !== null && version < (await linkVersion(deps.db, found.alertId, found.memberId)))
    throw new LabaError('link-invalid', 'This link was revoked: use the link of the newest message.', { revoked: true });
  return found;
}

/** The version that a new link of this member for this alert must carry. */
export async function linkVersion(db: Database, alertId: string, memberId: string): Promise<number> {
  const [row] = await db.read((q, t) =>
    q
      .select({ version: t.linkVersion.version })
      .from(t.linkVersion)
      .where(and(eq(t.linkVersion.alertId, alertId), eq(t.linkVersion.memberId, memberId))),
  );
  return row?.version ?? 1;
}

/** From this commit on every link of the member for this alert that is older than `version` + 1 is revoked. Guarded by `version`. */
export function revokeLinks(of: { alertId: string; memberId: string; version: number }, nowMs: number): Op {
  const next = { version: of.version + 1, changedAtMs: nowMs };
  return one(
    (q, t) =>
      q
        .insert(t.linkVersion)
        .values({ alertId: of.alertId, memberId: of.memberId, ...next })
        .onConflictDoUpdate({ target: [t.linkVersion.alertId, t.linkVersion.memberId], set: next, setWhere: eq(t.linkVersion.version, of.version) })
        .returning({ version: t.linkVersion.version }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

function readToken(vault: Vault, kind: LinkKind, token: string): { id: string; version: number } {
  const [, given, mark, mac] = FORM.exec(token) ?? [];
  if (given === undefined || mac === undefined) throw new LabaError('link-invalid');
  const version = mark === undefined ? 1 : Number.parseInt(mark, 36);
  const id = long(given);
  if (!sameSecret(mac, macOf(vault, kind, id, version))) throw new LabaError('link-invalid');
  return { id, version };
}

function macOf(vault: Vault, kind: LinkKind, id: string, version: number): string {
  return vault.hash(KINDS[kind], version === 1 ? id : `${id}#${version}`).slice(0, MAC_CHARS);
}

function short(id: string): string {
  const [, uuid, rest = ''] = ID.exec(id) ?? [];
  if (uuid === undefined) throw new Error(`${id} cannot be the subject of a personal link: it is not a UUID, alone or with an ending.`);
  const number = /^-(0|[1-9]\d{0,14})$/.exec(rest)?.[1];
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url') + (number === undefined ? rest : Number(number).toString(36));
}

function long(given: string): string {
  const hex = Buffer.from(given.slice(0, ID_CHARS), 'base64url').toString('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  const rest = given.slice(ID_CHARS);
  return rest === '' || rest.startsWith('-') ? uuid + rest : `${uuid}-${Number.parseInt(rest, 36)}`;
}
