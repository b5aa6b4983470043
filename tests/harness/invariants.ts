// The promises as functions over a recorded history: each returns what broke it, in words; an empty list means it held.
import { saysBulletin } from '@laba/domain/bulletin';
import { isEnded, type DeliveryState, type Purpose } from '@laba/domain/delivery';
import type { Mode } from '@laba/domain/alert';

export interface HistoryEvent {
  type: string;
  atMs: number;
  subjectId: string;
  alertId: string | null;
  data: Record<string, unknown>;
}

export interface HistoryDelivery {
  id: string;
  alertId: string;
  revision: number;
  purpose: Purpose;
  speakerId: string;
  mode: Mode;
  playTimes: number;
  state: DeliveryState;
  repeat: number;
  reason: string | null;
}

/** One start of sound, as the pole wrote it down. */
export interface HistoryPlay {
  speakerId: string;
  alertId: string;
  revision: number;
  purpose: Purpose;
  repeat: number;
  mode: Mode;
  startedAtMs: number;
  hasSiren: boolean;
  /** The words that were to be heard, all languages. */
  words: string;
}

/** One start of a sound at one speaker. */
export type Repeat = Pick<HistoryPlay, 'speakerId' | 'alertId' | 'revision' | 'purpose' | 'repeat'>;

export interface History {
  /** What somebody was told is done: event type and subject. */
  acknowledged: { type: string; subjectId: string }[];
  events: HistoryEvent[];
  deliveries: HistoryDelivery[];
  /** Jobs that are not done, by the alert they work for. */
  openJobs: { consumer: string; alertId: string | null }[];
  calls: { id: string; alertId: string; state: string }[];
  alerts: { id: string; mode: Mode; state: string; endTimeMs: number }[];
  plays: HistoryPlay[];
  /** When a device learned that an alert is over: by a stop command it accepted. */
  knownOver: { speakerId: string; alertId: string; atMs: number }[];
  /** What the county signed: nothing else may sound. */
  signed: { alertId: string; revision: number; purpose: Purpose }[];
  /** How large something that is fed from outside became, beside what it may be. */
  measured: { what: string; size: number; limit: number }[];
  /** What was asked of the county, and whether it was turned away for overload. */
  asked: { live: boolean; shed: boolean; atMs: number }[];
  /** What went wrong with the house, and when an officer could first read of it. */
  troubles: Trouble[];
}

export interface Trouble {
  what: string;
  beganAtMs: number;
  /** When it was over, or the recording was: nobody has to see what is no more. */
  overAtMs: number;
  seenAtMs: number | undefined;
  /** 60 s; a silent site 90 s. */
  withinMs: number;
}

export const nameOf = (play: Repeat) => `${play.speakerId} ${play.alertId} r${play.revision} ${play.purpose} #${play.repeat}`;

/** I1: nothing acknowledged is lost. */
export function checkI1(history: Pick<History, 'acknowledged' | 'events'>): string[] {
  const known = new Set(history.events.map((event) => `${event.type} ${event.subjectId}`));
  return history.acknowledged
    .map((ack) => `${ack.type} ${ack.subjectId}`)
    .filter((ack) => !known.has(ack))
    .map((ack) => `lost: ${ack}`);
}

/** I2: no limbo: ended, or somebody is visibly still working on it. */
export function checkI2(history: Pick<History, 'deliveries' | 'openJobs' | 'calls' | 'alerts'>): string[] {
  // The job that waits for the expiry hours from now is open too, and works on nothing.
  const workedBy = (service: string) => new Set(history.openJobs.filter((job) => job.consumer.startsWith(`${service}.`)).map((job) => job.alertId));
  const [worked, called] = [workedBy('dispatch'), workedBy('mobilization')];
  const active = new Set(history.alerts.filter((alert) => alert.state === 'raised').map((alert) => alert.id));
  // What a device plays, the device works on: that it comes to an end is seen when all is quiet.
  const deliveries = history.deliveries.filter((one) => one.state !== 'playing' && !isEnded(one, one.mode, one.playTimes) && !worked.has(one.alertId));
  const calls = history.calls.filter((call) => !['answered', 'closed'].includes(call.state) && !active.has(call.alertId) && !called.has(call.alertId));
  return [
    ...deliveries.map((one) => `limbo: delivery ${one.id} is ${one.state} and nobody works on it`),
    ...calls.map((one) => `limbo: call ${one.id} is ${one.state} after the alert`),
  ];
}

/** I3: at most one start per (speaker, alert, revision, repeat). */
export function checkI3(history: { plays: readonly Repeat[] }): string[] {
  const seen = new Set<string>();
  return history.plays
    .map(nameOf)
    .filter((name) => seen.size === seen.add(name).size)
    .map((name) => `played twice: ${name}`);
}

