// Chapter 1, report: somebody or something saw a hazard. What is acknowledged is durable; it never raises an alert.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Hazard, ReportSource, ReportState } from '@laba/domain/report';
import { cleanText, isSpeakable } from '@laba/domain/text';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { firstOfSameHazard, stillFirstOfItsHazard } from './merge-report.ts';
import { countMerged, findNode, findReport, writeReport, type NewReport, type ReportRow } from './report-store.ts';

type ReceiveDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>;

export interface ReportInput {
  /** Named by a source that may send the same report twice; made here otherwise. */
  id?: string | undefined;
  gridCode: string;
  hazard: Hazard;
  text: string;
  source: ReportSource;
  reporterName?: string | undefined;
  reporterPhone?: string | undefined;
}

export interface ReceivedReport {
  id: string;
  number: string;
  state: ReportState;
  mergedInto: string | null;
}

const DECISIONS = 5;

/** What people say to each other on the telephone: eight characters of the id. */
export function reportNumber(id: string): string {
  const tail = id
    .replace(/[^0-9a-z]/gi, '')
    .slice(-8)
    .toUpperCase();
  return `${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/**
 * Stores a report, merged into the first of the same hazard when there is one. A repeated id answers with what is stored.
 * @throws `unknown-code`, `bad-text` (too long, or says nothing: 'need' and 'other' want words)
 */
export async function receiveReport(deps: ReceiveDeps, input: ReportInput, act: Act): Promise<ReceivedReport> {
  if ((await findNode(deps.db, input.gridCode)) === undefined)
    throw new LabaError('unknown-code', `No grid node has the code ${input.gridCode}.`, { gridCode: input.gridCode });
  const report = compose(deps, input);
  for (let decision = 1; ; decision++) {
    try {
      return await write(deps, report, act);
    } catch (error) {
      const code = error instanceof LabaError ? error.code : undefined;
      const known = code === 'already-done' ? await findReport(deps.db, report.id) : undefined;
      if (known !== undefined) return { id: known.id, number: reportNumber(known.id), state: known.state, mergedInto: known.mergedInto };
      // Somebody reported the same hazard in this very moment: look again, and merge.
      if (code !== 'changed-meanwhile' || decision === DECISIONS) throw error;
    }
  }
}

function compose(deps: ReceiveDeps, input: ReportInput): NewReport {
  const text = cleanText(input.text);
  if (text.length > LIMITS.reportTextChars)
    throw new LabaError('bad-text', `The text has ${text.length} characters; ${LIMITS.reportTextChars} are possible.`, { field: 'text' });
  if (!isSpeakable(text) && (input.hazard === 'need' || input.hazard === 'other'))
    throw new LabaError('bad-text', 'Say in words what is needed or what was seen.', { field: 'text' });
  const name = cleanText(input.reporterName ?? '').slice(0, LIMITS.nameChars);
  const phone = cleanText(input.reporterPhone ?? '').slice(0, LIMITS.nameChars);
  return {
    id: input.id ?? deps.ids(),
    gridCode: input.gridCode,
    hazard: input.hazard,
    text,
    source: input.source,
    receivedAtMs: deps.clock.now(),
    reporterCipher: name === '' && phone === '' ? null : deps.vault.encrypt(JSON.stringify({ name, phone })),
  };
}

async function write(deps: ReceiveDeps, report: NewReport, act: Act): Promise<ReceivedReport> {
  const first = await firstOfSameHazard(deps.db, report);
  await deps.db.atomically(reportOps(deps, report, first, act));
  return { id: report.id, number: reportNumber(report.id), state: stateOf(first), mergedInto: first?.id ?? null };
}

const stateOf = (first: ReportRow | undefined): ReportState => (first === undefined ? 'new' : 'merged');

/** What puts the report down, beside or into the first of the same hazard. */
export function reportOps(deps: Pick<Deps, 'ids'>, report: NewReport, first: ReportRow | undefined, act: Act): Op[] {
  const event = { atMs: report.receivedAtMs, who: act.who, via: act.via, gridCode: report.gridCode, subjectId: report.id };
  const due = report.hazard === 'need' ? {} : { 'mobilization.need-task': null };
  return [
    ...act.once,
    ...(first === undefined ? stillFirstOfItsHazard(report) : [countMerged(first.id)]),
    writeReport(report, stateOf(first), first?.id ?? null),
    ...record(deps.ids, { ...event, type: 'report.received', data: { hazard: report.hazard, source: report.source }, due }),
    ...(first === undefined ? [] : record(deps.ids, { ...event, type: 'report.merged', data: { into: first.id } })),
  ];
}
