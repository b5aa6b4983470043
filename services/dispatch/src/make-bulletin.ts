// Routine broadcasts: an officer makes, changes, agrees to and stops them. What it says, where and when is checked here, before it is anybody's plan.
import type { AlertText } from '@laba/domain/alert';
import { bulletinPrefix, nextTimeMs, saysBulletin, wrongTimes, type BulletinTimes } from '@laba/domain/bulletin';
import type { BulletinWrongName } from '@laba/domain/bulletin-view';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { coveringCode, withoutCovered } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Policy } from '@laba/domain/policy';
import { quietUntilMs } from '@laba/domain/quiet-hours';
import { cleanText, isSpeakable } from '@laba/domain/text';
import type { Act, Permit } from '@laba/runtime/auth';
import { houseCode } from '@laba/runtime/config';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { findPolicy } from '@laba/storage/policy';
import {
  changeBulletin,
  countSpeakers,
  endTime,
  findAudio,
  findBulletin,
  insertBulletin,
  plannedTimes,
  type Bulletin,
  type BulletinTime,
} from './bulletin-store.ts';
import { wrongBulletin } from './bulletin-wrong.ts';

export interface BulletinInput {
  title: string;
  texts: readonly { language: string; text: string; audioSha256?: string | null | undefined }[];
  areaCodes: readonly string[];
  times: BulletinTimes;
  volume: number;
}

type Content = Pick<Bulletin, 'title' | 'texts' | 'areaCodes' | 'gridCode' | 'times' | 'volume' | 'seconds' | 'speakers'>;

const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
/** As fast as a voice is likely to speak. */
const CHARS_PER_SECOND = { han: 4.3, letters: 13 };
const HAN = /\p{Script=Han}/u;
/** The chime, the words before it, and a pause before each language. */
const BEFORE_SECONDS = 4;
const DAY_MS = 86_400_000;

export function spokenSeconds(text: string, durationMs: number | undefined): number {
  if (durationMs !== undefined) return Math.max(1, Math.round(durationMs / 1_000));
  return Math.max(1, Math.round([...text].length / (HAN.test(text) ? CHARS_PER_SECOND.han : CHARS_PER_SECOND.letters)));
}

/** The words as they are spoken, and how long all of them take. @throws `bad-text`, `bad-audio` */
export async function wordsOf(deps: Pick<Deps, 'db'>, { title: given, texts: asked }: Pick<BulletinInput, 'title' | 'texts'>, { bulletins }: Policy) {
  const title = cleanText(given);
  if (!isSpeakable(title) || title.length > LIMITS.alertTitleChars)
    throw wrongBulletin('bad-text', 'title', `The title has 1 to ${LIMITS.alertTitleChars} characters that can be spoken.`, 'title', {
      most: LIMITS.alertTitleChars,
    });
  const recordings = await findAudio(
    deps.db,
    asked.flatMap(({ audioSha256 }) => audioSha256 ?? []),
  );
  const texts = asked.map((text) => textOf(title, text, recordings));
  if (new Set(texts.map(({ language }) => language.toLowerCase())).size < texts.length)
    throw wrongBulletin('bad-text', 'language-twice', 'A language comes twice.', 'texts');
  const seconds = BEFORE_SECONDS + texts.reduce((sum, { text, clipSha256 }) => sum + spokenSeconds(text, recordings.get(clipSha256 ?? '')), 0);
  const most = bulletins.mostSeconds;
  if (seconds > most)
    throw wrongBulletin('bad-text', 'too-long', `It takes about ${seconds} seconds; ${most} are possible: say less, or make two bulletins of it.`, 'texts', {
      seconds,
      most,
    });
  return { title, texts, seconds, recordings };
}

/** @throws `bad-text`, `bad-time`, `empty-area`, `bad-audio` */
async function contentOf(deps: Deps, input: BulletinInput, policy: Policy): Promise<Content> {
  const { title, texts, seconds } = await wordsOf(deps, input, policy);
  const areaCodes = withoutCovered(input.areaCodes);
  const speakers = await countSpeakers(deps.db, areaCodes);
  if (speakers === 0) throw wrongBulletin('empty-area', 'no-speaker', 'There is no loudspeaker in this area.', 'areaCodes');
  assertTimes(deps, input.times, policy, seconds);
  const gridCode = coveringCode(areaCodes) ?? houseCode(deps.config);
  return { title, texts, areaCodes, gridCode, times: input.times, volume: Math.round(input.volume), seconds, speakers };
}

