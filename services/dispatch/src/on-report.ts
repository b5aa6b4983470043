// Chapter 4, speaker: the device's own word, written down once, and what it proves about the delivery.
import { advanceDelivery, type DeliveryView } from '@laba/domain/delivery';
import { LabaError } from '@laba/domain/errors';
import type { EventType } from '@laba/domain/events';
import { playReportSchema, type PlayReport } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { cleanText } from '@laba/domain/text';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { z } from 'zod';
import { answerHeld } from './answer-gateway.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { deliveryId, writeProgress, type Delivery } from './delivery-store.ts';
import { findGateway, writeHeldUpTo, type GatewayStatus } from './gateway-store.ts';
import { endOfRun, findReportSubject, holdReport, isHeld } from './report-store.ts';
import { writeSpeakerStatus, type SpeakerStatus } from './speaker-store.ts';

/** Reports of one journal, as they came; one that cannot be read keeps its number, so that it does not hold up those behind it. */
export interface ReportBatch {
  journalId: string;
  reports: { number: number; report: PlayReport | undefined }[];
}

// The message without its reports' contents: a newer device may say what this house does not know yet.
const looseMessageSchema = z.object({
  journalId: z.string().min(1).max(64),
  reports: z
    .array(z.looseObject({ number: z.number().int().min(1) }))
    .min(1)
    .max(LIMITS.gatewayReportsPerMessage),
});

/** Undefined: not a report message at all. */
export function readReportMessage(payload: Buffer): ReportBatch | undefined {
  if (payload.length > LIMITS.mqttPacketBytes) return undefined;
  const message = looseMessageSchema.safeParse(parseJson(payload));
  if (!message.success) return undefined;
  const { journalId, reports } = message.data;
  return { journalId, reports: reports.map((one) => ({ number: one.number, report: playReportSchema.safeParse(one).data })) };
}

export function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}

const TRIES = 5;

/** Tries again when somebody else moved a delivery between the decision and the commit: the decision is then made anew. */
export async function onReports(deps: DispatchDeps, gatewayId: string, batches: readonly ReportBatch[]): Promise<void> {
  for (const [journalId, ofJournal] of Map.groupBy(batches, (batch) => batch.journalId)) {
    const reports = ofJournal.flatMap((batch) => batch.reports);
    for (let attempt = 1; ; attempt++) {
      try {
        await takeReports(deps, gatewayId, { journalId, reports });
        break;
      } catch (error) {
        if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile' || attempt === TRIES) throw error;
      }
    }
  }
}

async function takeReports(deps: DispatchDeps, gatewayId: string, batch: ReportBatch): Promise<void> {
  const found = await findGateway(deps.db, gatewayId);
  if (found === undefined || found.gateway.status !== 'active') {
    deps.log.warn({ gatewayId }, 'a report came from a gateway that is not in service; ignored');
    return;
  }
  const nowMs = deps.clock.now();
  const heldBefore = heldUpTo(found.status, batch.journalId) ?? (await endOfRun(deps.db, gatewayId, batch.journalId, 0));
  const fresh = await freshReports(deps, gatewayId, batch, heldBefore);
  const folding = new Folding(deps, gatewayId, nowMs);
  for (const { number, report } of fresh.values()) {
    folding.hold(batch.journalId, number, report);
    if (report !== undefined) await folding.take(report);
    else deps.log.warn({ gatewayId, journalId: batch.journalId, number }, 'a report could not be read; held and ignored');
  }
  const held = await runAfter(deps, gatewayId, batch.journalId, heldBefore, fresh);
  if (fresh.size > 0) await deps.db.atomically([...folding.ops(), writeHeldUpTo(found.gateway, batch.journalId, held, nowMs)]);
  // What comes again was not known to be held: saying so at once spares the next repetition.
  if (fresh.size < batch.reports.length) await answerHeld(deps, found.gateway, batch.journalId, held);
}

/** Up to where this journal's reports are held, when the gateway's row speaks of this journal. */
export function heldUpTo(status: GatewayStatus | null, journalId: string): number | undefined {
  return status?.journalId === journalId ? status.reportsHeldUpTo : undefined;
}

async function freshReports(deps: Deps, gatewayId: string, batch: ReportBatch, heldBefore: number): Promise<Map<number, ReportBatch['reports'][number]>> {
  const fresh = new Map<number, ReportBatch['reports'][number]>();
  for (const one of batch.reports) {
    if (one.number <= heldBefore || fresh.has(one.number)) continue;
    if (!(await isHeld(deps.db, gatewayId, batch.journalId, one.number))) fresh.set(one.number, one);
  }
  return fresh;
}

// The unbroken run over what is held already and what is being written now.
async function runAfter(deps: Deps, gatewayId: string, journalId: string, from: number, fresh: ReadonlyMap<number, unknown>): Promise<number> {
  let held = from;
  for (;;) {
    while (fresh.has(held + 1)) held += 1;
    const further = await endOfRun(deps.db, gatewayId, journalId, held);
    if (further === held) return held;
    held = further;
  }
}

interface Progress {
  delivery: Delivery;
  view: DeliveryView;
  soundedLevelDb: number | null;
}

