// Chapter 4, speaker: what many reports prove, folded in memory into one change per delivery and speaker, and one event per report.
import { advanceDelivery, type DeliveryView } from '@laba/domain/delivery';
import type { EventType } from '@laba/domain/events';
import { ownVoiceOf, type OwnVoice, type PlayReport } from '@laba/domain/gateway-protocol';
import { cleanText } from '@laba/domain/text';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { fact, recordFacts, type NewFact } from '@laba/storage/events';
import { deliveryId, writeProgress } from './delivery-store.ts';
import type { ReportSubject, SubjectKey } from './report-store.ts';
import { writeSpeakerStatuses, type SpeakerStatus } from './speaker-store.ts';

type Delivery = NonNullable<ReportSubject['delivery']>;

interface Progress {
  delivery: Delivery;
  view: DeliveryView;
  soundedLevelDb: number | null;
}

/** What a report speaks of. */
export function subjectOf(report: PlayReport): SubjectKey {
  return { speakerId: report.speakerId, deliveryId: deliveryId(report, report.speakerId) };
}

const keyOf = (speakerId: string, delivery: string) => `${speakerId}\n${delivery}`;

export class Folding {
  readonly #deps: Pick<Deps, 'ids' | 'log'>;
  readonly #nowMs: number;
  readonly #subjects: Map<string, ReportSubject>;
  readonly #facts: NewFact[] = [];
  readonly #progress = new Map<string, Progress>();
  readonly #speakers = new Map<string, SpeakerStatus>();

  constructor(deps: Pick<Deps, 'ids' | 'log'>, nowMs: number, subjects: readonly ReportSubject[]) {
    this.#deps = deps;
    this.#nowMs = nowMs;
    this.#subjects = new Map(subjects.map((one) => [keyOf(one.speaker.id, one.deliveryId), one]));
  }

  take(gatewayId: string, report: PlayReport): void {
    const key = subjectOf(report);
    const subject = this.#subjects.get(keyOf(key.speakerId, key.deliveryId));
    if (subject === undefined || subject.speaker.gatewayId !== gatewayId) {
      this.#deps.log.warn({ gatewayId, speakerId: report.speakerId }, 'a gateway reported of a speaker that is not its own; ignored');
      return;
    }
    const { delivery, speaker } = subject;
    const voice = ownVoiceOf(report.alertId);
    if (voice !== undefined) return this.#recordVoice(gatewayId, report, voice, speaker);
    const moved = delivery === null ? undefined : this.#advance(delivery, report);
    this.#recordReport(gatewayId, report, subject, moved);
    this.#follow(gatewayId, report, subject.status, speaker);
  }

  /** What goes into the commit; the order among them does not matter. */
  ops(): Op[] {
    const advances = [...this.#progress.values()].flatMap(({ delivery, view, soundedLevelDb }) =>
      view === delivery ? [] : [{ id: delivery.id, version: delivery.version, ...pick(view), soundedLevelDb, atMs: this.#nowMs }],
    );
    return [...writeProgress(advances), ...writeSpeakerStatuses([...this.#speakers.values()]), ...recordFacts(this.#deps.ids, this.#facts)];
  }

  #advance(delivery: Delivery, report: PlayReport): boolean {
    const known = this.#progress.get(delivery.id) ?? { delivery, view: delivery, soundedLevelDb: null };
    const next = advanceDelivery(known.view, { state: report.state, repeat: report.repeat, reason: report.reason ?? null });
    this.#progress.set(delivery.id, { delivery: known.delivery, view: next ?? known.view, soundedLevelDb: report.soundedLevelDb ?? known.soundedLevelDb });
    return next !== undefined;
  }

  #recordReport(gatewayId: string, report: PlayReport, { delivery, speaker }: ReportSubject, moved: boolean | undefined): void {
    const { repeat, startTime, endTime, purpose, revision, soundedLevelDb } = report;
    const type: EventType = `delivery.${report.state}`;
    this.#facts.push(
      fact({
        type,
        atMs: this.#nowMs,
        who: `gateway:${gatewayId}`,
        via: 'mqtt',
        gridCode: delivery?.gridCode ?? speaker.gridCode,
        alertId: delivery?.alertId ?? null,
        subjectId: delivery?.id ?? report.speakerId,
        data: {
          repeat,
          purpose,
          revision,
          ...(report.reason === undefined ? {} : { reason: cleanText(report.reason) }),
          ...(startTime === undefined ? {} : { startTime }),
          ...(endTime === undefined ? {} : { endTime }),
          ...(soundedLevelDb === undefined ? {} : { soundedLevelDb }),
          ...(moved === false ? { late: true } : {}),
        },
      }),
    );
  }

  // It says nothing of the county's own way to this speaker.
  #recordVoice(
    gatewayId: string,
    { speakerId, startTime, endTime, reason }: PlayReport,
    voice: OwnVoice,
    { siteId, gridCode }: ReportSubject['speaker'],
  ): void {
    const times = { ...(startTime === undefined ? {} : { startTime }), ...(endTime === undefined ? {} : { endTime }) };
    this.#facts.push(
      fact({
        type: 'speaker.voice-used',
        atMs: this.#nowMs,
        who: `gateway:${gatewayId}`,
        via: 'mqtt',
        gridCode,
        subjectId: speakerId,
        data: { siteId, voice, ...times, ...(reason === undefined ? {} : { reason: cleanText(reason) }) },
      }),
    );
  }