function textOf(title: string, given: BulletinInput['texts'][number], recordings: ReadonlyMap<string, number>): AlertText {
  const { language, audioSha256 } = given;
  const wrong = (name: BulletinWrongName, why: string, figures: Record<string, string | number> = {}) =>
    wrongBulletin('bad-text', name, why, 'texts', { language: language.slice(0, 35), ...figures });
  if (!LANGUAGE.test(language)) throw wrong('language-tag', `${language.slice(0, 35)}: this is not a BCP 47 tag such as zh-CN.`);
  if (audioSha256 != null && !recordings.has(audioSha256))
    throw wrongBulletin('bad-audio', 'no-recording', 'There is no recording with this SHA-256: upload it first.', 'texts');
  const words = cleanText(given.text);
  const text = saysBulletin({ language, text: words }) ? words : bulletinPrefix(language) + (words === '' && audioSha256 != null ? title : words);
  if (!isSpeakable(text.slice(bulletinPrefix(language).length))) throw wrong('words-empty', `${language}: the words are empty or cannot be spoken.`);
  if (text.length > LIMITS.alertTextChars)
    throw wrong('words-long', `${language}: the words have ${text.length} characters; ${LIMITS.alertTextChars} are possible.`, {
      characters: text.length,
      most: LIMITS.alertTextChars,
    });
  return { language, title, text, ...(audioSha256 == null ? {} : { clipSha256: audioSha256 }) };
}

/** @throws `bad-time` */
export function assertTimes({ config, clock }: Pick<Deps, 'config' | 'clock'>, times: BulletinTimes, policy: Policy, seconds: number): void {
  const wrong = wrongTimes(times);
  if (wrong === 'weekdays') throw wrongBulletin('bad-time', 'weekdays', 'weekdays: say on which days of the week.', 'times.weekdays');
  if (wrong === 'to') throw wrongBulletin('bad-time', 'days', 'to: the last day lies before the first.', 'times.to');
  const { from, to } = policy.quietHours;
  const quiet = { from, to, utcOffsetMinutes: 0 };
  for (const at of times.at) {
    const atMs = DAY_MS + Date.parse(`1970-01-01T${at}:00Z`);
    if (quietUntilMs(quiet, atMs) !== undefined || quietUntilMs(quiet, atMs + seconds * 1_000) !== undefined)
      throw wrongBulletin(
        'bad-time',
        'quiet-hours',
        `${at}: from ${from} to ${to} no bulletin sounds. Choose a time at which it is over before ${from}.`,
        'times.at',
        { at, from, to },
      );
  }
  if (nextTimeMs(times, config.utcOffsetMinutes, clock.now()) === undefined)
    throw wrongBulletin('bad-time', 'passed', 'All these times have passed.', 'times.from');
}

/** How many loudspeakers he may reach alone. */
function stateFor({ bulletins }: Policy, speakers: number, { officer }: Permit): Bulletin['state'] {
  return speakers > bulletins.mostSpeakers[officer.role] ? 'waiting' : 'on';
}

/** @throws as `contentOf` */
export async function makeBulletin(deps: Deps, input: BulletinInput, permit: Permit<'bulletin.manage'>, act: Act): Promise<string> {
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const content = await contentOf(deps, input, policy);
  const nowMs = deps.clock.now();
  const id = deps.ids();
  const by = permit.officer.id;
  const bulletin: Bulletin = {
    ...{ id, ...content, state: stateFor(policy, content.speakers, permit), plannedToMs: nowMs },
    ...{ madeBy: by, madeAtMs: nowMs, changedBy: by, changedAtMs: nowMs, approvedBy: null, version: 1 },
  };
  await deps.db.atomically([...act.once, insertBulletin(bulletin), ...decided(deps, 'bulletin.made', bulletin, act)]);
  return id;
}

function decided(deps: Deps, type: 'bulletin.made' | 'bulletin.changed' | 'bulletin.approved', bulletin: Bulletin, act: Act): Op[] {
  const { id, version, areaCodes, speakers, gridCode, state } = bulletin;
  return record(deps.ids, {
    ...{ type, atMs: deps.clock.now(), who: act.who, via: act.via, gridCode, subjectId: id, data: { version, areaCodes, speakers } },
    due: { 'dispatch.plan-bulletin': state === 'on' ? deps.clock.now() : null },
  });
}

