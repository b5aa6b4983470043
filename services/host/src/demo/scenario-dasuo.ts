// The Dasuo night: a villager telephones, the cadre verifies and orders 立即转移, the pole speaks, members answer, all-clear.
import { join } from 'node:path';
import { systemClock } from '@laba/runtime/clock';
import type { Client } from '../cli/client.ts';
import {
  everyMemberAnswers,
  ladderOf,
  tasksOf,
  villageAnswers,
  workIsDone,
  type LadderCounts,
  type Night,
  type TaskCounts,
  type Turnout,
} from './dasuo-people.ts';
import type { DemoFile } from './demo-file.ts';
import { DASUO_HOUSEHOLDS, DASUO_PERSONS } from './demo-people.ts';
import { accountedFor, bringOutTheLast, countEverybody, rollCallOf, type RollCallCounts } from './everybody-counted.ts';
import { distinctWavs, playLines, type PlayLine } from './play-log.ts';
import { countSections, pairIsHeardOf, sendPairOut, villageFillsSections, withShortClocks, type SectionCounts } from './dasuo-sections.ts';
import { DEMO_SEED } from './seed-demo.ts';
import { seededRandom } from './seeded-random.ts';
import {
  atMsOf,
  expectation,
  largestRepeat,
  signedIn,
  speakerCounts,
  storyOf,
  tellStory,
  timesTo,
  Timeline,
  until,
  type Expectation,
  type MemberCounts,
  type SpeakerCounts,
  type StoryLine,
  type TimelineRow,
  type ToldLine,
} from './story.ts';

export interface DasuoResult {
  scenario: 'dasuo';
  alertId: string;
  raiseToFirstPlayingMs: number;
  raiseToAllReceivedMs: number;
  speakers: SpeakerCounts;
  repeats: number;
  members: MemberCounts;
  ladder: LadderCounts;
  sections: SectionCounts;
  tasks: TaskCounts;
  households: RollCallCounts['households'];
  persons: RollCallCounts['persons'];
  /** Guesthouse and road camp: people who are on no household's list. */
  places: RollCallCounts['places'];
  wav: string[];
  timeline: StoryLine[];
  told: ToldLine[];
  expectations: Expectation[];
}

interface Stage {
  url: string;
  dataDir: string;
  demo: DemoFile;
  say: (line: string) => void;
}

const INTERVAL_SECONDS = 4;
export async function dasuo(stage: Stage): Promise<DasuoResult> {
  const [cadre, duty] = [await signedIn(stage, 'cadre1'), await signedIn(stage, 'duty1')];
  const reportId = await reportAndVerify(stage, cadre);
  return withShortClocks(stage, async () => {
    const raisedAtMs = systemClock.now();
    const alertId = await orderMoveNow(stage, cadre, reportId);
    const night: Night = { ...stage, cadre, duty, alertId, raisedAtMs, random: seededRandom(DEMO_SEED) };
    const timeline = new Timeline(cadre, alertId);
    const turnout = await peopleMove(stage, night, timeline);
    await endIt(stage, cadre, alertId, timeline);
    return result(stage, night, timeline, turnout);
  });
}

async function peopleMove(stage: Stage, night: Night, timeline: Timeline): Promise<Turnout> {
  await villageAnswers(night, DASUO_PERSONS);
  const turnout = await everyMemberAnswers(night);
  const pair = await sendPairOut(night, stage.demo.dasuo.groupCode);
  await until('the speaker plays a second time', 90_000, async () => (largestRepeat(await timeline.read()) >= 2 ? true : undefined));
  stage.say('the speaker repeats');
  const doors = await countEverybody(night, turnout.there);
  await bringOutTheLast(night, doors);
  await villageFillsSections(night, turnout.pages);
  await pairIsHeardOf(night, pair);
  await workIsDone(night);
  return turnout;
}

