// The Dasuo night in a village whose line is cut: its own house sees, orders, sounds and counts alone; then both houses hold one truth.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { systemClock } from '@laba/runtime/clock';
import { openLog } from '@laba/runtime/log';
import { Client } from '../cli/client.ts';
import { freePort } from '../free-port.ts';
import { readDemoFile, type DemoFile } from './demo-file.ts';
import { DASUO_HOUSEHOLDS, DASUO_PERSONS } from './demo-people.ts';
import { bringOutTheLast, countEverybody, rollCallOf, type RollCallCounts } from './everybody-counted.ts';
import { runLaba, startHouseProcess, type HousePlan, type HouseProcess, type Network } from './house-process.ts';
import { patientFetch } from './patient-fetch.ts';
import { DEMO_SEED } from './seed-demo.ts';
import { seededRandom } from './seeded-random.ts';
import { expectation, signedIn, until, type Expectation, type StoryLine } from './story.ts';
import type { Line, Networks } from './two-networks.ts';
import { differences, heldBy, type Held } from './two-truths.ts';

export interface AloneResult {
  scenario: 'alone';
  /** Both databases, row by row over the shared ground. */
  agree: boolean;
  /** What was confirmed in the village and is not in the county; plays that began twice; plays that began when their alert was over. */
  lost: number;
  doubled: number;
  late: number;
  /** On the line between the houses, everything: handshakes, letters, acknowledgements. */
  bytesUp: number;
  bytesDown: number;
  /** Of these, from the healing to the agreement. */
  mergeBytesUp: number;
  mergeBytesDown: number;
  /** From the healed line to the agreement. */
  mergeMs: number;
  /** From the enrolled house's start until it held its whole ground. */
  enrolMs: number;
  orderToSoundMs: number;
  households: RollCallCounts['households'];
  persons: RollCallCounts['persons'];
  joined: number;
  timeline: StoryLine[];
  expectations: Expectation[];
}

interface Village {
  county: HouseProcess;
  house: HouseProcess;
  plan: HousePlan;
  line: Line;
  demo: DemoFile;
  /** The cadre, signed in at the village's own house by his local code. */
  cadre: Client;
  sensor: { id: string; password: string; topic: string };
  reportPath: string;
  enrolMs: number;
  say: (line: string) => void;
}

const INTERVAL_SECONDS = 4;
const ALONE_MS = 120_000;
const AGREE_MS = 120_000;

/** Starts both houses in folders of their own under `dataDir`, each in its network; closes all of it. */
export async function alone({ dataDir, networks, say }: { dataDir: string; networks: Networks; say: (line: string) => void }): Promise<AloneResult> {
  const dir = join(dataDir, 'demo-alone');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const open: { stop(): Promise<void> }[] = [{ stop: () => networks.close() }];
  try {
    const village = await twoHouses(dir, networks, open, say);
    return await theNight(village);
  } finally {
    for (const one of open.toReversed()) await one.stop();
  }
}

async function planIn(dataDir: string, network: Network): Promise<HousePlan> {
  return { dataDir, network, port: await freePort('127.0.0.1'), mqttPort: await freePort('127.0.0.1') };
}