  #follow(gatewayId: string, report: PlayReport, stored: SpeakerStatus | null, speaker: { siteId: string; gridCode: string }): void {
    const { speakerId, state } = report;
    const before = this.#speakers.get(speakerId) ?? stored;
    const atMs = this.#timeOf(report);
    const status: SpeakerStatus = {
      ...(before ?? { speakerId, player: 'ok', reason: null, lastReceivedAtMs: null, lastPlayedAtMs: null, lastSoundedAtMs: null }),
    };
    if (state !== 'refused') status.lastReceivedAtMs = Math.max(status.lastReceivedAtMs ?? 0, atMs);
    if (state === 'played' || state === 'sounded') status.lastPlayedAtMs = Math.max(status.lastPlayedAtMs ?? 0, atMs);
    if (state === 'sounded') status.lastSoundedAtMs = Math.max(status.lastSoundedAtMs ?? 0, atMs);
    // A recording that could not be fetched says nothing about the loudspeaker.
    if (state === 'failed' && report.reason !== 'no-recording') Object.assign(status, { player: 'failed', reason: cleanText(report.reason ?? '') });
    if (state === 'played' || state === 'sounded') Object.assign(status, { player: 'ok', reason: null });
    this.#speakers.set(speakerId, status);
    this.#facts.push(...playerChange(this.#nowMs, gatewayId, { ...speaker, id: speakerId }, before, status));
  }

  // What was journalled in an outage proves sound at its own time, but a device's clock never proves the future.
  #timeOf(report: PlayReport): number {
    const said = Date.parse(report.endTime ?? report.startTime ?? '');
    return Number.isNaN(said) ? this.#nowMs : Math.min(said, this.#nowMs);
  }
}

function pick(view: DeliveryView): DeliveryView {
  return { state: view.state, repeat: view.repeat, reason: view.reason };
}

/** `speaker.failed` or `speaker.mended`, when the player's state is another one than before. */
export function playerChange(
  nowMs: number,
  gatewayId: string,
  speaker: { id: string; siteId: string; gridCode: string },
  before: SpeakerStatus | null,
  after: SpeakerStatus,
): NewFact[] {
  if ((before?.player ?? 'ok') === after.player) return [];
  const common = { atMs: nowMs, who: `gateway:${gatewayId}`, via: 'mqtt', gridCode: speaker.gridCode, subjectId: speaker.id } as const;
  return after.player === 'failed'
    ? [fact({ ...common, type: 'speaker.failed', data: { siteId: speaker.siteId, reason: after.reason ?? '' } })]
    : [fact({ ...common, type: 'speaker.mended', data: { siteId: speaker.siteId } })];
}