async function reportAndVerify(stage: Stage, cadre: Client): Promise<string> {
  const report = await cadre.post<{ id: string }>('/api/v1/reports', {
    gridCode: stage.demo.dasuo.groupCode,
    hazard: 'debris-flow',
    source: 'telephone',
    text: '打所上面沟里有泥石流响声，水变浑了。',
  });
  stage.say('a villager reports by telephone: debris flow above Dasuo');
  const again = await cadre.post<{ id: string; state: string; mergedInto: string | null }>('/api/v1/reports', {
    gridCode: stage.demo.dasuo.groupCode,
    hazard: 'debris-flow',
    source: 'telephone',
    text: '沟里石头在滚。',
  });
  const first = again.mergedInto ?? report.id;
  // On a second run within half an hour the hazard is known and verified already.
  const { state } = await cadre.get<{ state: string }>(`/api/v1/reports/${first}`);
  if (state === 'new') await cadre.post(`/api/v1/reports/${first}/verify`, { result: 'true' });
  stage.say('the village cadre verifies it');
  return first;
}

async function orderMoveNow(stage: Stage, cadre: Client, reportId: string): Promise<string> {
  const draft = {
    mode: 'live',
    kind: 'order',
    order: 'move-now',
    templateId: 'debris-flow-move-now',
    reportId,
    areaCodes: [stage.demo.dasuo.groupCode],
    intervalSeconds: INTERVAL_SECONDS,
  };
  const forecast = await cadre.post<{ speakers: { total: number; online: number } }>('/api/v1/alerts/forecast', draft);
  stage.say(`forecast: ${forecast.speakers.online} of ${forecast.speakers.total} speakers online`);
  const alert = await cadre.post<{ id: string }>('/api/v1/alerts', draft);
  await cadre.post(`/api/v1/alerts/${alert.id}/raise`);
  stage.say('the cadre orders 立即转移 (move now) for Dasuo');
  return alert.id;
}

async function endIt(stage: Stage, cadre: Client, alertId: string, timeline: Timeline): Promise<void> {
  await cadre.post(`/api/v1/alerts/${alertId}/quieten`);
  const has = (rows: readonly TimelineRow[], type: string, key: string, value: string) => rows.some((row) => row.type === type && row.data[key] === value);
  await until('the speaker falls silent', 20_000, async () => (has(await timeline.read(), 'delivery.stopped', 'reason', 'quietened') ? true : undefined));
  stage.say('quietened: the sound stops, the counting goes on');
  await cadre.post(`/api/v1/alerts/${alertId}/end`, { checkedBy: '演示监测员打所' });
  await until('the all-clear is spoken', 60_000, async () => (has(await timeline.read(), 'delivery.played', 'purpose', 'all-clear') ? true : undefined));
  stage.say('all-clear: the slope was checked, the speaker says so once');
}

async function result(stage: Stage, night: Night, timeline: Timeline, turnout: Turnout): Promise<DasuoResult> {
  const { cadre, alertId } = night;
  const rows = await timeline.read();
  const raisedMs = atMsOf(rows, 'alert.raised');
  const members = (await cadre.get<{ total: MemberCounts }>(`/api/v1/alerts/${alertId}/answers`)).total;
  const [counted, ladder, tasks] = [await rollCallOf(cadre, alertId), await ladderOf(night), await tasksOf(night)];
  const lines = playLines(join(stage.dataDir, 'fleet'), alertId);
  const received = timesTo(rows, 'delivery.received', raisedMs);
  const sections = await countSections(night);
  const told = { speakers: speakerCounts(rows), repeats: largestRepeat(rows), members, ladder, sections, tasks };
  return {
    scenario: 'dasuo',
    alertId,
    raiseToFirstPlayingMs: timesTo(rows, 'delivery.playing', raisedMs)[0] ?? Number.NaN,
    raiseToAllReceivedMs: received.at(-1) ?? Number.NaN,
    ...told,
    households: counted.households,
    persons: counted.persons,
    places: counted.places,
    wav: distinctWavs(lines),
    timeline: storyOf(rows, raisedMs),
    told: tellStory(rows, raisedMs),
    expectations: [...soundExpectations(told, lines), ...peopleExpectations(told, counted, turnout, rows)],
  };
}

