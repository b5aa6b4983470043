// Chapter 1, report: what a village said by telephone that it needs becomes a report of its own, and so a task that closes.
import { HAZARDS } from '@laba/domain/report';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { reportOps } from './receive-report.ts';
import { findReport, findSpokenStatus } from './report-store.ts';

const NEEDS_LINE = 5;
/** In the last line, beside the time. */
const TELEPHONE = /\+?\d{7,15}/;

/** The reaction to `status.received`, where the officer said that it is one. Its id was given with the status: it is written once. */
export async function takeNeed(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>, { event }: Job): Promise<Reaction> {
  const status = await findSpokenStatus(deps.db, event.subjectId);
  const id = status?.needReportId;
  if (status === undefined || id === null || id === undefined || (await findReport(deps.db, id)) !== undefined) return {};
  const lines = JSON.parse(deps.vault.decrypt(status.linesCipher)) as string[];
  const [speaker = '', needs = HAZARDS.need.zh] = [lines[0], lines[NEEDS_LINE - 1]];
  const report = {
    ...{ id, gridCode: status.gridCode, hazard: 'need' as const, source: 'telephone' as const, text: needs, receivedAtMs: deps.clock.now() },
    reporterCipher: deps.vault.encrypt(JSON.stringify({ name: speaker, phone: TELEPHONE.exec(lines.at(-1) ?? '')?.[0] ?? '' })),
  };
  return { ops: reportOps(deps, report, undefined, { who: status.writtenBy, via: 'job', once: [] }) };
}