async function twoHouses(dir: string, networks: Networks, open: { stop(): Promise<void> }[], say: Village['say']): Promise<Village> {
  const above = await planIn(join(dir, 'county'), networks.county);
  say('starting the county');
  const county = await startHouseProcess(above);
  open.push(county);
  const demo = readDemoFile(county.dataDir);
  const stage = { url: county.url, demo };
  const [admin, cadreAbove] = [await signedIn(stage, 'admin'), await signedIn(stage, 'cadre1')];
  const { line, ...reached } = await networks.open(above);
  const { villageCode, siteId } = demo.dasuo;
  const sensor = await admin.post<Village['sensor']>('/api/v1/sensors', {
    ...{ gridCode: demo.dasuo.groupCode, hazard: 'debris-flow', quantity: 'rain-mm-per-hour', threshold: 30 },
  });
  const { path: reportPath } = await cadreAbove.get<{ path: string }>(`/api/v1/report-links/${villageCode}`);
  const plan = await planIn(join(dir, 'village'), networks.village);
  const { code } = await admin.post<{ code: string }>('/api/v1/houses/claim-codes', { gridCode: villageCode });
  await runLaba(plan, 'edge', 'enrol', '--above', reached.above, '--code', code, '--broker', reached.broker, '--site', siteId);
  const { houses } = await admin.get<{ houses: { id: string }[] }>('/api/v1/houses');
  await admin.post(`/api/v1/houses/${houses[0]!.id}/confirm`);
  say('the village’s own house is enrolled and confirmed');
  const beganMs = performance.now();
  const house = await startHouseProcess(plan);
  open.push(house);
  const cadre = await byLocalCode(house.url, cadreAbove, villageCode);
  await until('the room’s loudspeaker hangs on the village’s own broker', 60_000, async () => (await isRoomOnline(cadre, house, orderFor(demo))) || undefined);
  const enrolMs = Math.round(performance.now() - beganMs);
  say(`the village holds its ground: ${enrolMs} ms after its start, ${line.bytes.down} bytes down, ${line.bytes.up} up`);
  return { county, house, plan, line, demo, cadre, sensor, reportPath, enrolMs, say };
}

async function byLocalCode(url: string, cadreAbove: Client, gridCode: string): Promise<Client> {
  const { officer } = await cadreAbove.get<{ officer: { id: string; username: string } }>('/api/v1/sessions/current');
  const { code } = await cadreAbove.post<{ code: string }>('/api/v1/local-codes', { officerId: officer.id, gridCode });
  const client = new Client(url, patientFetch);
  await until('the cadre’s local code has come down', 60_000, async () =>
    client.signInHere(officer.username, code).then(
      () => true,
      () => undefined,
    ),
  );
  return client;
}

/** Its box is enrolled here, and the forecast finds it online. */
async function isRoomOnline(cadre: Client, { dataDir }: HouseProcess, draft: object): Promise<boolean> {
  if (!existsSync(join(dataDir, 'box', 'identity.json'))) return false;
  const { speakers } = await cadre.post<{ speakers: { total: number; online: number } }>('/api/v1/alerts/forecast', draft);
  return speakers.total > 0 && speakers.online === speakers.total;
}

function orderFor({ dasuo }: DemoFile, reportId?: string): Record<string, unknown> {
  return {
    ...{ mode: 'live', kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [dasuo.groupCode], intervalSeconds: INTERVAL_SECONDS },
    ...(reportId === undefined ? {} : { reportId }),
  };
}

async function theNight(village: Village): Promise<AloneResult> {
  const { cadre, line, house, say } = village;
  line.cut();
  say('the line to the county is cut');
  await until('the village knows that it is alone', ALONE_MS, async () =>
    (await degradedAt(house.url)).some((words) => words.startsWith('above:')) ? true : undefined,
  );
  say('the village knows that it is alone');
  const reportId = await whatIsSeen(village);
  const first = await order(village, reportId);
  await until('the loudspeaker repeats', 60_000, async () => (playsOf(house.dataDir, first.alertId).length >= 3 ? true : undefined));
  say('the loudspeaker speaks, and repeats');
  const visit = { url: house.url, cadre, alertId: first.alertId, random: seededRandom(DEMO_SEED), say };
  const joined = await phonesJoin(village, first.alertId);
  const doors = await countEverybody(visit, []);
  await bringOutTheLast(visit, doors);
  const second = await order(village, await secondFlow(village));
  await until('the second order sounds', 60_000, async () => (playsOf(house.dataDir, second.alertId).length >= 1 ? true : undefined));
  const secondVisit = { ...visit, alertId: second.alertId };
  await bringOutTheLast(secondVisit, await countEverybody(secondVisit, []));
  for (const { alertId } of [first, second]) await cadre.post(`/api/v1/alerts/${alertId}/end`, { checkedBy: '演示监测员打所' });
  say('nobody is missing; the slope was checked, both orders are ended');
  const counted = await rollCallOf(cadre, second.alertId);
  const before = await heldBy(house.dataDir, 'above');
  return result(village, { first, second, counted, joined, before }, await merge(village));
}

async function degradedAt(url: string): Promise<string[]> {
  return ((await (await fetch(`${url}/readyz`)).json()) as { degraded?: string[] }).degraded ?? [];
}

