// `npm run soak -- --seed N [--schedules K] [--towns J] [--profile embedded|clustered]`: seeded nights of chaos on real processes.
// `npm run soak -- --village K [--seed N]`: seeded nights of a county and a village's own house, in this process and its own time.
// `npm run soak -- --power K [--seed N]`: one night of an alert in a village whose power goes K times; as root.
import { parseArgs } from 'node:util';
import { RealTown } from '../harness/real-town.ts';
import { ChaosTown } from './chaos-town.ts';
import { neverEnds, playSchedule, type Outcome } from './play-schedule.ts';
import { soakPower } from './power-cuts.ts';
import { scheduleOf, type Profile } from './schedule.ts';
import { soakVillages } from './soak-villages.ts';

/** A fresh county every so often: start-up is paid once for several schedules. */
const SCHEDULES_PER_TOWN = 10;

interface Run {
  profile: Profile;
  /** The seeds that nobody has played yet. */
  seeds: number[];
  outcomes: Outcome[];
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '1' },
    towns: { type: 'string', default: '2' },
    profile: { type: 'string', default: 'embedded' },
    village: { type: 'string', default: '0' },
    power: { type: 'string', default: '0' },
  },
});
const whole = (name: 'seed' | 'schedules' | 'towns' | 'village' | 'power') => {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${name} wants a whole number, not '${values[name]}'.`);
  return number;
};

const seeds = (count: 'schedules' | 'village') => Array.from({ length: whole(count) }, (_, i) => whole('seed') + i);

async function playSome(run: Run): Promise<void> {
  while (run.seeds.length > 0) {
    const chaos = await new ChaosTown(new RealTown({ profile: run.profile })).open();
    let broken: Outcome | undefined;
    for (let played = 0; played < SCHEDULES_PER_TOWN && broken === undefined; played++) {
      const seed = run.seeds.shift();
      if (seed === undefined) break;
      const outcome = await playSchedule(chaos, scheduleOf(seed, run.profile));
      run.outcomes.push(outcome);
      tell(outcome, run.profile);
      if (outcome.broken.length > 0) broken = outcome;
    }
    broken ??= await lastLook(chaos, run);
    if (broken === undefined) await chaos.close();
    else await keep(chaos, broken, run.profile);
  }
}

/** When nothing more happens, everything must come to its end. @returns the town's last schedule, when something did not */
async function lastLook(chaos: ChaosTown, run: Run): Promise<Outcome | undefined> {
  const last = run.outcomes.at(-1);
  const limbo = await neverEnds(chaos);
  if (limbo.length === 0 || last === undefined) return undefined;
  last.limbo += limbo.length;
  last.broken.push(...limbo);
  tell(last, run.profile);
  return last;
}

function tell({ broken, ...line }: Outcome, profile: Profile): void {
  console.log(JSON.stringify({ profile, ...line }));
  for (const words of broken.slice(0, 10)) console.log(`  ${words}`);
}

async function keep(chaos: ChaosTown, outcome: Outcome, profile: Profile): Promise<void> {
  await chaos.stop();
  console.log(`  replay: npm run soak -- --seed ${outcome.seed} --schedules 1 --profile ${profile}    its folder: ${chaos.town.dir}`);
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

async function soakCounties(profile: Profile): Promise<boolean> {
  const run: Run = { profile, seeds: seeds('schedules'), outcomes: [] };
  const begun = performance.now();
  await Promise.all(Array.from({ length: Math.max(1, whole('towns')) }, () => playSome(run)));

  const sum = (key: 'lost' | 'doubled' | 'limbo' | 'other') => run.outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const recoveries = run.outcomes.map((outcome) => outcome.recoveryMs).sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      schedules: run.outcomes.length,
      faults: run.outcomes.reduce((total, outcome) => total + outcome.faults.length, 0),
      lost: sum('lost'),
      doubled: sum('doubled'),
      limbo: sum('limbo'),
      other: sum('other'),
      recoveryP50Ms: percentile(recoveries, 0.5),
      recoveryP99Ms: percentile(recoveries, 0.99),
      seconds: Math.round((performance.now() - begun) / 1000),
    }),
  );
  return run.outcomes.every((outcome) => outcome.broken.length === 0);
}

if (values.profile !== 'embedded' && values.profile !== 'clustered') throw new Error(`--profile is embedded or clustered, not '${values.profile}'.`);
const { profile } = values;

async function soak(): Promise<boolean> {
  if (whole('power') > 0) return soakPower(whole('power'), whole('seed'));
  return whole('village') > 0 ? soakVillages(seeds('village')) : soakCounties(profile);
}
process.exitCode = (await soak()) ? 0 : 1;