/** I4: nothing over starts to play once the device knows it, or could know it by its own clock. */
export function checkI4(history: Pick<History, 'plays' | 'knownOver' | 'alerts'>): string[] {
  const own = history.plays.filter((play) => play.purpose === 'alert');
  const afterStop = own.filter((play) =>
    history.knownOver.some((over) => over.speakerId === play.speakerId && over.alertId === play.alertId && play.startedAtMs > over.atMs),
  );
  const afterEnd = own.filter((play) => history.alerts.some((alert) => alert.id === play.alertId && play.startedAtMs >= alert.endTimeMs));
  return [
    ...afterStop.map((play) => `played after its end was known: ${nameOf(play)}`),
    ...afterEnd.map((play) => `played after its end time: ${nameOf(play)}`),
  ];
}

/** I5: a drill or test never sounds like live, nor live like a drill; and a routine broadcast like neither. */
export function checkI5(history: Pick<History, 'plays' | 'alerts'>): string[] {
  const modes = new Map(history.alerts.map((alert) => [alert.id, alert.mode]));
  return history.plays.flatMap((play) => {
    if (play.purpose === 'bulletin')
      return [
        ...(play.hasSiren ? [`a bulletin with the public siren: ${nameOf(play)}`] : []),
        ...(saysBulletin({ language: 'zh-CN', text: play.words }) ? [] : [`a bulletin that does not say so: ${nameOf(play)}`]),
      ];
    const mode = modes.get(play.alertId);
    const saysDrill = /演练|drill/i.test(play.words);
    return [
      ...(mode !== undefined && mode !== play.mode ? [`sounded as ${play.mode}, is ${mode}: ${nameOf(play)}`] : []),
      ...(play.mode === 'test' ? [`a test made a sound: ${nameOf(play)}`] : []),
      ...(play.mode === 'drill' && play.hasSiren ? [`a drill with the public siren: ${nameOf(play)}`] : []),
      ...(play.mode === 'drill' && !saysDrill ? [`a drill that does not say so: ${nameOf(play)}`] : []),
      ...(play.mode === 'live' && saysDrill ? [`live that calls itself a drill: ${nameOf(play)}`] : []),
    ];
  });
}

/** Changes that can happen to one thing once; an alert is raised once and updated once per revision. */
const ONCE = new Set([
  'report.received',
  'alert.drafted',
  'alert.raised',
  'alert.updated',
  'alert.ended',
  'alert.cancelled',
  'alert.expired',
  'audience.frozen',
  'call.closed',
]);

/** I7: every delivery's state stands on the timeline, no state without its row; what happens once is told once. */
export function checkI7(history: Pick<History, 'deliveries' | 'events'>): string[] {
  const told = new Set(history.events.map((event) => `${event.type} ${event.subjectId}`));
  const untold = history.deliveries
    .filter((one) => one.state !== 'queued' && !told.has(`delivery.${one.state} ${one.id}`))
    .map((one) => `untold: delivery ${one.id} is ${one.state}`);
  const seen = new Set<string>();
  const twice = history.events
    .filter((event) => ONCE.has(event.type))
    .map((event) => `${event.type} ${event.subjectId} r${String(event.data['revision'] ?? '')}`)
    .filter((name) => seen.size === seen.add(name).size);
  return [...untold, ...twice.map((name) => `told twice: ${name}`)];
}

/** I8: no forged, altered or replayed command plays: every sound was signed by the county. */
export function checkI8(history: Pick<History, 'plays' | 'signed'>): string[] {
  const signed = new Set(history.signed.map((one) => `${one.alertId} r${one.revision} ${one.purpose}`));
  return history.plays.filter((play) => !signed.has(`${play.alertId} r${play.revision} ${play.purpose}`)).map((play) => `nobody signed: ${nameOf(play)}`);
}

/** Within this time of a live act that was turned away, nothing lesser may have been let in. */
const SAME_MOMENT_MS = 1_000;

/** I9: everything that is fed from outside has a limit, and under overload what is live is shed last. */
export function checkI9(history: Pick<History, 'measured' | 'asked'>): string[] {
  const lesser = history.asked.filter((one) => !one.live && !one.shed);
  return [
    ...history.measured.filter((one) => one.size > one.limit).map((one) => `over its limit: ${one.what} is ${one.size} of ${one.limit}`),
    ...history.asked
      .filter((one) => one.live && one.shed && lesser.some((other) => Math.abs(other.atMs - one.atMs) <= SAME_MOMENT_MS))
      .map((one) => `a live act was shed at ${one.atMs} while something lesser was let in`),
  ];
}

/** I11: what is wrong is seen by an officer in time, unless it was over before. */
export function checkI11(history: Pick<History, 'troubles'>): string[] {
  return history.troubles
    .filter((one) => (one.seenAtMs ?? one.overAtMs) - one.beganAtMs > one.withinMs)
    .map((one) => `unseen: ${one.what}, ${Math.round(((one.seenAtMs ?? one.overAtMs) - one.beganAtMs) / 1000)} s`);
}

/** All of them over one history. */
export function brokenInvariants(history: History): string[] {
  const checks = [checkI1, checkI2, checkI3, checkI4, checkI5, checkI7, checkI8, checkI9, checkI11];
  return checks.flatMap((check) => check(history));
}