/** A rain gauge on the village's own network, and a villager by the code on the wall. */
async function whatIsSeen({ plan, sensor, reportPath, house, cadre, demo, say }: Village): Promise<string> {
  const connection = { url: `mqtt://${plan.network!.host}:${plan.mqttPort}`, clientId: sensor.id, username: sensor.id, password: sensor.password };
  const gauge = connectMqtt(connection, { log: openLog('silent', false) });
  await until('the rain gauge is on the village’s broker', 20_000, async () => gauge.online || undefined);
  await gauge.publish(sensor.topic, JSON.stringify({ readingId: `demo-${systemClock.now()}`, quantity: 'rain-mm-per-hour', value: 62 }));
  await gauge.close();
  say('the rain gauge says 62 mm in an hour');
  const fields = { hazard: 'debris-flow', text: '沟里有响声，水变浑了', reporterName: '演示村民', reporterPhone: '', once: `demo-${systemClock.now()}` };
  const response = await patientFetch(new URL(reportPath, house.url), { method: 'POST', body: new URLSearchParams(fields) });
  if (!response.ok) throw new Error(`The village's report form answered ${response.status}.`);
  say('a villager reports by the code on the wall');
  const report = await until('a report is on the cadre’s page', 20_000, async () => {
    const { reports } = await cadre.get<{ reports: { id: string; state: string }[] }>(`/api/v1/reports?under=${demo.dasuo.villageCode}`);
    return reports.find(({ state }) => state === 'new');
  });
  await cadre.post(`/api/v1/reports/${report.id}/verify`, { result: 'true' });
  return report.id;
}

async function secondFlow({ cadre, demo, say }: Village): Promise<string> {
  const body = { gridCode: demo.dasuo.groupCode, hazard: 'flash-flood', source: 'telephone', text: '第二次泥石流，水又涨了。' };
  const { id } = await cadre.post<{ id: string }>('/api/v1/reports', body);
  await cadre.post(`/api/v1/reports/${id}/verify`, { result: 'true' });
  say('a second debris flow');
  return id;
}

interface Ordered {
  alertId: string;
  raisedAtMs: number;
  toSoundMs: number;
}

async function order({ cadre, demo, house, say }: Village, reportId: string): Promise<Ordered> {
  const { id: alertId } = await cadre.post<{ id: string }>('/api/v1/alerts', orderFor(demo, reportId));
  const raisedAtMs = systemClock.now();
  await cadre.post(`/api/v1/alerts/${alertId}/raise`);
  say('the cadre orders 立即转移 (move now), alone');
  const [play] = await until('the loudspeaker sounds', 30_000, async () => {
    const plays = playsOf(house.dataDir, alertId);
    return plays.length > 0 ? plays : undefined;
  });
  return { alertId, raisedAtMs, toSoundMs: Date.parse(play!.startedAt) - raisedAtMs };
}

const PHONES = ['演示赶来甲', '演示赶来乙', '演示赶来丙'];

/** People whose phones have the village's own network and nothing else join by the officer's code, on the village's page. */
async function phonesJoin({ cadre, demo, house, say }: Village, alertId: string): Promise<number> {
  const { code } = await cadre.post<{ code: string }>(`/api/v1/alerts/${alertId}/join-codes`, { gridCode: demo.dasuo.groupCode });
  let joined = 0;
  for (const name of PHONES) {
    const body = new URLSearchParams({ name, phone: '', gridCode: '', household: '', answer: 'coming', form: `demo-${name}-${alertId}` });
    const response = await patientFetch(new URL(`/j/${code}`, house.url), { method: 'POST', redirect: 'manual', body });
    if (response.status === 303) joined += 1;
  }
  say(`${joined} people join on the spot, on the village’s page`);
  return joined;
}

interface Play {
  event: string;
  alertId: string;
  speakerId: string;
  revision: number;
  purpose: string;
  repeat: number;
  startedAt: string;
}

