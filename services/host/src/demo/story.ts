// What the demo scenarios share: waiting for the county to show a fact, and measuring on its timeline.
import { Client } from '../cli/client.ts';
import type { DemoFile } from './demo-file.ts';
import { patientFetch } from './patient-fetch.ts';

export interface TimelineRow {
  seq: number;
  type: string;
  atMs: number;
  who: string;
  whoName: string;
  zh: string;
  en: string;
  gridCode: string;
  subjectId: string;
  data: Record<string, unknown>;
}

/** One line of a scenario's own timeline: ms from the raise. */
export interface StoryLine {
  atMs: number;
  event: string;
  who: string;
}

/** A line for people. `more`: so many people of whom the same was told at nearly the same time. */
export interface ToldLine {
  atMs: number;
  words: string;
  who: string;
  more: number;
}

const AT_ONCE_MS = 1_000;

export function storyOf(rows: readonly TimelineRow[], fromMs: number): StoryLine[] {
  return rows.map((row) => ({ atMs: row.atMs - fromMs, event: row.type, who: row.who }));
}

export function tellStory(rows: readonly TimelineRow[], fromMs: number): ToldLine[] {
  const told: (ToldLine & { together: string | undefined })[] = [];
  for (const row of rows) {
    const atMs = row.atMs - fromMs;
    const words = `${row.zh} ${row.en}`;
    const together = togetherAs(row, words);
    const first = together === undefined ? undefined : told.findLast((line) => line.together === together);
    if (first !== undefined && atMs - first.atMs <= AT_ONCE_MS) first.more += 1;
    else told.push({ atMs, words, who: row.whoName, more: 0, together });
  }
  return told;
}

/** Rows with the same answer tell the same of several people; none: the row stands for itself. */
function togetherAs({ type, who, data }: TimelineRow, words: string): string | undefined {
  if (type === 'person.marked') return words;
  if (type === 'message.sent') return `${type} ${String(data['channel'])}`;
  return type.startsWith('call.') && who === 'system' ? type : undefined;
}

const SPEAKER_STATES = ['received', 'playing', 'played', 'stopped', 'refused', 'failed'] as const;
export type SpeakerCounts = Record<'total' | (typeof SPEAKER_STATES)[number], number>;

export interface MemberCounts {
  total: number;
  answered: number;
  coming: number;
  onTheWay: number;
  arrived: number;
  cannot: number;
}

/** One of the demo county's officers, signed in. */
export async function signedIn(stage: { url: string; demo: DemoFile }, username: string): Promise<Client> {
  const login = stage.demo.logins.find((candidate) => candidate.username === username);
  if (login === undefined) throw new Error(`The demo county has no officer ${username}.`);
  const client = new Client(stage.url, patientFetch);
  await client.signIn(username, login.password);
  return client;
}

/** The timeline of one alert, read forward: each look fetches only what is new. */
export class Timeline {
  readonly #client: Client;
  readonly #alertId: string;
  readonly #rows: TimelineRow[] = [];

  constructor(client: Client, alertId: string) {
    this.#client = client;
    this.#alertId = alertId;
  }

  /** All rows up to now, oldest first. */
  async read(): Promise<readonly TimelineRow[]> {
    for (;;) {
      const after = this.#rows.at(-1)?.seq ?? 0;
      const page = await this.#client.get<{ events: TimelineRow[]; next: unknown }>(`/api/v1/alerts/${this.#alertId}/timeline?after=${after}`);
      this.#rows.push(...page.events);
      if (page.events.length === 0 || page.next === null) return this.#rows;
    }
  }
}

const isOwnSound = (row: TimelineRow) => (row.data['purpose'] ?? 'alert') === 'alert';

/** Whose delivery of the alert's own sound had an event of that type. */
export function speakersThat(rows: readonly TimelineRow[], type: string): Set<string> {
  return new Set(rows.filter((row) => row.type === type && isOwnSound(row)).map((row) => row.subjectId));
}

/** Deliveries of the alert's own sound that ever reached each state. `total`: the frozen audience. */
export function speakerCounts(rows: readonly TimelineRow[]): SpeakerCounts {
  const reached = (state: string) => speakersThat(rows, `delivery.${state}`).size;
  const frozen = rows.filter((row) => row.type === 'audience.frozen').at(-1);
  const counts: SpeakerCounts = { total: Number(frozen?.data['speakers'] ?? 0), received: 0, playing: 0, played: 0, stopped: 0, refused: 0, failed: 0 };
  for (const state of SPEAKER_STATES) counts[state] = reached(state);
  return counts;
}

/** The largest repeat that started. */
export function largestRepeat(rows: readonly TimelineRow[]): number {
  return Math.max(0, ...rows.filter((row) => row.type === 'delivery.playing' && isOwnSound(row)).map((row) => Number(row.data['repeat'] ?? 0)));
}

/** ms from `fromMs` to each delivery's first event of that type, ascending. */
export function timesTo(rows: readonly TimelineRow[], type: string, fromMs: number, keep: (row: TimelineRow) => boolean = () => true): number[] {
  const first = new Map<string, number>();
  for (const row of rows)
    if (row.type === type && row.atMs >= fromMs && isOwnSound(row) && keep(row) && !first.has(row.subjectId)) first.set(row.subjectId, row.atMs - fromMs);
  return [...first.values()].sort((a, b) => a - b);
}

/** The value below which the share lies (nearest rank); undefined of nothing. */
export function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export function atMsOf(rows: readonly TimelineRow[], type: string): number {
  const row = rows.find((candidate) => candidate.type === type);
  if (row === undefined) throw new Error(`The timeline has no ${type}.`);
  return row.atMs;
}

/** Well below the rate limit of one session. */
const LOOK_MS = 400;

/** Asks again until `look` gives something; an expectation that is not met in time is an error with its name. */
export async function until<T>(what: string, timeoutMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAt) throw new Error(`Waited ${timeoutMs / 1000} s in vain: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

export interface Expectation {
  name: string;
  held: boolean;
  saw: unknown;
}

export function expectation(name: string, held: boolean, saw: unknown): Expectation {
  return { name, held, saw };
}