/** Several reports folded into one change per delivery and per speaker, and one event each. */
class Folding {
  readonly #deps: Deps;
  readonly #gatewayId: string;
  readonly #nowMs: number;
  readonly #ops: Op[] = [];
  readonly #progress = new Map<string, Progress>();
  readonly #speakers = new Map<string, SpeakerStatus>();

  constructor(deps: Deps, gatewayId: string, nowMs: number) {
    this.#deps = deps;
    this.#gatewayId = gatewayId;
    this.#nowMs = nowMs;
  }

  hold(journalId: string, number: number, report: PlayReport | undefined): void {
    const { alertId = '', revision = 0, speakerId = '', state = 'unreadable', repeat = 0 } = report ?? {};
    this.#ops.push(holdReport({ gatewayId: this.#gatewayId, journalId, number, alertId, revision, speakerId, state, repeat, atMs: this.#nowMs }));
  }

  async take(report: PlayReport): Promise<void> {
    const id = deliveryId(report, report.speakerId);
    const subject = await findReportSubject(this.#deps.db, report.speakerId, id);
    if (subject === undefined || subject.speaker.gatewayId !== this.#gatewayId) {
      this.#deps.log.warn({ gatewayId: this.#gatewayId, speakerId: report.speakerId }, 'a gateway reported of a speaker that is not its own; ignored');
      return;
    }
    const delivery = subject.delivery;
    const moved = delivery === null ? undefined : this.#advance(delivery, report);
    this.#recordReport(report, delivery, subject.speaker.gridCode, moved);
    this.#follow(report, subject.status, subject.speaker);
  }

  /** What goes into the commit; the order among them does not matter. */
  ops(): Op[] {
    const progress = [...this.#progress.values()].filter((one) => one.view !== one.delivery);
    return [
      ...this.#ops,
      ...progress.map((one) => writeProgress(one.delivery.id, one.delivery.version, pick(one.view), one.soundedLevelDb, this.#nowMs)),
      ...[...this.#speakers.values()].map((status) => writeSpeakerStatus(status)),
    ];
  }

  #advance(delivery: Delivery, report: PlayReport): boolean {
    const known = this.#progress.get(delivery.id) ?? { delivery, view: delivery, soundedLevelDb: null };
    const next = advanceDelivery(known.view, { state: report.state, repeat: report.repeat, reason: report.reason ?? null });
    this.#progress.set(delivery.id, { delivery: known.delivery, view: next ?? known.view, soundedLevelDb: report.soundedLevelDb ?? known.soundedLevelDb });
    return next !== undefined;
  }

  #recordReport(report: PlayReport, delivery: Delivery | null, gridCode: string, moved: boolean | undefined): void {
    const { repeat, startTime, endTime, purpose, revision, soundedLevelDb } = report;
    const type: EventType = `delivery.${report.state}`;
    this.#ops.push(
      ...record(this.#deps.ids, {
        type,
        atMs: this.#nowMs,
        who: `gateway:${this.#gatewayId}`,
        via: 'mqtt',
        gridCode: delivery?.gridCode ?? gridCode,
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

  #follow(report: PlayReport, stored: SpeakerStatus | null, speaker: { siteId: string; gridCode: string }): void {
    const { speakerId, state } = report;
    const before = this.#speakers.get(speakerId) ?? stored;
    const atMs = this.#timeOf(report);
    const status: SpeakerStatus = {
      ...(before ?? { speakerId, player: 'ok', reason: null, lastReceivedAtMs: null, lastPlayedAtMs: null, lastSoundedAtMs: null }),
    };
    if (state !== 'refused') status.lastReceivedAtMs = Math.max(status.lastReceivedAtMs ?? 0, atMs);
    if (state === 'played' || state === 'sounded') status.lastPlayedAtMs = Math.max(status.lastPlayedAtMs ?? 0, atMs);
    if (state === 'sounded') status.lastSoundedAtMs = Math.max(status.lastSoundedAtMs ?? 0, atMs);
    if (state === 'failed') Object.assign(status, { player: 'failed', reason: cleanText(report.reason ?? '') });
    if (state === 'played' || state === 'sounded') Object.assign(status, { player: 'ok', reason: null });
    this.#speakers.set(speakerId, status);
    this.#ops.push(...recordPlayerChange(this.#deps, this.#nowMs, this.#gatewayId, { ...speaker, id: speakerId }, before, status));
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
export function recordPlayerChange(
  deps: Pick<Deps, 'ids'>,
  nowMs: number,
  gatewayId: string,
  speaker: { id: string; siteId: string; gridCode: string },
  before: SpeakerStatus | null,
  after: SpeakerStatus,
): Op[] {
  if ((before?.player ?? 'ok') === after.player) return [];
  const common = { atMs: nowMs, who: `gateway:${gatewayId}`, via: 'mqtt', gridCode: speaker.gridCode, subjectId: speaker.id } as const;
  return after.player === 'failed'
    ? record(deps.ids, { ...common, type: 'speaker.failed', data: { siteId: speaker.siteId, reason: after.reason ?? '' } })
    : record(deps.ids, { ...common, type: 'speaker.mended', data: { siteId: speaker.siteId } });
}
