// One seed, one night of a county and a village's own house: who says what where, and what befalls the line, the houses, their clocks and a box. Pure.
import { randomOf } from './schedule.ts';

export type Where = 'county' | 'village';
export type Way = 'up' | 'down';

export type VillageAct =
  | { do: 'order'; where: Where; mode: 'live' | 'drill' }
  /** `nth`: of the latest alerts that this house knows, the last one first. */
  | { do: 'update'; where: Where; nth: number }
  | { do: 'quieten'; where: Where; nth: number }
  | { do: 'end'; where: Where; nth: number }
  | { do: 'cancel'; where: Where; nth: number }
  | { do: 'mark'; where: Where; nth: number; person: string; status: 'moved' | 'missing' | 'refused' }
  | { do: 'answer'; where: Where; nth: number; answer: 'coming' | 'arrived' | 'cannot' }
  | { do: 'parcel'; way: Way };

export type VillageFault =
  | { do: 'cut' }
  | { do: 'heal' }
  | { do: 'double' }
  | { do: 'shuffle' }
  | { do: 'old-letters' }
  | { do: 'altered-letter' }
  | { do: 'forged-order' }
  | { do: 'replayed-orders' }
  /** No letter gets through this way; the line itself stays. */
  | { do: 'deaf'; ways: Way[] }
  /** In the moment of so many commits from now, as by SIGKILL; started again on its data. */
  | { do: 'kill'; where: Where; afterCommits: number }
  /** The village's house believes that it is so much later. */
  | { do: 'clock'; seconds: number }
  | { do: 'box-off' }
  | { do: 'box-on'; clockKnown: boolean };

export type VillageStep = (VillageAct | VillageFault) & { thenSeconds: number };

export interface VillageSchedule {
  seed: number;
  steps: VillageStep[];
}

/** People speak of the latest alerts: a town may have nights behind it. */
export const LATEST = 3;

/** After so long without a letter a village knows that it is alone. */
const ALONE_SECONDS = 75;
const PEOPLE = ['p-1', 'p-2', 'p-3'];

type OneOf = <T>(list: readonly T[]) => T;

export function villageScheduleOf(seed: number): VillageSchedule {
  const random = randomOf(seed);
  // Neighbouring seeds must not begin alike.
  for (let i = 0; i < 8; i++) random();
  const upTo = (n: number) => Math.floor(random() * n);
  const oneOf: OneOf = (list) => list[upTo(list.length)]!;
  const waits = () => (upTo(20) === 0 ? ALONE_SECONDS : 1 + upTo(5));
  const steps: VillageStep[] = [{ ...orderOf(oneOf), thenSeconds: waits() }];
  const scene = upTo(8);
  // Before all else: what sounds already would hide that it begins.
  if (scene === 0) steps.unshift(...missedOrder(whereOf(oneOf)));
  if (scene === 1) steps.push(...twoWords(oneOf(PEOPLE)));
  for (let more = 6 + upTo(4); more > 0; more--) steps.push({ ...(upTo(2) === 0 ? actOf(upTo, oneOf) : faultOf(upTo, oneOf)), thenSeconds: waits() });
  return { seed, steps };
}

/** An order is given and over while the box is off; then somebody brings the recorded order. */
function missedOrder(where: Where): VillageStep[] {
  return [
    { do: 'box-off', thenSeconds: 1 },
    { do: 'order', where, mode: 'live', thenSeconds: 2 },
    { do: 'end', where, nth: 0, thenSeconds: 2 },
    { do: 'box-on', clockKnown: true, thenSeconds: 5 },
    { do: 'replayed-orders', thenSeconds: 2 },
  ];
}

/** Each house is told something else of one person, while neither hears the other. */
function twoWords(person: string): VillageStep[] {
  return [
    { do: 'cut', thenSeconds: 1 },
    { do: 'mark', where: 'county', nth: 0, person, status: 'missing', thenSeconds: 1 },
    { do: 'mark', where: 'village', nth: 0, person, status: 'moved', thenSeconds: 1 },
  ];
}

const whereOf = (oneOf: OneOf): Where => oneOf(['county', 'village']);

function orderOf(oneOf: OneOf): VillageAct {
  return { do: 'order', where: whereOf(oneOf), mode: oneOf(['live', 'live', 'live', 'drill']) };
}

function actOf(upTo: (n: number) => number, oneOf: OneOf): VillageAct {
  const what = oneOf(['order', 'update', 'quieten', 'end', 'end', 'cancel', 'mark', 'mark', 'mark', 'answer', 'answer', 'parcel'] as const);
  if (what === 'order') return orderOf(oneOf);
  if (what === 'parcel') return { do: what, way: oneOf(['up', 'down']) };
  const said = { where: whereOf(oneOf), nth: upTo(LATEST) };
  if (what === 'mark') return { do: what, ...said, person: oneOf(PEOPLE), status: oneOf(['moved', 'missing', 'refused']) };
  if (what === 'answer') return { do: what, ...said, answer: oneOf(['coming', 'arrived', 'cannot']) };
  return { do: what, ...said };
}

const FAULTS = ['cut', 'heal', 'heal', 'double', 'shuffle', 'old-letters', 'altered-letter', 'forged-order', 'replayed-orders', 'replayed-orders'] as const;
const HEAVY = ['deaf', 'deaf', 'deaf', 'kill', 'kill', 'kill', 'clock', 'box-off', 'box-on', 'box-on'] as const;

function faultOf(upTo: (n: number) => number, oneOf: OneOf): VillageFault {
  const what = oneOf([...FAULTS, ...HEAVY]);
  if (what === 'deaf') return { do: what, ways: oneOf<Way[]>([['up'], ['down'], ['up', 'down']]) };
  if (what === 'kill') return { do: what, where: whereOf(oneOf), afterCommits: upTo(8) };
  if (what === 'clock') return { do: what, seconds: oneOf([-3600, -240, -90, -20, 20, 90, 240, 3600]) };
  if (what === 'box-on') return { do: what, clockKnown: upTo(2) === 0 };
  return { do: what };
}

/** The step in a few letters, for the printed line. */
export function nameOfStep({ thenSeconds, do: what, ...how }: VillageStep): string {
  const more = Object.values(how).flat().join('-');
  return `${what}${more === '' ? '' : `:${more}`}+${thenSeconds}s`;
}
