// Chapter 1, report: an officer says what it was: true, false, or the same as another one.
import { LabaError } from '@laba/domain/errors';
import { hasScope } from '@laba/domain/officer';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { countMerged, findReport, setVerified, type ReportRow } from './report-store.ts';

export interface Verdict {
  result: 'true' | 'false' | 'duplicate';
  duplicateOf?: string | undefined;
}

/**
 * @throws `transition-refused` when it is not new any more, `bad-input` when a duplicate does not say of what,
 * `not-found` and `out-of-scope` about the other report, `changed-meanwhile`
 */
export async function verifyReport(
  deps: Pick<Deps, 'db' | 'clock' | 'ids'>,
  report: ReportRow,
  verdict: Verdict,
  permit: Permit<'report.verify'>,
  act: Act,
): Promise<void> {
  if (report.state !== 'new')
    throw new LabaError('transition-refused', `This report is '${report.state}' already; only a new one can be verified.`, { state: report.state });
  const first = verdict.result === 'duplicate' ? await firstOf(deps, report, verdict.duplicateOf, permit) : undefined;
  const atMs = deps.clock.now();
  await deps.db.atomically([
    ...act.once,
    setVerified(report, { state: verdict.result, mergedInto: first?.id ?? null, verifiedBy: permit.officer.id, verifiedAtMs: atMs }),
    ...(first === undefined ? [] : [countMerged(first.id)]),
    ...record(deps.ids, {
      type: 'report.verified',
      atMs,
      who: act.who,
      via: act.via,
      gridCode: report.gridCode,
      subjectId: report.id,
      data: { result: verdict.result, ...(first === undefined ? {} : { duplicateOf: first.id }) },
    }),
  ]);
}

// A duplicate of a duplicate is a duplicate of the first: no chains.
async function firstOf(deps: Pick<Deps, 'db'>, report: ReportRow, duplicateOf: string | undefined, permit: Permit<'report.verify'>): Promise<ReportRow> {
  if (duplicateOf === undefined) throw new LabaError('bad-input', 'duplicateOf: say which report it duplicates.', { field: 'duplicateOf' });
  const other = await findReport(deps.db, duplicateOf);
  const first = other?.mergedInto ? await findReport(deps.db, other.mergedInto) : other;
  if (first === undefined) throw new LabaError('not-found', 'The report named in duplicateOf does not exist.', { field: 'duplicateOf' });
  if (!hasScope(permit.officer, first.gridCode))
    throw new LabaError('out-of-scope', 'The report named in duplicateOf lies outside your scope.', { field: 'duplicateOf' });
  if (first.id === report.id) throw new LabaError('bad-input', 'duplicateOf: a report cannot be a duplicate of itself.', { field: 'duplicateOf' });
  if (first.state !== 'new' && first.state !== 'true')
    throw new LabaError('transition-refused', `The other report is '${first.state}': nothing can be a duplicate of it.`, { state: first.state });
  return first;
}
