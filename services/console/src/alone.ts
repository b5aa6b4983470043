// Chapter 6, look back: when a place was alone, and what happened there meanwhile, in an order that no clock can break. Rules only.
import type { EventRow } from '@laba/runtime/event-tail';

/** A gateway or house was not heard. */
export interface Silence {
  subjectId: string;
  gridCode: string;
  /** It was heard last at this time. */
  fromMs: number;
  /** Null: it is silent still. */
  backMs: number | null;
}

/** The silences of all subjects out of their `…silent` and `…back` events, given in their order. Of a box that was replaced nothing is waited for. */
export function silencesOf(events: readonly EventRow[]): Silence[] {
  const open = new Map<string, Silence>();
  const all: Silence[] = [];
  for (const { type, subjectId, gridCode, atMs, data } of events) {
    const known = open.get(subjectId);
    if (type.endsWith('.silent') && known === undefined) {
      const fromMs = Math.min(Number(data['lastSeenMs'] ?? data['lastHeardMs'] ?? atMs), atMs);
      const silence = { subjectId, gridCode, fromMs, backMs: null };
      open.set(subjectId, silence);
      all.push(silence);
    } else if ((type.endsWith('.back') || type === 'gateway.revoked') && known !== undefined) {
      known.backMs = Math.max(atMs, known.fromMs);
      open.delete(subjectId);
    }
  }
  return all;
}

/** One time in which a place was alone, whoever of it was silent. */
export interface Spell {
  fromMs: number;
  backMs: number | null;
  subjectIds: string[];
}

/** Silences that touch each other are one time alone; the latest first. */
export function spellsOf(silences: readonly Silence[]): Spell[] {
  const spells: Spell[] = [];
  for (const { fromMs, backMs, subjectId } of [...silences].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = spells.at(-1);
    if (last === undefined || (last.backMs !== null && fromMs > last.backMs)) spells.push({ fromMs, backMs, subjectIds: [subjectId] });
    else {
      last.backMs = last.backMs === null || backMs === null ? null : Math.max(last.backMs, backMs);
      if (!last.subjectIds.includes(subjectId)) last.subjectIds.push(subjectId);
    }
  }
  return spells.reverse();
}

/** An event with whose it is: the house or gateway that was alone, or null, this house's own. */
export interface Placed {
  row: EventRow;
  origin: string | null;
}

/** An event at its place in the order. */
export interface Ordered extends Placed {
  /** When it happened by the clock of whoever tells it. */
  happenedAtMs: number;
  /** That clock said an earlier time than it had said before: it was wrong, once or all the time. */
  isClockOff: boolean;
}

/** What was kept without a line says by itself when it was. */
export function happenedAtMs({ atMs, data }: EventRow): number {
  const said = typeof data['saidAtMs'] === 'number' ? data['saidAtMs'] : Date.parse(String(data['startTime'] ?? ''));
  return Number.isNaN(said) ? atMs : Math.min(said, atMs);
}

/**
 * Each origin's events stay in the order in which it told them, which is the order in which they happened there. Between origins, which could not
 * know of each other, time decides: an event counts as late as the latest before it of its own origin.
 */
export function inCausalOrder(placed: readonly Placed[]): Ordered[] {
  const latest = new Map<string | null, number>();
  const timed = [...placed]
    .sort((a, b) => a.row.seq - b.row.seq)
    .map((one) => {
      const ownMs = happenedAtMs(one.row);
      const beforeMs = latest.get(one.origin) ?? ownMs;
      const countsMs = Math.max(ownMs, beforeMs);
      latest.set(one.origin, countsMs);
      return { ordered: { ...one, happenedAtMs: ownMs, isClockOff: one.origin !== null && ownMs < beforeMs }, countsMs };
    });
  return timed.sort((a, b) => a.countsMs - b.countsMs || a.ordered.row.seq - b.ordered.row.seq).map(({ ordered }) => ordered);
}