/** Every play that began at the village's box. */
function playsOf(dataDir: string, alertId?: string): Play[] {
  const file = join(dataDir, 'box', 'sounds', 'play-log.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Play).filter((line) => line.event === 'started' && (alertId === undefined || line.alertId === alertId));
}

interface Merged {
  mergeMs: number;
  bytes: { up: number; down: number };
  above: Held;
  below: Held;
}

async function merge({ county, house, line, say }: Village): Promise<Merged> {
  const before = { ...line.bytes };
  line.heal();
  const beganMs = performance.now();
  say('the line is back');
  const held = async () => ({ above: await heldBy(county.dataDir, 'below'), below: await heldBy(house.dataDir, 'above') });
  const { above, below } = await until('both houses hold the same', AGREE_MS, async () => {
    const now = await held();
    return differences(now.above, now.below).length === 0 ? now : undefined;
  }).catch(held);
  const mergeMs = Math.round(performance.now() - beganMs);
  return { mergeMs, bytes: { up: line.bytes.up - before.up, down: line.bytes.down - before.down }, above, below };
}

interface Night {
  first: Ordered;
  second: Ordered;
  counted: RollCallCounts;
  joined: number;
  /** What the village held when the line came back. */
  before: Held;
}

/** Its own beats and what the county says meanwhile move on; a fact that was confirmed does not. */
const MOVES_ON = /^(gatewayStatus|speakerStatus|peer) /;
/** A sound that is ended is silent after this. */
const SILENT_WITHIN_MS = 1_000;

function result({ house, line, enrolMs }: Village, night: Night, { mergeMs, bytes, above, below }: Merged): AloneResult {
  const { first, second, counted, joined, before } = night;
  const unlike = differences(above, below);
  const lost = [...before.rows.keys()].filter((key) => !MOVES_ON.test(key) && !above.rows.has(key));
  const plays = playsOf(house.dataDir);
  const doubled = plays.length - new Set(plays.map((play) => `${play.speakerId} ${play.alertId} ${play.revision} ${play.purpose} ${play.repeat}`)).size;
  const overAt = new Map(below.story.filter(({ type }) => type === 'alert.ended').map(({ subjectId, atMs }) => [subjectId, atMs]));
  const late = plays.filter((play) => play.purpose === 'alert' && Date.parse(play.startedAt) > (overAt.get(play.alertId) ?? Infinity) + SILENT_WITHIN_MS);
  const storyOf = (held: Held) => held.story.filter(({ alertId }) => alertId === first.alertId || alertId === second.alertId);
  // As the village told it when it was alone; what the county added since stands between.
  const told = storyOf(before).map(({ id }) => id);
  const inOrder =
    told.length > 0 &&
    storyOf(above)
      .filter(({ id }) => told.includes(id))
      .map(({ id }) => id)
      .join() === told.join();
  return {
    scenario: 'alone',
    ...{ agree: unlike.length === 0, lost: lost.length, doubled, late: late.length },
    ...{ bytesUp: line.bytes.up, bytesDown: line.bytes.down, mergeBytesUp: bytes.up, mergeBytesDown: bytes.down, mergeMs, enrolMs },
    ...{ orderToSoundMs: first.toSoundMs, households: counted.households, persons: counted.persons, joined },
    timeline: storyOf(above).map(({ type, atMs, subjectId }) => ({ atMs: atMs - first.raisedAtMs, event: type, who: subjectId })),
    expectations: [
      expectation('both databases hold the same of every fact', unlike.length === 0, unlike.slice(0, 20)),
      expectation('nothing that was confirmed in the village is lost', lost.length === 0, lost.slice(0, 20)),
      expectation('no repeat was played twice', doubled === 0, doubled),
      expectation('nothing began to sound when its alert was over', late.length === 0, late.slice(0, 5)),
      expectation(
        'both orders sounded, the first one again and again',
        playsOf(house.dataDir, first.alertId).length >= 3 && second.toSoundMs >= 0,
        plays.length,
      ),
      expectation(
        `${DASUO_HOUSEHOLDS} of ${DASUO_HOUSEHOLDS} households, ${DASUO_PERSONS} of ${DASUO_PERSONS} people, twice`,
        counted.complete && counted.households.accounted === DASUO_HOUSEHOLDS && counted.persons.accounted === DASUO_PERSONS,
        counted,
      ),
      expectation('people without any other network joined on the village’s page', joined === PHONES.length, joined),
      expectation('the county tells the night in the village’s order', inOrder, { alone: told.length, together: storyOf(above).length }),
    ],
  };
}
