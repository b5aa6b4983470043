// Chapter 4, speaker: the devices' own word, written down once, and what it proves. Many gateways' reports are one look, one decision, one commit.
import { LabaError } from '@laba/domain/errors';
import { playReportSchema, type PlayReport } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { z } from 'zod';
import { answerHeld } from './answer-gateway.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { Folding, subjectOf } from './fold-reports.ts';
import { findGateways, writeAllHeldUpTo, type GatewayFound, type GatewayStatus } from './gateway-store.ts';
import { lookUpNumbers } from './report-numbers.ts';
import { findReportSubjects, holdReports } from './report-store.ts';

/** Reports of one journal, as they came; one that cannot be read keeps its number, so that it does not hold up those behind it. */
export interface ReportBatch {
  journalId: string;
  reports: { number: number; report: PlayReport | undefined }[];
}

/** What one gateway says. */
export interface GatewayReports extends ReportBatch {
  gatewayId: string;
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
/** What goes wrong for one goes wrong for all: asking again in halves would only ask more often. */
const EVERYBODYS = new Set(['storage-failed', 'overloaded', 'draining']);

/** A gateway whose reports were not taken, and why. */
export interface NotTaken {
  gatewayId: string;
  error: unknown;
}

/**
 * Each gateway once. When somebody else moved a delivery between the decision and the commit, or one gateway's reports cannot be
 * written, the set is decided anew in halves, down to single gateways: one never holds up the others.
 */
export async function onReports(deps: DispatchDeps, all: readonly GatewayReports[]): Promise<NotTaken[]> {
  if (all.length === 0) return [];
  if (all.length === 1) return onReportsOf(deps, all[0]!);
  try {
    await takeReports(deps, all);
    return [];
  } catch (error) {
    if (error instanceof LabaError && EVERYBODYS.has(error.code)) return all.map(({ gatewayId }) => ({ gatewayId, error }));
    const middle = all.length >> 1;
    return [...(await onReports(deps, all.slice(0, middle))), ...(await onReports(deps, all.slice(middle)))];
  }
}

async function onReportsOf(deps: DispatchDeps, one: GatewayReports): Promise<NotTaken[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      await takeReports(deps, [one]);
      return [];
    } catch (error) {
      if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile' || attempt === TRIES) return [{ gatewayId: one.gatewayId, error }];
    }
  }
}

/** Up to where this journal's reports are held, when the gateway's row speaks of this journal. */
export function heldUpTo(status: GatewayStatus | null, journalId: string): number | undefined {
  return status?.journalId === journalId ? status.reportsHeldUpTo : undefined;
}

interface InService extends GatewayReports {
  found: GatewayFound;
}

async function takeReports(deps: DispatchDeps, all: readonly GatewayReports[]): Promise<void> {
  const nowMs = deps.clock.now();
  const given = await inService(deps, all);
  const numbers = await lookUpNumbers(
    deps.db,
    given.map((one) => ({ ...one, heldUpTo: heldUpTo(one.found.status, one.journalId), numbers: one.reports.map(({ number }) => number) })),
  );
  const looked = given.map((one, i) => ({ ...one, ...numbers[i]!, fresh: firstOfEach(one.reports, numbers[i]!.fresh) }));
  const fresh = looked.filter((one) => one.fresh.length > 0);
  if (fresh.length > 0) {
    const folding = await fold(deps, nowMs, fresh);
    const heard = fresh.map(({ found, journalId, heldAfter }) => ({ gateway: found.gateway, journalId, reportsHeldUpTo: heldAfter }));
    await deps.db.atomically([holdReports(fresh.flatMap((one) => heldRows(one, nowMs))), ...folding.ops(), ...writeAllHeldUpTo(heard, nowMs)]);
  }
  // What comes again was not known to be held: saying so at once spares the next repetition.
  const again = looked.filter((one) => one.fresh.length < one.reports.length);
  await Promise.all(again.map((one) => answerHeld(deps, one.found.gateway, one.journalId, one.heldAfter)));
}

async function inService(deps: DispatchDeps, all: readonly GatewayReports[]): Promise<InService[]> {
  const found = await findGateways(
    deps.db,
    all.map((one) => one.gatewayId),
  );
  return all.flatMap((one) => {
    const known = found.get(one.gatewayId);
    if (known?.gateway.status === 'active') return [{ ...one, found: known }];
    deps.log.warn({ gatewayId: one.gatewayId }, 'a report came from a gateway that is not in service; ignored');
    return [];
  });
}

function firstOfEach(reports: ReportBatch['reports'], fresh: ReadonlySet<number>): ReportBatch['reports'] {
  const seen = new Set<number>();
  return reports.filter(({ number }) => fresh.has(number) && !seen.has(number) && seen.add(number));
}

interface Looked extends InService {
  fresh: ReportBatch['reports'];
}

async function fold(deps: DispatchDeps, nowMs: number, all: readonly Looked[]): Promise<Folding> {
  const keys = new Map<string, ReturnType<typeof subjectOf>>();
  for (const { report } of all.flatMap((one) => one.fresh)) {
    if (report === undefined) continue;
    const key = subjectOf(report);
    keys.set(`${key.speakerId}\n${key.deliveryId}`, key);
  }
  const folding = new Folding(deps, nowMs, await findReportSubjects(deps.db, [...keys.values()]));
  for (const { gatewayId, journalId, fresh } of all) {
    for (const { number, report } of fresh) {
      if (report !== undefined) folding.take(gatewayId, report);
      else deps.log.warn({ gatewayId, journalId, number }, 'a report could not be read; held and ignored');
    }
  }
  return folding;
}

function heldRows({ gatewayId, journalId, fresh }: Looked, atMs: number) {
  return fresh.map(({ number, report }) => {
    const { alertId = '', revision = 0, speakerId = '', state = 'unreadable', repeat = 0 } = report ?? {};
    return { gatewayId, journalId, number, alertId, revision, speakerId, state, repeat, atMs };
  });
}
