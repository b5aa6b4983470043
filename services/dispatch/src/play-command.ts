// Chapter 3, dispatch: what is said to the devices, from the words of a revision. Pure.
import { heedsQuietHours, type AlertText, type StopReason } from '@laba/domain/alert';
import { capTime } from '@laba/domain/cap';
import type { PlayCommand } from '@laba/domain/gateway-protocol';
import { isWithin, lineage, withoutCovered } from '@laba/domain/grid';
import type { Purpose } from '@laba/domain/delivery';
import type { Revision } from './alert-store.ts';

/** An announcement not begun by then is not begun any more. */
export const ANNOUNCE_WITHIN_MS = 5 * 60_000;
/** An announcement begun in time may end after `notAfter`. */
const ANNOUNCEMENT_LENGTH_MS = 5 * 60_000;

type QuietHours = PlayCommand['quietHours'];

/** What all commands of one sending share. */
export interface Sending {
  revision: Revision;
  nowMs: number;
  utcOffsetMinutes: number;
  /** Asked of the policy table only where the subject heeds them. */
  quietHours: { from: string; to: string };
}

function quietHoursFor(sending: Sending): QuietHours {
  return heedsQuietHours(sending.revision) ? { ...sending.quietHours, utcOffsetMinutes: sending.utcOffsetMinutes } : null;
}

function shared(sending: Sending, areaCode: string, purpose: Purpose) {
  const { revision } = sending;
  const { kind, level, order, eventCode, intervalSeconds, volume } = revision;
  return { purpose, kind, level, order, eventCode, intervalSeconds, volume, areaCode: [areaCode] };
}

/** The alert's own sound. A test carries no words: it proves the path and nothing can be spoken by mistake. */
export function playBody(sending: Sending, areaCode: string): PlayCommand {
  const { revision, utcOffsetMinutes: offset } = sending;
  const test = revision.mode === 'test';
  const endTime = capTime(revision.endTimeMs, offset);
  return {
    ...shared(sending, areaCode, 'alert'),
    action: 'play',
    texts: test ? [] : revision.texts,
    siren: !test && revision.siren,
    playTimes: revision.playTimes,
    startTime: capTime(revision.startTimeMs, offset),
    endTime,
    notAfter: endTime,
    quietHours: quietHoursFor(sending),
    stopReason: revision.revision > 1 ? 'superseded' : null,
  };
}

/** The spoken end: once, soon or not at all. */
export function announcementBody(sending: Sending, areaCode: string, purpose: Purpose, texts: readonly AlertText[]): PlayCommand {
  const { nowMs, utcOffsetMinutes: offset } = sending;
  return {
    ...shared(sending, areaCode, purpose),
    action: 'play',
    texts: [...texts],
    siren: false,
    playTimes: 1,
    startTime: capTime(nowMs, offset),
    endTime: capTime(nowMs + ANNOUNCE_WITHIN_MS + ANNOUNCEMENT_LENGTH_MS, offset),
    notAfter: capTime(nowMs + ANNOUNCE_WITHIN_MS, offset),
    quietHours: quietHoursFor(sending),
    stopReason: null,
  };
}

/** Silence: `stop` ends the alert for the device up to this revision, `quieten` ends only its sound. */
export function silenceBody(sending: Sending, areaCode: string, action: 'stop' | 'quieten', reason: StopReason, untilMs: number): PlayCommand {
  const { nowMs, utcOffsetMinutes: offset } = sending;
  const until = capTime(untilMs, offset);
  return {
    ...shared(sending, areaCode, 'alert'),
    action,
    texts: [],
    siren: false,
    playTimes: 0,
    startTime: capTime(nowMs, offset),
    endTime: until,
    notAfter: until,
    quietHours: null,
    stopReason: reason,
  };
}

/**
 * The area topics on which to stop what the new area leaves out: an old area that does not touch the new one as a whole; of one that
 * holds part of the new one, for each place the widest node above it that does not.
 */
export function leftOut(before: readonly string[], now: readonly string[], places: readonly string[]): string[] {
  const touches = (code: string) => now.some((other) => isWithin(other, code) || isWithin(code, other));
  const old = withoutCovered(before);
  const whole = old.filter((code) => !touches(code));
  const cut = old.filter((code) => touches(code));
  const parts = places
    .filter((place) => cut.some((code) => isWithin(code, place)) && !now.some((code) => isWithin(code, place)))
    .map((place) => lineage(place).find((code) => cut.some((area) => isWithin(area, code)) && !touches(code)) ?? place);
  return withoutCovered([...whole, ...parts]);
}
