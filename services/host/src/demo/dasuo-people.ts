// The Dasuo night's people: who answers the call, who leads the village, who does the work; each by the page behind his own message.
import type { Answer } from '@laba/domain/member';
import type { Client } from '../cli/client.ts';
import { pagesOf, phoneLines } from './demo-phones.ts';
import { patientFetch } from './patient-fetch.ts';
import type { SeededRandom } from './seeded-random.ts';
import { until } from './story.ts';

export interface Night {
  url: string;
  dataDir: string;
  cadre: Client;
  /** Signs off what the members, the cadre and the township did. */
  duty: Client;
  alertId: string;
  raisedAtMs: number;
  random: SeededRandom;
  say: (line: string) => void;
}

/** Of those who were called: so many never answer, so many cannot come; the others come and arrive. */
export interface Turnout {
  /** The pages behind the messages of the first call. */
  pages: ReadonlySet<string>;
  silent: number;
  cannot: number;
  /** The pages of those who came and are there. */
  there: readonly string[];
}

/** A sender that died with messages in its hand: they go out again when its minute is over. */
const MESSAGE_MS = 120_000;
const SILENT = 2;
const CANNOT = 2;

async function press(url: string, page: string, fields: Record<string, string>): Promise<void> {
  const response = await patientFetch(new URL(page, url), { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });
  if (response.status !== 303) throw new Error(`A personal page answered ${response.status} to ${JSON.stringify(fields)}.`);
}

/** A member presses these on his page, one after the other. */
export async function answerOn(url: string, page: string, answers: readonly Answer[]): Promise<void> {
  for (const answer of answers) await press(url, page, { answer });
}

/** Everybody who was called answers for himself, on the page behind his message, as the seed has it. */
export async function everyMemberAnswers(night: Night): Promise<Turnout> {
  const { url, cadre, alertId, random, say } = night;
  const { calls } = await until('the members are called', MESSAGE_MS, async () => {
    const list = await cadre.get<{ calls: { state: string }[] }>(`/api/v1/alerts/${alertId}/calls`);
    return list.calls.length > 0 ? list : undefined;
  });
  const pages = await until('every phone has its message', MESSAGE_MS, async () => {
    const all = pagesOf(phoneLines(night.dataDir, night.raisedAtMs), 'call');
    return all.length === calls.length ? all : undefined;
  });
  const left = [...pages];
  const take = (count: number) => Array.from({ length: count }, () => left.splice(random.int(0, left.length - 1), 1)[0]!);
  const silent = take(SILENT);
  const cannot = take(CANNOT);
  for (const page of cannot) await answerOn(url, page, ['cannot']);
  for (const page of left) await answerOn(url, page, ['coming', 'on-the-way', 'arrived']);
  say(`${left.length} of ${pages.length} members come and arrive, ${cannot.length} cannot, ${silent.length} never answer`);
  return { pages: new Set(pages), silent: silent.length, cannot: cannot.length, there: left };
}

export interface LadderCounts {
  total: number;
  answered: number;
  moving: number;
  overdue: number;
  persons: number;
}

/** The village's responsible person answers 收到, and then that they are on their way, with how many. */
export async function villageAnswers(night: Night, persons: number): Promise<void> {
  const [page] = await until('the responsible person is asked', MESSAGE_MS, async () => {
    const pages = pagesOf(phoneLines(night.dataDir, night.raisedAtMs), 'ladder');
    return pages.length > 0 ? pages : undefined;
  });
  await press(night.url, page!, { said: 'got-it' });
  await press(night.url, page!, { said: 'moving', persons: String(persons) });
  night.say(`the village answers 收到 (got it), then: moving, ${persons} people`);
}

export async function ladderOf({ cadre, alertId }: Pick<Night, 'cadre' | 'alertId'>): Promise<LadderCounts> {
  return (await cadre.get<{ counts: LadderCounts }>(`/api/v1/alerts/${alertId}/ladders`)).counts;
}

export interface TaskCounts {
  total: number;
  open: number;
  overdue: number;
  byStatus: Record<string, number>;
}

interface TaskPage {
  counts: TaskCounts;
  tasks: { id: string; kind: string; state: string }[];
}

/** What comes up at the doors, beside the work of the order itself. */
const CAME_UP = ['refused-household', 'help-person', 'help-person', 'move-rest'] as const;

/** Each task is done by its owner on his own page, or by the cadre where that is nobody's; somebody else signs it off. */
export async function workIsDone(night: Night): Promise<void> {
  const { url, cadre, duty, alertId, say } = night;
  const path = `/api/v1/tasks?alertId=${alertId}`;
  await until('every task of this night is given out', MESSAGE_MS, async () => {
    const kinds = (await cadre.get<TaskPage>(path)).tasks.map((task) => task.kind);
    return CAME_UP.every((kind, i) => kinds.filter((one) => one === kind).length > CAME_UP.slice(0, i).filter((one) => one === kind).length) ? true : undefined;
  });
  for (const page of pagesOf(phoneLines(night.dataDir, night.raisedAtMs), 'task')) await press(url, page, { move: 'done', words: '已完成' });
  for (const task of (await cadre.get<TaskPage>(path)).tasks)
    if (task.state === 'open' || task.state === 'taken') await cadre.post(`/api/v1/tasks/${task.id}/done`, { words: '已完成' });
  for (const task of (await cadre.get<TaskPage>(path)).tasks) if (task.state === 'done') await duty.post(`/api/v1/tasks/${task.id}/sign-off`, {});
  const counts = await tasksOf(night);
  say(`${counts.byStatus['signed-off'] ?? 0} of ${counts.total} tasks are done and signed off by somebody else`);
}

export async function tasksOf({ cadre, alertId }: Pick<Night, 'cadre' | 'alertId'>): Promise<TaskCounts> {
  return (await cadre.get<TaskPage>(`/api/v1/tasks?alertId=${alertId}`)).counts;
}
