// A delivery: one alert to one speaker. It never shows a state that claims more than was proven.
import type { Mode } from './alert.ts';

export const DELIVERY_STATES = ['queued', 'sent', 'received', 'playing', 'played', 'sounded', 'stopped', 'refused', 'failed', 'expired'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** States that a device itself may claim. */
export const REPORTED_STATES = ['received', 'playing', 'played', 'sounded', 'stopped', 'refused', 'failed'] as const;
export type ReportedState = (typeof REPORTED_STATES)[number];

/** An alert's own sound, or the spoken end or cancel announcement: a delivery of its own. And a routine broadcast, which belongs to no alert. */
export const PURPOSES = ['alert', 'all-clear', 'cancellation', 'bulletin'] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface DeliveryView {
  state: DeliveryState;
  repeat: number;
  reason: string | null;
}

export interface DeliveryReport {
  state: ReportedState;
  repeat: number;
  reason: string | null;
}

// Within one repeat: started, ended, measured.
const WITHIN_REPEAT: Partial<Record<DeliveryState, number>> = { queued: 0, sent: 0, received: 1, playing: 2, played: 3, sounded: 4 };

// Silence that may turn into sound again under the same revision; every other stop is final.
export const RESUMABLE_STOPS = ['pre-empted', 'quietened', 'key-revoked'] as const;

function position(state: DeliveryState, repeat: number): number {
  return repeat * 10 + (WITHIN_REPEAT[state] ?? 0);
}

function isFinal(view: DeliveryView): boolean {
  if (view.state === 'stopped') return !RESUMABLE_STOPS.some((reason) => reason === view.reason);
  return view.state === 'refused' || view.state === 'expired';
}

/**
 * The delivery after a device's report, or undefined when the report tells nothing newer (duplicate or out of order).
 * `failed` may be left by a proven start of sound: the device kept trying and found its voice again.
 */
export function advanceDelivery(view: DeliveryView, report: DeliveryReport): DeliveryView | undefined {
  if (isFinal(view)) return undefined;
  if (report.state === 'stopped' || report.state === 'failed') {
    if (view.state === report.state && view.reason === report.reason) return undefined;
    return { state: report.state, repeat: Math.max(view.repeat, report.repeat), reason: report.reason };
  }
  // A refusal speaks of the command's first arrival; a refused replay must not undo what was accepted before.
  if (report.state === 'refused') return view.state === 'queued' || view.state === 'sent' ? { state: 'refused', repeat: 0, reason: report.reason } : undefined;
  if (view.state === 'stopped' || view.state === 'failed') {
    return report.state === 'playing' && report.repeat > view.repeat ? { state: 'playing', repeat: report.repeat, reason: null } : undefined;
  }
  if (position(report.state, report.repeat) <= position(view.state, view.repeat)) return undefined;
  return { state: report.state, repeat: report.repeat, reason: report.reason };
}

/** Whether nothing more is expected: played n of n, stopped, refused, failed, expired; in mode test: received. */
export function isEnded(view: DeliveryView, mode: Mode, playTimes: number): boolean {
  if (['stopped', 'refused', 'failed', 'expired'].includes(view.state)) return true;
  if (mode === 'test') return view.state === 'received';
  return playTimes > 0 && (view.state === 'played' || view.state === 'sounded') && view.repeat >= playTimes;
}
