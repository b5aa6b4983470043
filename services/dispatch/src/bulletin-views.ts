// Routine broadcasts: what an officer is shown of them, of his own ground.
import { nextTimeMs, timesBetween } from '@laba/domain/bulletin';
import type {
  BulletinCounts,
  BulletinListView,
  BulletinSpeakerView,
  BulletinTextView,
  BulletinTimeDetail,
  BulletinTimesView,
  BulletinTimeView,
  BulletinView,
} from '@laba/domain/bulletin-view';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { isWithin } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { hasScope, roleMay, type Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import { findPolicy } from '@laba/storage/policy';
import { alertsBetween, countTimes, oldGateways, speakersOfTime, spokenAt, type TimeCounts, type TimeSpeaker } from './bulletin-delivery-store.ts';
import { findAudio, findTime, lastTimes, listBulletins, nodeNames, officerNames, timesFrom, type Bulletin, type BulletinTime } from './bulletin-store.ts';
import { spokenSeconds } from './make-bulletin.ts';

type ViewDeps = Pick<Deps, 'db' | 'config' | 'clock'>;

const DAY_MS = 86_400_000;

/** Whoever lives under a bulletin, or above it, may read it. */
export function mayRead(officer: Officer, areaCodes: readonly string[]): boolean {
  return areaCodes.some((code) => hasScope(officer, code) || officer.scopes.some((scope) => isWithin(code, scope)));
}

const timeOf =
  ({ config }: ViewDeps) =>
  (ms: number) =>
    capTime(ms, config.utcOffsetMinutes);

export async function listView(deps: ViewDeps, officer: Officer): Promise<BulletinListView> {
  const nowMs = deps.clock.now();
  const seen = (await listBulletins(deps.db, officer.scopes)).filter(({ areaCodes }) => mayRead(officer, areaCodes));
  const [{ policy }, views, old] = await Promise.all([
    findPolicy(deps.db, deps.config.county),
    bulletinViews(deps, officer, seen),
    oldGateways(deps.db, officer.scopes),
  ]);
  const { mostSpeakers, mostSeconds, resumeMinutes, aheadMinutes } = policy.bulletins;
  const { from: quietFrom, to: quietTo } = policy.quietHours;
  return {
    asOf: timeOf(deps)(nowMs),
    bulletins: views,
    rules: { mostSpeakers: mostSpeakers[officer.role], mostSeconds, resumeMinutes, aheadMinutes, quietFrom, quietTo },
    oldGateways: old.ids,
    oldSites: old.sites,
  };
}

const clipsOf = (ones: readonly Pick<Bulletin, 'texts'>[]) => [...new Set(ones.flatMap(({ texts }) => texts.flatMap(({ clipSha256 }) => clipSha256 ?? [])))];

export function textViews(texts: Bulletin['texts'], recordings: ReadonlyMap<string, number>): BulletinTextView[] {
  return texts.map(({ language, text, clipSha256 = null }) => ({
    ...{ language, text, audioSha256: clipSha256 },
    seconds: spokenSeconds(text, recordings.get(clipSha256 ?? '')),
  }));
}

export async function bulletinViews(deps: ViewDeps, officer: Officer, bulletins: readonly Bulletin[]): Promise<BulletinView[]> {
  const [names, officers, last, recordings] = await Promise.all([
    namesFor(deps, bulletins),
    officerNames(deps.db),
    lastTimes(
      deps.db,
      bulletins.map(({ id }) => id),
      deps.clock.now(),
    ),
    findAudio(deps.db, clipsOf(bulletins)),
  ]);
  const lastViews = new Map((await timeViews(deps, officer, last)).map((view) => [view.bulletinId, view]));
  const time = timeOf(deps);
  return bulletins.map((one) => {
    const { id, title, areaCodes, times, volume, seconds, state, speakers, changedAtMs, version } = one;
    const mayManage = roleMay(officer.role, 'bulletin.manage') && areaCodes.every((code) => hasScope(officer, code));
    const nextMs = state === 'on' ? nextTimeMs(times, deps.config.utcOffsetMinutes, deps.clock.now()) : undefined;
    return {
      ...{ id, title, areaCodes, times, volume, seconds, state, speakers, version, mayManage },
      texts: textViews(one.texts, recordings),
      areaNames: namesIn(names, areaCodes),
      madeBy: officers.get(one.madeBy) ?? one.madeBy,
      changedBy: officers.get(one.changedBy) ?? one.changedBy,
      changedAt: time(changedAtMs),
      approvedBy: one.approvedBy === null ? null : (officers.get(one.approvedBy) ?? one.approvedBy),
      nextTime: nextMs === undefined ? null : time(nextMs),
      last: lastViews.get(id) ?? null,
      mayApprove: mayManage && state === 'waiting' && one.changedBy !== officer.id,
    };
  });
}

type Names = ReadonlyMap<string, string>;
const namesIn = (names: Names, codes: readonly string[]) => codes.map((code) => names.get(code) ?? code);
const namesFor = (deps: ViewDeps, ones: readonly { areaCodes: string[] }[]) =>
  nodeNames(deps.db, [...new Set(ones.flatMap(({ areaCodes }) => areaCodes))].slice(0, LIMITS.gridNodesShown));

async function timeViews(deps: ViewDeps, officer: Officer, times: readonly BulletinTime[]): Promise<BulletinTimeView[]> {
  const ids = times.map(({ id }) => id);
  const [counted, names] = await Promise.all([countTimes(deps.db, ids, officer.scopes), namesFor(deps, times)]);
  const counts = new Map(counted.map((one) => [one.timeId, one]));
  return times.map(({ id, bulletinId, title, startMs, state, reason, areaCodes }) => ({
    areaNames: namesIn(names, areaCodes),
    ...{ id, bulletinId, title, state, reason },
    startTime: timeOf(deps)(startMs),
    counts: countsView(counts.get(id)),
  }));
}

function countsView(counts: TimeCounts | undefined): BulletinCounts | null {
  if (counts === undefined) return null;
  const { timeId: _, ...numbers } = counts;
  return numbers;
}

interface Asked {
  from: string;
  days: number;
  /** Of one bulletin alone. */
  bulletin?: string | undefined;
}

/** All times of some days: what was, and what is to come, also where nobody is told yet. */
export async function timesView(deps: ViewDeps, officer: Officer, { from: fromDay, days, bulletin }: Asked): Promise<BulletinTimesView> {
  const offset = deps.config.utcOffsetMinutes;
  const fromMs = Date.parse(`${fromDay}T00:00:00Z`) - offset * 60_000;
  const toMs = fromMs + days * DAY_MS;
  const put = (await timesFrom(deps.db, officer.scopes, fromMs, toMs, bulletin)).filter(({ areaCodes }) => mayRead(officer, areaCodes));
  const bulletins = (await listBulletins(deps.db, officer.scopes)).filter(
    ({ id, state, areaCodes }) => state !== 'stopped' && (bulletin ?? id) === id && mayRead(officer, areaCodes),
  );
  const names = await namesFor(deps, bulletins);
  const ahead = bulletins.flatMap(({ id: bulletinId, title, times, plannedToMs, areaCodes, state }) =>
    timesBetween(times, offset, Math.max(fromMs - 1, plannedToMs), toMs - 1, LIMITS.bulletinTimesShown).map((ms): BulletinTimeView => ({
      state: state === 'waiting' ? 'waiting' : 'ahead',
      ...{ id: null, bulletinId, title, reason: null, counts: null, areaNames: namesIn(names, areaCodes) },
      startTime: timeOf(deps)(ms),
    })),
  );
  const times = [...(await timeViews(deps, officer, put)), ...ahead].sort((a, b) => a.startTime.localeCompare(b.startTime));
  const isCut = put.length === LIMITS.bulletinTimesShown || times.length > LIMITS.bulletinTimesShown;
  return { asOf: timeOf(deps)(deps.clock.now()), from: fromDay, isCut, times: times.slice(0, LIMITS.bulletinTimesShown) };
}

/** @throws `not-found`, `out-of-scope` */
export async function readableTime(deps: ViewDeps, officer: Officer, id: string): Promise<BulletinTime> {
  const time = await findTime(deps.db, id);
  if (time === undefined) throw new LabaError('not-found', 'There is no such time of a bulletin.');
  if (!mayRead(officer, time.areaCodes)) throw new LabaError('out-of-scope', 'This bulletin does not touch your grid scope.');
  return time;
}

export async function timeDetail(deps: ViewDeps, officer: Officer, id: string): Promise<BulletinTimeDetail> {
  const time = await readableTime(deps, officer, id);
  const speakers = await speakersOfTime(deps.db, id, officer.scopes);
  const gaveWay = speakers.filter(({ repeat, state }) => repeat > 1 || state === 'stopped').map(({ speakerId }) => speakerId);
  const [alerts, spoken, views, recordings] = await Promise.all([
    alertsBetween(deps.db, time.startMs, time.endMs),
    spokenAt(deps.db, gaveWay, time.startMs, time.endMs),
    timeViews(deps, officer, [time]),
    findAudio(deps.db, clipsOf([time])),
  ]);
  const before = (speaker: TimeSpeaker): BulletinSpeakerView['preemptedBy'] => {
    if (!(speaker.repeat > 1 || (speaker.state === 'stopped' && speaker.reason !== 'cancelled'))) return [];
    const reach = alerts.filter(({ mode, areaCodes }) => mode !== 'test' && areaCodes.some((code) => isWithin(code, speaker.gridCode)));
    return [
      ...reach.map(({ mode, texts }) => ({ mode, title: texts[0]?.title ?? null })),
      ...(spoken.has(speaker.speakerId) ? [{ mode: 'microphone' as const, title: null }] : []),
    ];
  };
  return {
    asOf: timeOf(deps)(deps.clock.now()),
    time: views[0]!,
    texts: textViews(time.texts, recordings),
    speakers: speakers.map((one) => speakerView(deps, one, before(one))),
  };
}

function speakerView(deps: ViewDeps, one: TimeSpeaker, preemptedBy: BulletinSpeakerView['preemptedBy']): BulletinSpeakerView {
  const { speakerId, gridCode, state, reason, repeat, changedAtMs } = one;
  return {
    ...{ speakerId, gridCode, state, reason, preemptedBy, starts: repeat },
    speakerName: one.speakerName ?? speakerId,
    siteName: one.siteName ?? one.siteId,
    placeName: one.placeName ?? gridCode,
    changedAt: timeOf(deps)(changedAtMs),
  };
}
