// What every refusal owes: a problem document with a name and a word on what to do, and a house in which nothing changed.
import { createHash } from 'node:crypto';
import { getTableName } from 'drizzle-orm';
import { expect } from 'vitest';
import { ERRORS, type ErrorCode } from '@laba/domain/errors';
import { sqliteTables, type Tables } from '@laba/storage/tables';
import type { House } from '@laba/host/compose';
import { jsonOf, type Answer, type Problem } from './bare-caller.ts';
import type { TownClock } from './town-clock.ts';

/** Work in hand, remembered requests, who is signed in: these may change while an input is refused. */
const NOT_STORY: readonly (keyof Tables)[] = ['job', 'idempotency', 'session'];

/** What boxes say of themselves, whenever they like; and the county's numbering, which goes on behind the highest that one has seen signed. */
export const SAID_AT_ANY_TIME = ['gateway_status', 'counter'];

interface RefusingTown {
  readonly house: House;
  readonly clock: TownClock;
}

/** Of every table of the story: how many rows, the highest version, and a hash of all that stands there. */
export async function fingerprint(town: RefusingTown): Promise<Record<string, string>> {
  await town.clock.settle();
  const prints: Record<string, string> = {};
  for (const name of Object.keys(sqliteTables) as (keyof Tables)[]) {
    if (NOT_STORY.includes(name)) continue;
    const rows = (await town.house.deps.db.read((q, t) => q.select().from(t[name] as Tables['alert']))) as Record<string, unknown>[];
    const versions = rows.map((row) => (typeof row['version'] === 'number' ? row['version'] : 0));
    const hash = createHash('sha256')
      .update(
        rows
          .map((row) => JSON.stringify(row))
          .sort()
          .join('\n'),
      )
      .digest('hex')
      .slice(0, 16);
    prints[getTableName(sqliteTables[name])] = `${rows.length} rows, version ${Math.max(0, ...versions)}, ${hash}`;
  }
  return prints;
}

/** A pause in real time: what is between two sockets is not rest. */
const LULL_MS = 20;

// What an earlier act set going must have come to rest: gateways still report when its answer is long there.
async function restingFingerprint(town: RefusingTown): Promise<Record<string, string>> {
  let before = await fingerprint(town);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LULL_MS));
    const now = await fingerprint(town);
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}

/** Whatever is tried meanwhile, no table of the story changes, but for those `except` which write down the attempt itself. */
export async function nothingChanges<T>(town: RefusingTown, attempt: () => Promise<T>, except: readonly string[] = SAID_AT_ANY_TIME): Promise<T> {
  const others = (prints: Record<string, string>) => Object.fromEntries(Object.entries(prints).filter(([table]) => !except.includes(table)));
  const before = await restingFingerprint(town);
  const outcome = await attempt();
  expect(others(await fingerprint(town))).toEqual(others(before));
  return outcome;
}

/** The answer is a problem document of this name, in two languages, and says more than "no". */
export function isRefusal(answer: Answer, code: ErrorCode, says: RegExp = /./): Problem {
  expect(answer.headers['content-type'], answer.text).toMatch(/^application\/problem\+json/);
  const problem = jsonOf<Problem>(answer);
  expect(problem, answer.text).toMatchObject({
    code,
    status: ERRORS[code].status,
    type: `urn:laba:error:${code}`,
    title: ERRORS[code].en,
    titleZh: ERRORS[code].zh,
  });
  expect(answer.status).toBe(ERRORS[code].status);
  expect(problem.detail.split(' ').length, `'${problem.detail}' does not say what to do`).toBeGreaterThan(2);
  expect(problem.detail).toMatch(says);
  return problem;
}

/** A refusal by its name that changed nothing. */
export async function refuses(town: RefusingTown, code: ErrorCode, attempt: () => Promise<Answer>, says?: RegExp): Promise<Problem> {
  return isRefusal(await nothingChanges(town, attempt), code, says);
}
