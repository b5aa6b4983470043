// Peacetime: when a round is due and when it is missed, from the plan and the clock alone. Nothing here is stored.
import type { Level, Order } from './alert.ts';
import { isWithin } from './grid.ts';
import type { RoundKind } from './round.ts';
import type { RoundPolicy } from './round-policy.ts';

/** One round is to be done from `fromMs` until before `toMs`, its deadline. */
export interface Window {
  fromMs: number;
  toMs: number;
}

/** While a live alert of this degree was in force over these codes. `toMs` null: it still is. */
export interface Force {
  codes: readonly string[];
  degree: Level | Order;
  fromMs: number;
  toMs: number | null;
}

/** What asks for rounds: at each moment one window of its own lies around it. */
interface Rhythm {
  fromMs: number;
  toMs: number;
  around: (atMs: number) => Window;
}

/** The county's clock: its policy, its hour, and what was in force. */
export interface RoundClock {
  policy: RoundPolicy;
  utcOffsetMinutes: number;
  forces: readonly Force[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Midnights of the county's own day. China knows no summer time, so every day has 24 hours. */
export function dayOf(atMs: number, utcOffsetMinutes: number): Window {
  const offsetMs = utcOffsetMinutes * MINUTE_MS;
  const fromMs = Math.floor((atMs + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
  return { fromMs, toMs: fromMs + DAY_MS };
}

/** Of the calendar: from the first of the month that is `after` months after that of `atMs`. */
function monthStart(atMs: number, utcOffsetMinutes: number, month: (now: number) => number): number {
  const local = new Date(atMs + utcOffsetMinutes * MINUTE_MS);
  return Date.UTC(local.getUTCFullYear(), month(local.getUTCMonth()), 1) - utcOffsetMinutes * MINUTE_MS;
}

function monthsOf(atMs: number, utcOffsetMinutes: number, months: number): Window {
  const first = (month: number) => month - (month % months);
  return { fromMs: monthStart(atMs, utcOffsetMinutes, first), toMs: monthStart(atMs, utcOffsetMinutes, (month) => first(month) + months) };
}

/** The day is cut at these times; before the first of them the window began at the last one of the day before. */
function byTimes(times: readonly string[], utcOffsetMinutes: number): Rhythm['around'] {
  const minutes = [...new Set(times.map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))))].sort((a, b) => a - b);
  return (atMs) => {
    const midnightMs = dayOf(atMs, utcOffsetMinutes).fromMs;
    const cuts = [-1, 0, 1].flatMap((day) => minutes.map((minute) => midnightMs + day * DAY_MS + minute * MINUTE_MS));
    const next = cuts.findIndex((cut) => cut > atMs);
    return { fromMs: cuts[next - 1]!, toMs: cuts[next]! };
  };
}

function everyMinutes(minutes: number, utcOffsetMinutes: number): Rhythm['around'] {
  return (atMs) => {
    const day = dayOf(atMs, utcOffsetMinutes);
    const fromMs = day.fromMs + Math.floor((atMs - day.fromMs) / (minutes * MINUTE_MS)) * minutes * MINUTE_MS;
    return { fromMs, toMs: Math.min(fromMs + minutes * MINUTE_MS, day.toMs) };
  };
}

function partsOfMonth({ timesAMonth, season }: RoundPolicy['visit'], utcOffsetMinutes: number): Rhythm['around'] {
  return (atMs) => {
    const month = monthsOf(atMs, utcOffsetMinutes, 1);
    const number = new Date(month.fromMs + utcOffsetMinutes * MINUTE_MS).getUTCMonth() + 1;
    const parts = season.months.includes(number) ? season.timesAMonth : timesAMonth!;
    const days = (month.toMs - month.fromMs) / DAY_MS;
    const cuts = Array.from({ length: parts + 1 }, (_, part) => month.fromMs + Math.floor((part * days) / parts) * DAY_MS);
    const next = cuts.findIndex((cut) => cut > atMs);
    return { fromMs: cuts[next - 1]!, toMs: cuts[next]! };
  };
}

const ALWAYS = { fromMs: -Infinity, toMs: Infinity };

/** What asks in any case; undefined: the county asks for none of these. */
function standing(kind: RoundKind, { policy, utcOffsetMinutes }: RoundClock): Rhythm | undefined {
  const { patrol, visit, room } = policy;
  if (kind === 'patrol') return patrol.by.length === 0 ? undefined : { ...ALWAYS, around: byTimes(patrol.by, utcOffsetMinutes) };
  if (kind === 'visit') return visit.timesAMonth === null ? undefined : { ...ALWAYS, around: partsOfMonth(visit, utcOffsetMinutes) };
  const months = room.everyMonths;
  return months === null ? undefined : { ...ALWAYS, around: (atMs) => monthsOf(atMs, utcOffsetMinutes, months) };
}

/** What an alert asks of the patrols of its ground while it is in force. */
function raisedRhythms(gridCode: string, { policy, utcOffsetMinutes, forces }: RoundClock): Rhythm[] {
  return forces.flatMap(({ codes, degree, fromMs, toMs }) => {
    const row = policy.patrol.under.find((one) => one.degree.includes(degree));
    if (row === undefined || !codes.some((code) => isWithin(code, gridCode) || isWithin(gridCode, code))) return [];
    return [{ fromMs, toMs: toMs ?? Infinity, around: everyMinutes(row.everyMinutes, utcOffsetMinutes) }];
  });
}

/** What is watched: since when, and where. */
export interface Watched {
  kind: RoundKind;
  gridCode: string;
  sinceMs: number;
}

/** The rounds that one watched thing asks for. */
export class RoundTimes {
  readonly #rhythms: readonly Rhythm[];
  readonly #sinceMs: number;