/** @throws `not-found`, `changed-meanwhile` */
export async function seenBulletin(deps: Pick<Deps, 'db'>, id: string, seenVersion: number | undefined): Promise<Bulletin> {
  const bulletin = await findBulletin(deps.db, id);
  if (bulletin === undefined) throw new LabaError('not-found', 'There is no bulletin with this id.');
  if (seenVersion !== undefined && seenVersion !== bulletin.version) throw new LabaError('changed-meanwhile', undefined, { version: bulletin.version });
  return bulletin;
}

/** The whole of it anew. What sounds already goes on; what is planned and has not begun is taken back and planned as it is now. @throws as `contentOf`, `transition-refused` */
export async function editBulletin(deps: Deps, before: Bulletin, input: BulletinInput, permit: Permit<'bulletin.manage'>, act: Act): Promise<void> {
  assertGoesOn(before);
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const content = await contentOf(deps, input, policy);
  const nowMs = deps.clock.now();
  const change = {
    ...{ ...content, state: stateFor(policy, content.speakers, permit), plannedToMs: nowMs, approvedBy: null },
    ...{ changedBy: permit.officer.id, changedAtMs: nowMs, version: before.version + 1 },
  };
  const planned = await plannedTimes(deps.db, before.id, nowMs);
  await deps.db.atomically([
    ...act.once,
    changeBulletin(before, change),
    ...decided(deps, 'bulletin.changed', { ...before, ...change }, act),
    ...planned.flatMap((time) => cancelOps(deps, time, act)),
  ]);
}

/** The second officer agrees. @throws `same-officer`, `transition-refused` */
export async function approveBulletin(deps: Deps, before: Bulletin, permit: Permit<'bulletin.manage'>, act: Act): Promise<void> {
  if (before.state !== 'waiting') throw new LabaError('transition-refused', 'This bulletin does not wait for a second officer.');
  if (before.changedBy === permit.officer.id) throw new LabaError('same-officer');
  const nowMs = deps.clock.now();
  const change = { state: 'on', approvedBy: permit.officer.id, changedAtMs: nowMs, plannedToMs: nowMs, version: before.version + 1 } as const;
  await deps.db.atomically([...act.once, changeBulletin(before, change), ...decided(deps, 'bulletin.approved', { ...before, ...change }, act)]);
}

/** For good; what sounds now falls silent. @throws `transition-refused` */
export async function stopBulletinForGood(deps: Deps, before: Bulletin, permit: Permit<'bulletin.manage'>, act: Act): Promise<void> {
  assertGoesOn(before);
  const nowMs = deps.clock.now();
  const version = before.version + 1;
  const planned = await plannedTimes(deps.db, before.id, 0);
  await deps.db.atomically([
    ...act.once,
    changeBulletin(before, { state: 'stopped', changedBy: permit.officer.id, changedAtMs: nowMs, version }),
    ...record(deps.ids, {
      type: 'bulletin.stopped',
      atMs: nowMs,
      who: act.who,
      via: act.via,
      gridCode: before.gridCode,
      subjectId: before.id,
      data: { version },
    }),
    ...planned.flatMap((time) => cancelOps(deps, time, act)),
  ]);
}

function assertGoesOn({ state }: Bulletin): void {
  if (state === 'stopped') throw new LabaError('transition-refused', 'This bulletin was stopped: make a new one.');
}

/** One time of it alone. @throws `transition-refused` */
export async function cancelTime(deps: Deps, time: BulletinTime, act: Act): Promise<void> {
  if (time.state !== 'planned') throw new LabaError('transition-refused', 'This time is over, or was taken back before.');
  await deps.db.atomically([...act.once, ...cancelOps(deps, time, act)]);
}

function cancelOps(deps: Deps, time: BulletinTime, act: Act): Op[] {
  const atMs = deps.clock.now();
  const { id, bulletinId, gridCode, startMs } = time;
  return [
    endTime(id, 'cancelled', atMs),
    ...record(deps.ids, {
      ...{ type: 'bulletin.time-cancelled', atMs, who: act.who, via: act.via, gridCode, subjectId: id },
      data: { bulletinId, startTime: capTime(startMs, deps.config.utcOffsetMinutes) },
    }),
  ];
}
