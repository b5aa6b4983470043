// A secret is tried at a door: each try is counted before the secret is looked at, so that trying many at once gives no more tries.
import { LabaError } from '@laba/domain/errors';
import type { Deps } from '@laba/runtime/service';
import type { Database, Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { countStranger } from './officer-store.ts';
import type { SignInDesk } from './sign-in-desk.ts';

type Needs = Pick<Deps, 'db' | 'clock' | 'ids'>;

/** Whose secret it is, and how often a wrong one was tried. */
export interface Tried {
  officerId: string;
  /** Where the event of a lock belongs. */
  gridCode: string;
  /** Null fits nothing. */
  verifier: string | null;
  failures: number;
  lockedUntilMs: number | null;
}

export interface Door<T extends Tried> {
  find(db: Database, name: string): Promise<T | undefined>;
  isRight(verifier: string | null, secret: string): Promise<boolean>;
  /** One more try is being made; failures of a lock that has passed no longer count. Breaks when the row was changed meanwhile. */
  countTry(tried: T, failures: number): Op;
  /** Breaks when somebody locked or unlocked him meanwhile. */
  lock(tried: T, untilMs: number): Op;
  /** Tries of one line come one after the other. */
  lineOf(name: string): string;
  mostFailures: number;
  lockMs: number;
  wrong: () => LabaError;
  locked: () => LabaError;
}

/** Whose secret this is. @throws `door.wrong`, `door.locked`, `too-many-requests`: the same for names that exist and names that do not */
export function countedTry<T extends Tried>(deps: Needs, desk: SignInDesk, door: Door<T>, name: string, secret: string): Promise<T> {
  return desk.inTurn(door.lineOf(name), async () => {
    const tried = await counted(deps, door, name);
    if (tried === undefined) {
      if (desk.isLocked(name, deps.clock.now(), door)) throw door.locked();
      await deps.db.atomically([countStranger(deps.clock.now())]);
    }
    const right = await door.isRight(tried?.verifier ?? null, secret);
    if (tried !== undefined && right) return tried;
    if (tried !== undefined && tried.failures >= door.mostFailures) await lockOut(deps, door, tried);
    throw door.wrong();
  });
}

// The row with this try already counted.
async function counted<T extends Tried>(deps: Needs, door: Door<T>, name: string): Promise<T | undefined> {
  for (;;) {
    const tried = await door.find(deps.db, name);
    if (tried === undefined) return undefined;
    const now = deps.clock.now();
    if (tried.lockedUntilMs !== null && tried.lockedUntilMs > now) {
      // The clock was set back: the lock lasts from here, and no longer than any other.
      if (tried.lockedUntilMs > now + door.lockMs) await lockOut(deps, door, tried);
      throw door.locked();
    }
    const before = tried.lockedUntilMs === null ? tried.failures : 0;
    if (before >= door.mostFailures) {
      // The last try allowed is still being checked, or the house fell over it: lock, and let its success unlock.
      await lockOut(deps, door, tried);
      throw door.locked();
    }
    const isCounted = await deps.db.atomically([door.countTry(tried, before + 1)]).then(() => true, unlessChanged);
    if (isCounted) return { ...tried, failures: before + 1, lockedUntilMs: null };
  }
}

function unlessChanged(error: unknown): false {
  if (error instanceof LabaError && error.code === 'changed-meanwhile') return false;
  throw error;
}

async function lockOut<T extends Tried>(deps: Needs, door: Door<T>, tried: T): Promise<void> {
  const now = deps.clock.now();
  const untilMs = now + door.lockMs;
  const event = {
    type: 'officer.locked-out' as const,
    atMs: now,
    who: 'public',
    via: 'http' as const,
    gridCode: tried.gridCode,
    subjectId: tried.officerId,
    data: { untilMs },
  };
  await deps.db.atomically([door.lock(tried, untilMs), ...record(deps.ids, event)]).catch(unlessChanged);
}
