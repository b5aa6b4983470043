// Which sound a speaker owes now: the highest rank first, equal ranks by turns, each at its own interval. Pure.
import { rankOf } from '@laba/domain/alert';
import { BULLETIN_RANK } from '@laba/domain/bulletin';
import { isBulletin, type PlayCommand, type SignedCommand } from '@laba/domain/gateway-protocol';
import { quietFromMs, quietUntilMs } from '@laba/domain/quiet-hours';
import type { PlayKey, SpooledRepeat } from './spool-store.ts';

/** One command on one speaker, from acceptance to silence. */
export interface Play extends PlayKey {
  readonly command: SignedCommand;
  readonly rank: number;
  readonly playTimes: number;
  readonly intervalMs: number;
  startMs: number;
  endMs: number;
  notAfterMs: number;
  /** Of a bulletin that something went before: it begins again until then, or not at all. */
  resumeUntilMs: number;
  /** The last repeat that was started, 0 before the first. */
  repeat: number;
  /** Repeats that count towards playTimes: played ones, and those a crash has burnt. */
  counted: number;
  dueMs: number;
  quietened: boolean;
  preempted: boolean;
  /** Told as silent because of the hour. */
  hushed: boolean;
  failing: string | undefined;
  /** It was stored when the box was switched on without knowing the time: it waits for the county, or for a hand at the box. */
  waits: boolean;
  /** It is heard now. */
  sounds: boolean;
}

/** A new order does not wait until the end of the last one has been spoken. */
const BEHIND_AN_ALERT = 0.25;

export function playKey(key: PlayKey): string {
  return `${key.alertId} ${key.revision} ${key.purpose}`;
}

/** The play of a command, going on where the spool says it stopped. `nowMs`: when it may sound at once. */
export function newPlay(command: SignedCommand, repeats: readonly SpooledRepeat[], quietened: boolean, nowMs: number): Play {
  const { body } = command;
  const last = repeats.at(-1);
  const startsMs = Date.parse(body.startTime);
  // What was to begin when it was signed begins now: this box's clock may be some minutes behind the county's.
  const startMs = startsMs <= command.iat * 1000 ? Math.min(startsMs, nowMs) : startsMs;
  const intervalMs = body.intervalSeconds * 1000;
  return {
    alertId: command.alertId,
    revision: command.revision,
    purpose: body.purpose,
    command,
    rank: rankOfPlay(command),
    playTimes: body.playTimes,
    intervalMs,
    startMs,
    endMs: Date.parse(body.endTime),
    notAfterMs: Date.parse(body.notAfter),
    resumeUntilMs: Date.parse(body.resumeUntil ?? body.notAfter),
    repeat: last?.repeat ?? 0,
    counted: repeats.filter((r) => r.outcome === 'played' || r.outcome === 'crashed' || r.outcome === null).length,
    dueMs: Math.max(startMs, last?.outcome === 'played' && last.endedMs !== null ? last.endedMs + intervalMs : nowMs),
    quietened,
    preempted: false,
    hushed: false,
    failing: undefined,
    waits: false,
    sounds: false,
  };
}

function rankOfPlay(command: SignedCommand): number {
  const { body, mode } = command;
  if (isBulletin(command)) return BULLETIN_RANK;
  return rankOf({ mode, kind: body.kind, level: body.level, order: body.order }) - (body.purpose === 'alert' ? 0 : BEHIND_AN_ALERT);
}

/** The box's time was set on: what was begun by the time before goes on for as long as it was meant to. */
export function setOn(play: Play, ms: number): Play {
  play.startMs += ms;
  play.endMs += ms;
  play.notAfterMs += ms;
  play.resumeUntilMs += ms;
  play.dueMs += ms;
  return play;
}

export function isComplete(play: Play): boolean {
  return play.playTimes > 0 && play.counted >= play.playTimes;
}

/** By its own clock: past the end, or not begun in time. */
export function isExpired(play: Play, nowMs: number): boolean {
  return nowMs >= play.endMs || nowMs > beginsUntilMs(play);
}

// A bulletin that something went before begins again in time, or not at all.
function beginsUntilMs(play: Play): number {
  if (!isBulletin(play.command)) return play.repeat === 0 ? play.notAfterMs : play.endMs;
  if (play.sounds) return play.endMs;
  const wasKept = play.repeat > 0 || play.preempted || play.hushed || play.failing !== undefined;
  return wasKept ? play.resumeUntilMs : play.notAfterMs;
}

/** While a live alert stands, also one that was quietened, nobody is told the news of the day. */
export function isHeldBack(play: Play, plays: Iterable<Play>, nowMs: number): boolean {
  if (!isBulletin(play.command)) return false;
  for (const other of plays) if (other.purpose === 'alert' && other.command.mode === 'live' && other.startMs <= nowMs) return true;
  return false;
}

function isAudible(play: Play, nowMs: number): boolean {
  return !play.quietened && play.startMs <= nowMs && quietUntilMs(play.command.body.quietHours, nowMs) === undefined;
}

/** The rank that has the speaker now, also in the pause between its repeats; 0 when nobody has it. */
export function topRank(plays: Iterable<Play>, nowMs: number): number {
  const all = [...plays];
  let top = 0;
  for (const play of all) if (isAudible(play, nowMs) && !isHeldBack(play, all, nowMs)) top = Math.max(top, play.rank);
  return top;
}

/** The play whose turn it is, or undefined when none is due. Equal ranks: whoever waits longest. */
export function nextPlay(plays: Iterable<Play>, nowMs: number): Play | undefined {
  const all = [...plays];
  const top = topRank(all, nowMs);
  const due = all.filter((play) => isAudible(play, nowMs) && play.rank === top && play.dueMs <= nowMs && !isHeldBack(play, all, nowMs));
  return due.sort((a, b) => a.dueMs - b.dueMs)[0];
}

/** When the schedule must be looked at again, or undefined when there is nothing to wait for. */
export function nextLookMs(plays: Iterable<Play>, nowMs: number): number | undefined {
  const times = [...plays].flatMap((play) => [
    play.startMs,
    play.dueMs,
    play.endMs,
    beginsUntilMs(play) + 1,
    nextQuietChangeMs(play.command.body.quietHours, nowMs),
  ]);
  const ahead = times.filter((ms) => ms > nowMs);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}

function nextQuietChangeMs(quiet: PlayCommand['quietHours'], nowMs: number): number {
  return quiet === null ? 0 : (quietUntilMs(quiet, nowMs) ?? quietFromMs(quiet, nowMs));
}
