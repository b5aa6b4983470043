// Nights of a county and its village, one after the other; what breaks is printed with the seed that plays it again.
import { playVillageSchedule, type VillageOutcome } from './play-village.ts';
import { villageScheduleOf } from './village-schedule.ts';
import { VillageTown } from './village-town.ts';

/** A fresh town every so often: opening is paid once for several nights. */
const NIGHTS_PER_TOWN = 5;
/** A night takes seconds: one that does not end is named, so that it can be looked into. */
const LONG_NIGHT_MS = 60_000;

/** @returns whether every promise held */
export async function soakVillages(seeds: readonly number[]): Promise<boolean> {
  const begun = performance.now();
  const left = [...seeds];
  const outcomes: VillageOutcome[] = [];
  while (left.length > 0) outcomes.push(...(await playSome(left)));
  const broken = outcomes.filter((outcome) => outcome.broken.length > 0).map(({ seed }) => seed);
  const steps = outcomes.reduce((total, outcome) => total + outcome.steps.length, 0);
  console.log(JSON.stringify({ nights: outcomes.length, steps, broken, seconds: Math.round((performance.now() - begun) / 1000) }));
  return broken.length === 0;
}

/** Takes its seeds from the front of `left`; ends with the first night that broke something. */
async function playSome(left: number[]): Promise<VillageOutcome[]> {
  const town = await new VillageTown().open();
  const outcomes: VillageOutcome[] = [];
  while (left.length > 0 && outcomes.length < NIGHTS_PER_TOWN) {
    const seed = left.shift()!;
    const watch = setInterval(() => console.log(`  seed ${seed} does not end`), LONG_NIGHT_MS);
    const outcome = await playVillageSchedule(town, villageScheduleOf(seed)).finally(() => clearInterval(watch));
    outcomes.push(outcome);
    tell(outcome);
    if (outcome.broken.length > 0) break;
  }
  // What broke may not close either.
  await town.close().catch((error: unknown) => console.log(`  it did not close: ${String(error)}`));
  return outcomes;
}

function tell({ broken, ...line }: VillageOutcome): void {
  console.log(JSON.stringify(line));
  for (const words of broken.slice(0, 10)) console.log(`  ${words.slice(0, 600)}`);
  if (broken.length > 0) console.log(`  replay: npm run soak -- --village 1 --seed ${line.seed}`);
}
