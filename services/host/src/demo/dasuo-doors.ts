// The Dasuo night at the doors: who does what there, chosen by a seed, so that each night is the same night.
import { type Mark, type PersonStatus } from '@laba/domain/rollcall';
import type { SeededRandom } from './seeded-random.ts';

export interface Door {
  householdId: string;
  persons: { personId: string; status: PersonStatus }[];
}

/** Ids of households and persons. Nobody stands in two of them. */
export interface NightAtTheDoors {
  /** Will not go; the township talks to them, and then they do. */
  refusing: string;
  /** The whole household is out of the county. */
  away: string;
  /** Moved house long ago; the register does not know. */
  relocated: string;
  /** Cannot walk; carried out in the end. */
  carried: string[];
  /** Go back for their cattle when everybody is out. */
  returning: string[];
}

const CARRIED = 2;
const RETURNING = 2;

/** @throws when there are fewer than eight households of two persons or more */
export function nightAtTheDoors(doors: readonly Door[], random: SeededRandom): NightAtTheDoors {
  const homes = doors.filter((door) => door.persons.length >= 2);
  const next = () => {
    const home = random.pick(homes);
    homes.splice(homes.indexOf(home), 1);
    return home;
  };
  if (homes.length < 8) throw new Error('Dasuo needs at least eight households of two persons or more for its night.');
  const someone = () => next().persons.at(-1)!.personId;
  return {
    refusing: next().householdId,
    away: next().householdId,
    relocated: next().householdId,
    carried: Array.from({ length: CARRIED }, someone),
    returning: Array.from({ length: RETURNING }, someone),
  };
}

/** What is said of a household at the first visit. */
export function firstWord(householdId: string, night: NightAtTheDoors): Mark {
  if (householdId === night.refusing) return 'refused';
  if (householdId === night.away) return 'away';
  return householdId === night.relocated ? 'relocated' : 'moved';
}