  constructor({ kind, gridCode, sinceMs }: Watched, clock: RoundClock) {
    const always = standing(kind, clock);
    this.#rhythms = always === undefined ? [] : [always, ...(kind === 'patrol' ? raisedRhythms(gridCode, clock) : [])];
    this.#sinceMs = sinceMs;
  }

  /** The windows whose deadline lies in `fromMs` < deadline <= `toMs`, in order. */
  dueIn(fromMs: number, toMs: number): Window[] {
    const deadlines = new Set(this.#rhythms.flatMap((rhythm) => cutsOf(rhythm, fromMs, toMs)));
    return [...deadlines].sort((a, b) => a - b).flatMap((atMs) => this.#windowTo(atMs) ?? []);
  }

  /** The first window that ends after `atMs` and asks for a round that was not done by `lastMs`. */
  next(atMs: number, lastMs: number | null): Window | undefined {
    // The slowest one asks once a year, and may be done for this year.
    for (let fromMs = atMs, days = 2; days < 1_500; days *= 3) {
      const toMs = atMs + days * DAY_MS;
      const open = this.dueIn(fromMs, toMs).find((window) => lastMs === null || lastMs < window.fromMs);
      if (open !== undefined) return open;
      fromMs = toMs;
    }
    return undefined;
  }

  /** Of all that ask at this moment the most frequent one decides, of those that have asked for half of their window: nobody is late for what was hardly said. */
  #windowTo(atMs: number): Window | undefined {
    const asking = this.#rhythms.flatMap((rhythm) => {
      if (atMs <= rhythm.fromMs || atMs > rhythm.toMs) return [];
      const window = rhythm.around(atMs - 1);
      return [{ window, isKnown: atMs - rhythm.fromMs >= (window.toMs - window.fromMs) / 2, fromMs: Math.max(window.fromMs, rhythm.fromMs) }];
    });
    const known = asking.filter(({ isKnown }) => isKnown).sort((a, b) => lengthOf(a.window) - lengthOf(b.window))[0];
    if (known === undefined || known.window.toMs !== atMs) return undefined;
    const { window, fromMs } = known;
    return atMs - this.#sinceMs >= lengthOf(window) / 2 ? { fromMs, toMs: atMs } : undefined;
  }
}

const lengthOf = ({ fromMs, toMs }: Window) => toMs - fromMs;

function cutsOf({ around, ...asks }: Rhythm, fromMs: number, toMs: number): number[] {
  const cuts: number[] = [];
  const lastMs = Math.min(toMs, asks.toMs);
  for (let cut = around(Math.max(fromMs, asks.fromMs)).toMs; cut <= lastMs; cut = around(cut).toMs) cuts.push(cut);
  return cuts;
}

/** Whether one of these rounds lies in the window. Early is in it as well as at the last moment; twice is once. */
export function isKept({ fromMs, toMs }: Window, roundsMs: readonly number[]): boolean {
  return roundsMs.some((atMs) => atMs >= fromMs && atMs < toMs);
}

/** Today for patrols, this month for visits, this quarter (or what the county says) for rooms: what figures are of. */
export function periodOf(kind: RoundKind, atMs: number, { policy, utcOffsetMinutes }: Omit<RoundClock, 'forces'>): Window {
  if (kind === 'patrol') return dayOf(atMs, utcOffsetMinutes);
  return monthsOf(atMs, utcOffsetMinutes, kind === 'visit' ? 1 : (policy.room.everyMonths ?? 1));
}

/** When somebody must look again: the next moment at which any round could fall due, whatever will be in force until then. */
export function nextDeadlineMs(atMs: number, kinds: readonly RoundKind[], clock: RoundClock): number {
  const always = kinds.flatMap((kind) => standing(kind, clock) ?? []).map(({ around }) => around(atMs).toMs);
  const raised = kinds.includes('patrol') ? clock.policy.patrol.under.map((row) => everyMinutes(row.everyMinutes, clock.utcOffsetMinutes)(atMs).toMs) : [];
  return Math.min(...always, ...raised);
}
