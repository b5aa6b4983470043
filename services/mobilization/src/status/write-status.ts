// The village alone, at the centre: an officer writes down what was said; it marks nobody. Later he says that it is reconciled.
import { LabaError } from '@laba/domain/errors';
import { isGrave, type LineProblem } from '@laba/domain/spoken-status';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findPolicy } from '@laba/storage/policy';
import { findStatus, insertStatus, isKnownLater, meetContacts, writeStatus, type SpokenStatus } from './status-store.ts';
import { understand } from './understand-status.ts';

type StatusDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

export interface GivenStatus {
  gridCode: string;
  lines: readonly string[];
  /** Whoever speaks said again that there are more than the list has. */
  confirmed: boolean;
  /** Line 5 becomes a report of kind need. */
  asNeed: boolean;
}

const MINUTE_MS = 60_000;
const NEEDS_LINE = 5;

/** @throws as `understand`; `bad-input` with the lines that cannot be read; `more-than-listed` until it is confirmed */
export async function takeStatus(deps: StatusDeps, given: GivenStatus, _permit: Permit<'status.write'>, act: Act): Promise<SpokenStatus> {
  const { gridCode, asNeed } = given;
  const { said, lines, problems, doubts, expected, alert } = await understand(deps, gridCode, given.lines);
  const noNeed = { line: NEEDS_LINE, zh: '第 5 行：先写缺什么，再登记求助', en: 'Line 5: say what is needed before it becomes a report' };
  const wrong = asNeed && lines[NEEDS_LINE - 1] === '' ? [...problems, noNeed] : problems;
  if (wrong.length > 0) throw refusal('bad-input', wrong);
  if (doubts.length > 0 && !given.confirmed) throw refusal('more-than-listed', doubts);
  const nowMs = deps.clock.now();
  const isOvertaken = await isKnownLater(deps.db, gridCode, said.saidAtMs);
  const status: SpokenStatus = {
    ...said,
    ...{ id: deps.ids(), gridCode, alertId: alert?.id ?? null, linesCipher: deps.vault.encrypt(JSON.stringify(lines)) },
    ...{ expectedHouseholds: expected.households, expectedPersons: expected.persons, writtenBy: act.who, writtenAtMs: nowMs },
    ...{ needReportId: asNeed ? deps.ids() : null, contact: said.nextContactAtMs === null || isOvertaken ? null : 'awaited' },
    ...{ reconciledBy: null, reconciledAtMs: null, version: 1 },
  };
  await deps.db.atomically([meetContacts(gridCode, said.saidAtMs), insertStatus(status), ...act.once, ...(await tell(deps, status, act))]);
  return status;
}

function refusal(code: 'bad-input' | 'more-than-listed', lines: readonly LineProblem[]): LabaError {
  const [zh, en] = [lines.map((one) => one.zh).join('；'), lines.map((one) => one.en).join('; ')];
  return new LabaError(code, en, { why: { zh, en }, lines });
}

async function tell(deps: StatusDeps, status: SpokenStatus, act: Act) {
  const { means, saidAtMs, nextContactAtMs, needReportId, contact, gridCode, alertId } = status;
  const { contactGraceMinutes } = (await findPolicy(deps.db, deps.config.county)).policy.tasks;
  return record(deps.ids, {
    type: 'status.received',
    ...{ atMs: status.writtenAtMs, who: act.who, via: act.via, gridCode, alertId, subjectId: status.id },
    data: {
      ...{ means, saidAtMs, grave: isGrave(status) },
      ...(nextContactAtMs === null ? {} : { nextContactAtMs }),
      ...(needReportId === null ? {} : { needReportId }),
    },
    due: {
      'mobilization.expect-contact': contact === null || nextContactAtMs === null ? null : nextContactAtMs + contactGraceMinutes * MINUTE_MS,
      ...(needReportId === null ? { 'intake.take-need': null } : {}),
    },
  });
}

/**
 * What was said and what came later were looked at side by side: the difference is settled.
 * @throws `not-found`, `out-of-scope`, `already-done`, `changed-meanwhile`
 */
export async function reconcileStatus(
  deps: StatusDeps,
  given: { id: string; version: number; differences: number },
  _permit: Permit<'status.write'>,
  act: Act,
): Promise<void> {
  const status = await findStatus(deps.db, given.id);
  if (status === undefined) throw new LabaError('not-found', 'No status has this id.');
  if (status.reconciledAtMs !== null) throw new LabaError('already-done', 'This status is reconciled already.');
  if (status.version !== given.version)
    throw new LabaError('changed-meanwhile', 'This status changed meanwhile: look at it again.', { version: status.version });
  const atMs = deps.clock.now();
  const { gridCode, alertId, id } = status;
  await deps.db.atomically([
    writeStatus(status, { reconciledBy: act.who, reconciledAtMs: atMs }),
    ...act.once,
    ...record(deps.ids, {
      type: 'status.reconciled',
      ...{ atMs, who: act.who, via: act.via, gridCode, alertId, subjectId: id },
      data: { differences: given.differences },
    }),
  ]);
}
