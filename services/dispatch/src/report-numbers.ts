// Chapter 4, speaker: which of a gateway's numbered reports are new, and up to where its journal will be held with them.
import type { Database } from '@laba/storage/database';
import { endOfRun, whichAreHeld } from './report-store.ts';

export interface NumbersAsked {
  gatewayId: string;
  journalId: string;
  /** What the gateway's row says of this journal; undefined when it speaks of another one. */
  heldUpTo: number | undefined;
  numbers: readonly number[];
}

export interface NumbersKnown {
  fresh: ReadonlySet<number>;
  /** The end of the unbroken run once the fresh ones are written. */
  heldAfter: number;
}

/** One look for many journals; a second one only for a journal with a gap that is being filled, or one that came back. */
export async function lookUpNumbers(db: Database, asked: readonly NumbersAsked[]): Promise<NumbersKnown[]> {
  const wanted = asked.map((one) => {
    const from = one.heldUpTo ?? 0;
    const candidates = new Set(one.numbers.filter((number) => number > from));
    // Also the next one after what comes: where it is not held the run ends there, and nothing more need be asked.
    const probes = new Set(candidates).add(endWith(from, candidates) + 1).add(from + 1);
    return { ...one, from, candidates, probes };
  });
  const keys = wanted.flatMap(({ gatewayId, journalId, probes }) => [...probes].map((number) => ({ gatewayId, journalId, number })));
  const held = Map.groupBy(await whichAreHeld(db, keys), journalOf);
  const known: NumbersKnown[] = [];
  for (const one of wanted) {
    const there = new Set((held.get(journalOf(one)) ?? []).map((row) => row.number));
    const fresh = new Set([...one.candidates].filter((number) => !there.has(number)));
    known.push({ fresh, heldAfter: await endOf(db, { ...one, there, fresh }) });
  }
  return known;
}

interface Run {
  gatewayId: string;
  journalId: string;
  from: number;
  probes: ReadonlySet<number>;
  there: ReadonlySet<number>;
  fresh: ReadonlySet<number>;
}

async function endOf(db: Database, run: Run): Promise<number> {
  const inHand = new Set([...run.there, ...run.fresh]);
  for (let held = run.from; ;) {
    held = endWith(held, inHand);
    if (run.probes.has(held + 1)) return held;
    const further = await endOfRun(db, run.gatewayId, run.journalId, held);
    if (further === held) return held;
    held = further;
  }
}

function endWith(from: number, numbers: ReadonlySet<number>): number {
  let end = from;
  while (numbers.has(end + 1)) end += 1;
  return end;
}

const journalOf = ({ gatewayId, journalId }: { gatewayId: string; journalId: string }) => `${gatewayId}\n${journalId}`;
