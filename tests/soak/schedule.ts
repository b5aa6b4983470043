// One seed, one night: who says what and what breaks when. Pure: the same seed always makes the same schedule.
import { ACROSS, DASUO, NEIGHBOUR, UPPER, VILLAGE } from '../harness/small-county.ts';

export type Profile = 'embedded' | 'clustered';
export type Room = 'west' | 'east';
export type LineFault = 'freeze' | 'one-way-up' | 'one-way-down' | 'reset' | 'cut' | 'half-open' | 'slow';

export type Act =
  | { act: 'raise'; alert: string; at: string[]; order: 'move-now' | 'prepare' }
  | { act: 'drill'; alert: string; at: string[] }
  | { act: 'update' | 'quieten' | 'end' | 'cancel' | 'answer'; alert: string }
  | { act: 'report'; number: number };

export type Fault =
  | { fault: 'kill-host' | 'stop-host'; forMs: number }
  | { fault: 'die-after-commit' | 'die-before-publish'; n: number; forMs: number }
  | { fault: 'kill-room' | 'stop-room'; room: Room; forMs: number }
  | { fault: 'line'; how: LineFault; forMs: number }
  | { fault: 'duplicate-client'; forMs: number }
  | { fault: 'kill-copy' | 'stop-copy'; copy: number; forMs: number }
  | { fault: 'host-clock'; seconds: number; forMs: number }
  | { fault: 'engine'; engine: 'database' | 'redis' | 'broker'; how: 'kill' | 'stop' | 'flush'; forMs: number };

export type Step = { atMs: number } & (Act | Fault);

export interface Schedule {
  seed: number;
  steps: Step[];
}

const WITHIN_MS = 1_500;
const LINE_FAULTS = ['freeze', 'one-way-up', 'one-way-down', 'reset', 'cut', 'half-open', 'slow'] as const;
const WEST = [[DASUO], [UPPER], [VILLAGE], [DASUO, UPPER]];
const EAST = [[ACROSS], [NEIGHBOUR]];

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function scheduleOf(seed: number, profile: Profile): Schedule {
  const random = randomOf(seed);
  // Neighbouring seeds must not begin alike.
  for (let i = 0; i < 8; i++) random();
  const upTo = (n: number) => Math.floor(random() * n);
  const oneOf = <T>(list: readonly T[]): T => list[upTo(list.length)]!;
  const steps: Step[] = [...actsOf(upTo, oneOf), ...Array.from({ length: 2 + upTo(3) }, () => ({ atMs: upTo(WITHIN_MS), ...faultOf(upTo, oneOf, profile) }))];
  return { seed, steps: steps.sort((a, b) => a.atMs - b.atMs) };
}

type UpTo = (n: number) => number;
type OneOf = <T>(list: readonly T[]) => T;

function actsOf(upTo: UpTo, oneOf: OneOf): Step[] {
  const order = () => oneOf(['move-now', 'move-now', 'prepare'] as const);
  const steps: Step[] = [{ atMs: upTo(200), act: 'raise', alert: 'west', at: oneOf(WEST), order: order() }];
  if (upTo(2) === 0) steps.push({ atMs: upTo(WITHIN_MS), act: 'raise', alert: 'east', at: oneOf(EAST), order: order() });
  if (upTo(3) === 0) steps.push({ atMs: upTo(WITHIN_MS), act: 'drill', alert: 'drill', at: oneOf(WEST) });
  for (let more = 1 + upTo(4); more > 0; more--) {
    const act = oneOf(['update', 'quieten', 'end', 'cancel', 'answer', 'answer', 'report', 'report'] as const);
    steps.push({ atMs: 300 + upTo(WITHIN_MS), ...(act === 'report' ? { act, number: upTo(1_000_000) } : { act, alert: oneOf(['west', 'east']) }) });
  }
  return steps;
}

const OWN = {
  embedded: ['kill-host', 'stop-host', 'die-after-commit', 'die-before-publish', 'host-clock'],
  clustered: ['kill-copy', 'kill-copy', 'stop-copy', 'engine', 'engine', 'engine'],
} as const;

function faultOf(upTo: UpTo, oneOf: OneOf, profile: Profile): Fault {
  const forMs = 100 + upTo(900);
  const fault = oneOf(['kill-room', 'stop-room', 'line', 'line', 'duplicate-client', ...OWN[profile]] as const);
  if (fault === 'kill-copy' || fault === 'stop-copy') return { fault, copy: upTo(12), forMs };
  if (fault === 'kill-room' || fault === 'stop-room') return { fault, room: oneOf(['west', 'east']), forMs };
  if (fault === 'die-after-commit') return { fault, n: 1 + upTo(15), forMs };
  if (fault === 'die-before-publish') return { fault, n: 1 + upTo(3), forMs };
  if (fault === 'line') return { fault, how: oneOf(LINE_FAULTS), forMs };
  if (fault === 'host-clock') return { fault, seconds: oneOf([-90, -20, 20, 90]), forMs };
  if (fault === 'engine') {
    const engine = oneOf(['database', 'redis', 'broker'] as const);
    return { fault, engine, how: oneOf(engine === 'redis' ? (['kill', 'stop', 'flush'] as const) : (['kill', 'stop'] as const)), forMs };
  }
  return { fault, forMs };
}

/** The fault in a few letters, for the printed line. */
export function nameOf(step: Fault): string {
  if (step.fault === 'line') return `line:${step.how}`;
  if (step.fault === 'engine') return `${step.engine}:${step.how}`;
  if ('copy' in step) return `${step.fault}:${step.copy}`;
  if ('room' in step) return `${step.fault}:${step.room}`;
  if ('n' in step) return `${step.fault}:${step.n}`;
  return step.fault === 'host-clock' ? `host-clock:${step.seconds}s` : step.fault;
}
