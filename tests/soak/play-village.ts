// Plays one schedule on a county and its village's house; then all is healed, both agree, and both are held against the promises.
import { inArray } from 'drizzle-orm';
import type { House } from '@laba/host/compose';
import { historyOf, purposeOf } from '../harness/history.ts';
import { checkI1, checkI2, checkI3, checkI4, checkI5, checkI8, type History, type HistoryPlay } from '../harness/invariants.ts';
import type { Site } from '../harness/town.ts';
import type { VillageTown } from './village-town.ts';
import { nameOfStep, type VillageSchedule } from './village-schedule.ts';

export interface VillageOutcome {
  seed: number;
  steps: string[];
  ms: number;
  /** What was broken, in words. */
  broken: string[];
}

/** What is left when nobody works on it any more must have come to its end after this many looks of 5 s. */
const LOOKS = 12;

const CHECKS = [checkI1, checkI2, checkI3, checkI4, checkI5, checkI8];

type KnownOver = History['knownOver'];

export async function playVillageSchedule(town: VillageTown, schedule: VillageSchedule): Promise<VillageOutcome> {
  const begun = performance.now();
  const known: KnownOver = [];
  const broken: string[] = [];
  try {
    for (const step of schedule.steps) {
      await town.does(step);
      await noteStops(town, known);
      if (step.do === 'box-on') await noteTold(town, known);
    }
    await town.heal();
    await town.endsAll();
    await town.village.agree();
    await comesToRest(town);
    broken.push(...(await brokenPromises(town, known)));
  } catch (error) {
    broken.push(`limbo: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return { seed: schedule.seed, steps: schedule.steps.map(nameOfStep), ms: Math.round(performance.now() - begun), broken };
}

/** By the town's clock: the box's own may be wrong tonight, and the house's as well. */
async function noteStops({ town, village }: VillageTown, known: KnownOver): Promise<void> {
  const stopped = await village.house.deps.db
    .read((q, t) => q.select().from(t.event))
    .then((events) => events.filter(({ type, data }) => type === 'delivery.stopped' && ['ended', 'cancelled', 'expired'].includes(String(data['reason']))))
    .catch(() => []);
  for (const { alertId } of stopped) {
    if (alertId === null || known.some((one) => one.alertId === alertId)) continue;
    known.push({ speakerId: 'dasuo-1', alertId, atMs: town.clock.now() });
  }
}

/** A box that came back has asked its house, which told it of every end. */
async function noteTold({ town, village, box }: VillageTown, known: KnownOver): Promise<void> {
  if (!box.gateway.online) return;
  const over = await village.house.deps.db
    .read((q, t) =>
      q
        .select({ id: t.alert.id })
        .from(t.alert)
        .where(inArray(t.alert.state, ['ended', 'cancelled', 'expired'])),
    )
    .catch(() => []);
  for (const { id } of over) {
    // What begins at this very moment begins after it.
    if (!known.some((one) => one.alertId === id)) known.push({ speakerId: 'dasuo-1', alertId: id, atMs: town.clock.now() - 1 });
  }
}

async function comesToRest({ town, village }: VillageTown): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks++) {
    await town.clock.pass('5 s');
    const histories = bothKnowWhoWorks(await Promise.all([town.house, village.house].map((house) => historyOf(house.deps.db, witnessedBy([])))));
    if (histories.every((history) => checkI2(history).length === 0 && history.deliveries.every(({ state }) => state !== 'playing'))) break;
  }
  await village.agree();
}

/** What one house works on is in work: the other one is told what comes of it. */
function bothKnowWhoWorks(histories: readonly History[]): History[] {
  const openJobs = histories.flatMap((history) => history.openJobs);
  return histories.map((history) => ({ ...history, openJobs }));
}

const witnessedBy = (plays: HistoryPlay[]) => ({ acknowledged: [], plays, asked: [], troubles: [] });

const playsOf = (sites: ReadonlyMap<string, Site>, nameOf: (key: string) => string): HistoryPlay[] =>
  [...sites].flatMap(([key, site]) => site.pole.heard.map((heard) => ({ ...heard, speakerId: nameOf(key), purpose: purposeOf(heard.purpose) })));

async function brokenPromises(all: VillageTown, knownOver: KnownOver): Promise<string[]> {
  const { town, village } = all;
  const tellOf = async (house: House, plays: HistoryPlay[]) => historyOf(house.deps.db, witnessedBy(plays));
  const countyPlays = playsOf(town.sites, (pole) => pole);
  const villagePlays = playsOf(village.sites, () => 'dasuo-1');
  const [county, own] = bothKnowWhoWorks([
    { ...(await tellOf(town.house, countyPlays)), acknowledged: town.acknowledged },
    { ...(await tellOf(village.house, villagePlays)), acknowledged: village.acknowledged, knownOver },
  ]) as [History, History];
  const signed = [...county.signed, ...own.signed];
  const named = (name: string, history: History) => CHECKS.flatMap((check) => check({ ...history, signed })).map((words) => `${name}: ${words}`);
  return [
    ...named('county', county),
    ...named('village', own),
    ...(await village.differences()),
    ...(all.wasClockFarOff ? [] : unheardEnds(own)),
    ...takenTwice(own),
    ...(await forgottenMarks(all)),
    ...(await endlessAlerts(all, own)),
  ];
}

/** The last word about a person stands at both houses, whoever gave it. */
async function forgottenMarks({ town, village, lastMarks }: VillageTown): Promise<string[]> {
  const rows = await Promise.all([town.house, village.house].map(({ deps }) => deps.db.read((q, t) => q.select().from(t.rollcallPerson))));
  const last = rows.flat().map(({ alertId, personId, status }) => ({ one: `${alertId} ${personId}`, status, said: lastMarks.get(`${alertId} ${personId}`) }));
  return last
    .filter(({ said, status }) => said !== undefined && said !== 'uncertain' && said !== status)
    .map(({ one, said, status }) => `forgotten: of ${one} '${said}' was said last, and '${status}' stands`);
}

/** A command that comes again is not taken again. Where both houses ended an alert, each has said so. */
function takenTwice({ events }: History): string[] {
  const ends = (of: string | null) => events.filter(({ type, alertId }) => alertId === of && (type === 'alert.ended' || type === 'alert.cancelled')).length;
  const taken = events.filter(({ type, alertId }) => type === 'delivery.received' && alertId !== null);
  return [...Map.groupBy(taken, ({ subjectId }) => subjectId)]
    .filter(([, all]) => all.length > (all[0]!.data['purpose'] === 'alert' ? 1 : ends(all[0]!.alertId)))
    .map(([id, all]) => `taken ${all.length} times: ${id}`);
}

/** What is over everywhere is over at the box. */
async function endlessAlerts({ box }: VillageTown, { alerts }: History): Promise<string[]> {
  const over = new Set(alerts.filter(({ state }) => state !== 'raised').map(({ id }) => id));
  return (await box.alertsInForce()).filter(({ alertId }) => over.has(alertId)).map(({ alertId, revision }) => `goes on: ${alertId} r${revision} is over`);
}

/** Who heard an order hears that it is over. */
function unheardEnds({ plays, alerts }: History): string[] {
  const has = (alertId: string, purposes: readonly string[]) => plays.some((play) => play.alertId === alertId && purposes.includes(play.purpose));
  return alerts
    .filter(({ id, mode, state }) => mode === 'live' && state === 'ended' && has(id, ['alert']) && !has(id, ['all-clear']))
    .map(({ id }) => `unheard: that ${id} is over`);
}
