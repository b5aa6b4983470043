// Chapter 6, reporting upward: one key makes the next report, or fills the open one anew; the words of the last one stay.
import { LabaError } from '@laba/domain/errors';
import { coveringCode } from '@laba/domain/grid';
import type { Officer } from '@laba/domain/officer';
import { nextReport, NO_WORDS, reportedDay, type LastReport, type SituationWords } from '@laba/domain/situation';
import { authorize, type Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findPolicy } from '@laba/storage/policy';
import { findAlert, gridNodes } from '../overview-store.ts';
import type { CoverageReader } from '../read-coverage.ts';
import { alertFigures, dayFigures } from './board-figures.ts';
import { closeContent, tryOpen, type AlertSubject, type Content, type SituationRow } from './content.ts';
import { insertReport, nameOf, reportsOf, stoodBetween, writeDraft, type ReportHead } from './situation-store.ts';

export type SituationDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

/** A quiet day is a series of its own. */
export const DAY = 'zero/';
export const daySeries = (day: string) => `${DAY}${day}`;

/** The last report of a series that was sent, and the draft after it. `rows`: the newest first. */
export function standing<R extends ReportHead>(rows: readonly R[]): { last: (LastReport & { row: R }) | undefined; draft: R | undefined } {
  const row = rows.find(({ state }) => state === 'sent');
  const last = row === undefined ? undefined : { kind: row.kind, number: row.number, sentAtMs: row.sentAtMs ?? row.asOfMs, row };
  return { last, draft: rows.find(({ state }) => state === 'draft') };
}

/** Reports go up from the county: what a village below it lives is told to the county by itself. @throws `transition-refused` */
function assertReports({ config }: SituationDeps): void {
  if (config.node !== undefined && config.node !== config.county)
    throw new LabaError('transition-refused', 'Situation reports are made at the county: it already knows what happens here.');
}

/**
 * @returns the draft with the figures of this moment
 * @throws `not-found`, `role-refused`, `out-of-scope` without the whole of its ground, `transition-refused` where no report follows, `changed-meanwhile`
 */
export async function fillAlertReport(deps: SituationDeps, coverage: CoverageReader, alertId: string, officer: Officer, act: Act): Promise<SituationRow> {
  const found = await findAlert(deps.db, alertId);
  if (found === undefined) throw new LabaError('not-found', 'No alert has this id.');
  const { alert, revision, areas } = found;
  authorize(officer, 'situation.report', areas);
  assertReports(deps);
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const { last, draft } = standing(await reportsOf(deps.db, alertId));
  const next = nextReport(alert, last, policy.situation);
  if (next === undefined)
    throw new LabaError(
      'transition-refused',
      'No report follows here: the alert was never raised, is a test, was cancelled unreported, or its final report was sent.',
    );
  const nodes = await gridNodes(deps.db, revision.areaCodes);
  const permit = authorize(officer, 'alert.read', areas);
  const asOfMs = deps.clock.now();
  const figures = await alertFigures(deps, coverage, { alert, revision, permit, scopes: [deps.config.county] });
  const subject: AlertSubject = {
    ...{ title: revision.texts[0]?.title ?? '', text: revision.texts[0]?.text ?? '', issuer: revision.issuer, eventCode: revision.eventCode },
    ...{ kind: alert.kind, level: alert.level, order: alert.order, state: alert.state, revision: alert.revision, endTimeMs: alert.endTimeMs },
    ...{ raisedAtMs: alert.raisedAtMs ?? asOfMs, overAtMs: alert.overAtMs, slopeCheckedBy: alert.slopeCheckedBy },
    areas: revision.areaCodes.map((code) => ({ code, name: nodes.find((node) => node.code === code)?.name ?? code })),
  };
  const about = { kind: next.kind, alertId, subject, figures };
  const words = wordsOf(deps, draft ?? last?.row);
  const head = { number: next.number, mode: alert.mode, asOfMs, dueAtMs: next.dueAtMs, words };
  return putDown(deps, { series: alertId, alertId, areaCodes: areas, draft }, await contentOf(deps, head, about), act);
}

