// Chapter 5, sections: the county's plan, how many people a group needs in each section by its size and by what threatens it.
import { z } from 'zod';
import { LEVELS, ORDERS, type Level, type Order } from './alert.ts';
import { SECTION_NAMES, type Need } from './section.ts';

const size = z.number().int().min(0).max(100_000);
const seats = z.number().int().min(0).max(500);
const minutes = z.number().int().min(1).max(240);

const quota = z.strictObject({
  section: z.enum(SECTION_NAMES),
  /** Beginnings of event codes (GB/T 35561); empty: whatever threatens. */
  eventCodes: z.array(z.string().regex(/^\w{2,5}$/)).max(20),
  /** In groups of fewer households nobody is needed. */
  fromHouseholds: size,
  /** At least so many, then one for each so many persons, and no more than `most`. 0 persons: the size does not matter. */
  least: seats,
  perPersons: size,
  most: seats,
  /** Goes out in pairs: rounded up to an even number. */
  inPairs: z.boolean(),
  /** Only for whom a post or a skill fits. */
  fitOnly: z.boolean(),
});

export const sectionPlanSchema = z.strictObject({
  /** From which colours and orders on there is work to be done. */
  degrees: z.array(z.enum([...LEVELS, ...ORDERS])),
  /** The most important first; of the rows of one section the first that fits what threatens decides. */
  quotas: z.array(quota).max(100),
  /** Too few after so many minutes: the call-out is widened by one step. */
  widenAfterMinutes: minutes,
  /** A pair says so often that it is well. */
  checkInMinutes: minutes,
  /** After a withdrawal is ordered everybody is back within this time. */
  backWithinMinutes: minutes,
  /** A missed check-in, or somebody who is not back, alarms again so often. */
  alarmEveryMinutes: minutes,
});
export type SectionPlan = z.infer<typeof sectionPlanSchema>;

const always = { eventCodes: [], fromHouseholds: 0, least: 1, perPersons: 0, inPairs: false, fitOnly: false };
const inLarger = { ...always, fromHouseholds: 10 };

export const DEFAULT_SECTION_PLAN: SectionPlan = {
  degrees: ['red', 'orange', 'prepare', 'move-now'],
  quotas: [
    { ...always, section: 'warning', perPersons: 150, most: 4 },
    { ...always, section: 'evacuation', perPersons: 30, most: 20, inPairs: true },
    { ...inLarger, section: 'medical', most: 2, perPersons: 250, fitOnly: true },
    // Water and slopes are watched by more people than a fire or a storm.
    { ...inLarger, section: 'inspection', eventCodes: ['11A', '11D'], least: 2, most: 4, perPersons: 200, inPairs: true },
    { ...inLarger, section: 'inspection', least: 1, most: 2, inPairs: true },
    { ...inLarger, section: 'cordon', least: 2, most: 4, perPersons: 200, inPairs: true },
    { ...inLarger, section: 'rescue', least: 2, most: 6, perPersons: 150, inPairs: true },
    { ...inLarger, section: 'supply', least: 1, most: 4, perPersons: 200 },
  ],
  widenAfterMinutes: 10,
  checkInMinutes: 20,
  backWithinMinutes: 15,
  alarmEveryMinutes: 5,
};

/** Of a group: its households, and the persons in them and in its places. */
export interface GroupSize {
  households: number;
  persons: number;
}

export interface Threat {
  eventCode: string;
  level: Level | null;
  order: Order | null;
}

/** What a group needs, the most important section first; nothing where nobody lives, or where the degree asks nobody out. */
export function needsOf(plan: SectionPlan, group: GroupSize, threat: Threat): Need[] {
  const degree = threat.order ?? threat.level;
  if (degree === null || !plan.degrees.includes(degree) || group.persons === 0) return [];
  const fits = plan.quotas.filter(({ eventCodes }) => eventCodes.length === 0 || eventCodes.some((code) => threat.eventCode.startsWith(code)));
  const first = fits.filter(({ section }, i) => fits.findIndex((row) => row.section === section) === i);
  return first.flatMap((row) => {
    if (group.households < row.fromHouseholds) return [];
    const bySize = row.perPersons === 0 ? 0 : Math.ceil(group.persons / row.perPersons);
    const wanted = Math.min(Math.max(row.least, bySize), row.most);
    const needed = row.inPairs ? wanted + (wanted % 2) : wanted;
    return needed === 0 ? [] : [{ section: row.section, needed, fitOnly: row.fitOnly }];
  });
}