type Told = Pick<DasuoResult, 'speakers' | 'repeats' | 'members' | 'ladder' | 'sections' | 'tasks'>;

function soundExpectations({ speakers, repeats }: Told, lines: readonly PlayLine[]): Expectation[] {
  return [
    expectation('every speaker of Dasuo received the order', speakers.total > 0 && speakers.received === speakers.total, speakers),
    expectation('every speaker played it', speakers.playing === speakers.total && speakers.played === speakers.total, speakers),
    expectation('it was repeated', repeats >= 2, repeats),
    expectation('nothing was refused or failed', speakers.refused === 0 && speakers.failed === 0, speakers),
    expectation('it fell silent', speakers.stopped === speakers.total, speakers),
    expectation('the pole wrote down what it played', distinctWavs(lines).length >= 2, distinctWavs(lines)),
    expectation(
      'no repeat was played twice',
      new Set(lines.map((line) => `${line.speakerId} ${line.purpose} ${line.repeat}`)).size === lines.length,
      lines.length,
    ),
  ];
}

function peopleExpectations(
  { members, ladder, sections, tasks }: Told,
  counted: RollCallCounts,
  turnout: Turnout,
  rows: readonly TimelineRow[],
): Expectation[] {
  const { pages, silent, cannot, there } = turnout;
  const { households, persons } = counted;
  return [
    expectation(
      'each member who answered was counted for himself',
      members.answered >= pages.size - silent && members.total - members.answered >= silent && members.cannot === cannot && members.arrived >= there.length,
      members,
    ),
    expectation('the village answered and moved its people', ladder.total === 1 && ladder.persons === DASUO_PERSONS && ladder.overdue === 0, ladder),
    expectation(
      `${DASUO_HOUSEHOLDS} of ${DASUO_HOUSEHOLDS} households, ${DASUO_PERSONS} of ${DASUO_PERSONS} people`,
      counted.complete && households.accounted === DASUO_HOUSEHOLDS && persons.accounted === DASUO_PERSONS,
      accountedFor(counted),
    ),
    expectation('at the doors one household refused, one was away, one had moved house, and two people needed help', doorsAsSeeded(rows), wordsAt(rows)),
    expectation('the guests and the road camp were counted full', counted.places.total === 2 && counted.places.open === 0, counted.places),
    expectation('two who went back opened the list again, and it was completed again', turnsOf(rows) === 'completed reopened completed', turnsOf(rows)),
    expectation('every section was filled, from the village where Dasuo had too few', sections.needed > 0 && sections.have === sections.needed, sections),
    expectation('a pair that missed its check-in was missed, found, and is back', told(rows, 'pair.overdue') > 0 && sections.pairsOverdue === 0, sections),
    expectation('every task was signed off by somebody else', tasks.total > 0 && tasks.byStatus['signed-off'] === tasks.total, tasks),
  ];
}

/** How many people were first said to be so. */
function wordsAt(rows: readonly TimelineRow[]): Record<string, number> {
  const words: Record<string, number> = {};
  for (const { type, data } of rows)
    if (type === 'person.marked' && data['was'] === 'unreached') words[String(data['status'])] = (words[String(data['status'])] ?? 0) + 1;
  return words;
}

function doorsAsSeeded(rows: readonly TimelineRow[]): boolean {
  const { refused = 0, away = 0, relocated = 0, 'needs-help': helped = 0 } = wordsAt(rows);
  return refused > 1 && away > 1 && relocated > 1 && helped === 2;
}

const told = (rows: readonly TimelineRow[], type: string) => rows.filter((row) => row.type === type).length;

function turnsOf(rows: readonly TimelineRow[]): string {
  const words: Record<string, string> = { 'rollcall.completed': 'completed', 'rollcall.reopened': 'reopened' };
  return rows.flatMap((row) => words[row.type] ?? []).join(' ');
}