/**
 * The zero report of the last 24 hours.
 * @throws `transition-refused` where the policy asks for none or the day was not quiet, `already-done`, as above
 */
export async function fillZeroReport(deps: SituationDeps, officer: Officer, act: Act): Promise<SituationRow> {
  const { county, utcOffsetMinutes } = deps.config;
  authorize(officer, 'situation.report', [county]);
  assertReports(deps);
  const { policy } = await findPolicy(deps.db, county);
  const asOfMs = deps.clock.now();
  const day = reportedDay(policy.situation, asOfMs, utcOffsetMinutes);
  if (day === undefined) throw new LabaError('transition-refused', 'The policy asks for no zero reports: name its hour there (situation.zeroAt).');
  if (await stoodBetween(deps.db, day.fromMs, day.toMs))
    throw new LabaError('transition-refused', 'The day was not quiet: a live alert stood. Its own reports tell of it.');
  const { last, draft } = standing(await reportsOf(deps.db, daySeries(day.day)));
  if (last !== undefined) throw new LabaError('already-done', 'The zero report of this day was sent.');
  const about = { kind: 'zero' as const, day: { day: day.day, fromMs: day.fromMs, toMs: day.toMs }, figures: await dayFigures(deps, [county]) };
  const words = wordsOf(deps, draft);
  const head = { number: 1, mode: 'live' as const, asOfMs, dueAtMs: day.dueAtMs, words };
  return putDown(deps, { series: daySeries(day.day), alertId: null, areaCodes: [county], draft }, await contentOf(deps, head, about), act);
}

// A row that somebody altered must not keep the next report from going out.
function wordsOf({ vault }: SituationDeps, row: SituationRow | undefined): SituationWords {
  return (row === undefined ? undefined : tryOpen(vault, row))?.words ?? NO_WORDS;
}

async function contentOf<A>(deps: SituationDeps, head: Pick<Content, 'number' | 'mode' | 'asOfMs' | 'dueAtMs' | 'words'>, about: A) {
  const { county } = deps.config;
  return { ...head, ...about, county: { code: county, name: await nameOf(deps.db, county) }, sent: null };
}

interface Place {
  series: string;
  alertId: string | null;
  areaCodes: string[];
  draft: SituationRow | undefined;
}

async function putDown(deps: SituationDeps, place: Place, filled: Omit<Content, 'id'>, act: Act): Promise<SituationRow> {
  const { draft, ...where } = place;
  const content = { id: draft?.id ?? deps.ids(), ...filled } as Content;
  const { number, kind, mode, asOfMs, dueAtMs } = content;
  const { contentCipher } = closeContent(deps.vault, content);
  const row: SituationRow = {
    ...{ id: content.id, ...where, number, kind, mode, asOfMs, dueAtMs, contentCipher },
    ...{ state: 'draft', seal: null, filledBy: act.who, sentBy: null, sentAtMs: null, version: (draft?.version ?? 0) + 1 },
  };
  await deps.db.atomically([
    draft === undefined ? insertReport(row) : writeDraft(draft, { kind, mode, asOfMs, dueAtMs, contentCipher, areaCodes: where.areaCodes, filledBy: act.who }),
    ...act.once,
    ...record(deps.ids, { type: 'situation.filled', ...told(row, act, asOfMs), data: { kind, number, anew: draft !== undefined } }),
  ]);
  return row;
}

/** Of whose ground, about what, by whom. */
export function told(row: Pick<SituationRow, 'id' | 'alertId' | 'areaCodes'>, act: Act, atMs: number) {
  return { atMs, who: act.who, via: act.via, gridCode: coveringCode(row.areaCodes) ?? row.areaCodes[0]!, alertId: row.alertId, subjectId: row.id };
}
