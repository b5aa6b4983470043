// Chapter 5, roll-call: who knocks at which door. Needs first, the household's own helper, then the group, then the village; explained.
import { villageOf } from './grid.ts';
import type { Need } from './member.ts';

export const DOOR_REASONS = {
  'own-helper': { zh: '本户帮扶人', en: 'the household’s own helper' },
  'same-group': { zh: '同小组，手上的户最少', en: 'of the same group, with the least to do' },
  'same-village': { zh: '本组无人可派，同村手上的户最少', en: 'nobody of the group can; of the same village, with the least to do' },
  nobody: { zh: '无人可派', en: 'nobody can be sent' },
  'by-hand': { zh: '值班员指定', en: 'by an officer’s hand' },
} as const;
export type DoorReason = keyof typeof DOOR_REASONS;

/** A household on the list. `needs`: its own and its persons'. */
export interface Door {
  householdId: string;
  gridCode: string;
  doorplate: string;
  needs: readonly Need[];
  helperMemberId: string | null;
}

/** Who can be sent: available, and has not said that he cannot. `busyMinutes`: what he was given before. */
export interface Helper {
  memberId: string;
  /** Of his memberships. */
  codes: readonly string[];
  busyMinutes: number;
}

export interface AssignedDoor {
  householdId: string;
  memberId: string | null;
  reason: DoorReason;
  /** Until he stands at the door; 0 when there is nobody. */
  minutes: number;
}

/**
 * The data hold no coordinates. Assumed: houses of a group stand in the order of their doorplates; from wherever he is to a door of his own
 * group 3 minutes, of another group 15, from door to door 2; 2 minutes at a door, 8 where somebody has to be carried or led.
 */
const MINUTES = { toOwnGroup: 3, toOtherGroup: 15, between: 2, atDoor: 2, atDoorWithNeed: 8 } as const;

/** How many minutes a door keeps its helper once he stands there. */
export function minutesAt(door: Pick<Door, 'needs'>): number {
  return door.needs.length > 0 ? MINUTES.atDoorWithNeed : MINUTES.atDoor;
}

// How much depends on somebody coming at all: who cannot walk before who walks slowly.
const WEIGHTS: Record<Need, number> = { bedridden: 8, disabled: 4, infant: 2, alone: 2, elderly: 1 };

const weightOf = (door: Door) => [...new Set(door.needs)].reduce((sum, need) => sum + WEIGHTS[need], 0);
const DOORPLATES = new Intl.Collator('zh-CN', { numeric: true });

/** Needs first, then as the doorplates run. */
export function byUrgency(a: Door, b: Door): number {
  const order = weightOf(b) - weightOf(a) || DOORPLATES.compare(a.doorplate, b.doorplate);
  return order !== 0 ? order : a.householdId < b.householdId ? -1 : 1;
}

interface Round {
  helper: Helper;
  /** Minutes of everything he has to do, as it grows. */
  load: number;
  doors: { door: Door; reason: DoorReason }[];
}

/** One answer for each door, whatever order doors and helpers come in. */
export function assignDoors(doors: readonly Door[], helpers: readonly Helper[]): AssignedDoor[] {
  const rounds = new Map<string, Round>();
  for (const helper of helpers.toSorted(byId)) rounds.set(helper.memberId, { helper, load: helper.busyMinutes, doors: [] });
  const give = (round: Round, door: Door, reason: DoorReason) => {
    round.doors.push({ door, reason });
    round.load += MINUTES.between + minutesAt(door);
  };
  // Own helpers first: what they have to do already counts when the other doors are shared out.
  const others = doors.toSorted(byUrgency).filter((door) => {
    const own = rounds.get(door.helperMemberId ?? '');
    if (own !== undefined) give(own, door, 'own-helper');
    return own === undefined;
  });
  const ofGroup = nearby([...rounds.values()], (code) => code);
  const ofVillage = nearby([...rounds.values()], villageOf);
  const alone: AssignedDoor[] = [];
  for (const door of others) {
    const own = leastBusy(ofGroup.get(door.gridCode));
    const chosen = own ?? leastBusy(ofVillage.get(villageOf(door.gridCode)));
    if (chosen === undefined) alone.push({ householdId: door.householdId, memberId: null, reason: 'nobody', minutes: 0 });
    else give(chosen, door, own === undefined ? 'same-village' : 'same-group');
  }
  return [...[...rounds.values()].flatMap(walk), ...alone];
}

const byId = (a: Helper, b: Helper) => (a.memberId < b.memberId ? -1 : 1);

/** Whom each place can send. */
function nearby(rounds: readonly Round[], place: (code: string) => string): Map<string, Round[]> {
  const near = new Map<string, Round[]>();
  for (const round of rounds) {
    for (const code of new Set(round.helper.codes.map(place))) {
      const others = near.get(code);
      if (others === undefined) near.set(code, [round]);
      else others.push(round);
    }
  }
  return near;
}

function leastBusy(rounds: readonly Round[] = []): Round | undefined {
  return rounds.length === 0 ? undefined : rounds.reduce((least, one) => (one.load < least.load ? one : least));
}

// His way from door to door: the urgent ones first, his own as well as those that he was given.
function walk({ helper, doors }: Round): AssignedDoor[] {
  let nowMinutes = helper.busyMinutes;
  return doors
    .toSorted((a, b) => byUrgency(a.door, b.door))
    .map(({ door, reason }, i) => {
      const fromHome = helper.codes.includes(door.gridCode) ? MINUTES.toOwnGroup : MINUTES.toOtherGroup;
      const minutes = nowMinutes + (i === 0 && helper.busyMinutes === 0 ? fromHome : MINUTES.between);
      nowMinutes = minutes + minutesAt(door);
      return { householdId: door.householdId, memberId: helper.memberId, reason, minutes };
    });
}
