// Chapter 2, alert: an officer writes down what he means to say, where. Nothing is sent; a draft can be edited until it is raised.
import { nextAlertState, type AlertText } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { coveringCode } from '@laba/domain/grid';
import { hasScope } from '@laba/domain/officer';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { AlertInput } from './alert-body.ts';
import { changeHead, newAlert, newRevision, replaceRevision, type WholeAlert } from './alert-store.ts';
import { PLACEHOLDER_CLIPS } from './clip-index.ts';
import { composeContent, type AlertContent } from './compose-content.ts';
import { nodeFacts } from './forecast-store.ts';
import { findTemplate, placeName, reportPlace } from './grid-store.ts';
import { spokenLanguages } from './spoken-languages.ts';

export type AlertingDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>;

/**
 * The content that these words would give, with everything checked. `permit` must cover the area asked for.
 * @throws `unknown-template`, `not-found` (report), `out-of-scope`, and what composeContent throws
 */
export async function contentOf(deps: AlertingDeps, input: AlertInput, permit: Permit): Promise<AlertContent> {
  assertPermitted(permit, input.areaCodes);
  const template = input.templateId ? await findTemplate(deps.db, input.templateId) : undefined;
  const report = input.reportId ? await reportPlace(deps.db, input.reportId) : undefined;
  if (report !== undefined && !hasScope(permit.officer, report.gridCode))
    throw new LabaError('out-of-scope', 'reportId: this report lies outside your scope.', { field: 'reportId' });
  const place = await placeName(deps.db, coveringCode(input.areaCodes) ?? deps.config.county);
  const speaksHere = await speakingHere(deps, input);
  return composeContent(input, { template, hazardEventCode: report?.eventCode ?? '', placeName: place, nowMs: deps.clock.now(), speaksHere });
}

// Prepared words in a language that nobody speaks here cost seconds in which people could be told; a stand-in recording is for the demo and for drills.
async function speakingHere(deps: AlertingDeps, input: AlertInput): Promise<(text: AlertText) => boolean> {
  const nodes = await nodeFacts(deps.db, input.areaCodes);
  const spoken = new Set(spokenLanguages(input.areaCodes, nodes, []).map((one) => one.language));
  const standInsSound = deps.config.demo || input.mode !== 'live';
  return ({ language, clipSha256 }) => spoken.has(language) && (standInsSound || clipSha256 === undefined || !PLACEHOLDER_CLIPS.has(clipSha256));
}

/** @throws what contentOf throws */
export async function draftAlert(deps: AlertingDeps, input: AlertInput, permit: Permit<'alert.draft'>, act: Act): Promise<string> {
  const content = await contentOf(deps, input, permit);
  const id = deps.ids();
  const atMs = deps.clock.now();
  const by = permit.officer.id;
  await deps.db.atomically([
    ...act.once,
    newAlert({
      id,
      ...subjectOf(content),
      eventCode: content.eventCode,
      state: 'draft',
      revision: 1,
      reportId: input.reportId ?? null,
      templateId: input.templateId ?? null,
      draftedBy: by,
      createdAtMs: atMs,
      endTimeMs: content.endTimeMs,
    }),
    ...newRevision(id, 1, by, content),
    ...record(deps.ids, {
      type: 'alert.drafted',
      atMs,
      who: act.who,
      via: act.via,
      gridCode: placeOf(deps, content.areaCodes),
      subjectId: id,
      alertId: id,
      data: { revision: 1, templateId: input.templateId ?? null, reportId: input.reportId ?? null },
    }),
  ]);
  return id;
}

/** Replaces a draft's content. Approvals spoke of the old words and are void. @throws `transition-refused`, `changed-meanwhile`, what contentOf throws */
export async function editAlert(deps: AlertingDeps, alert: WholeAlert, input: AlertInput, permit: Permit<'alert.draft'>, act: Act): Promise<void> {
  const { head } = alert;
  nextAlertState(head.state, 'edit');
  const content = await contentOf(deps, input, permit);
  const by = permit.officer.id;
  await deps.db.atomically([
    ...act.once,
    changeHead(head, {
      ...subjectOf(content),
      eventCode: content.eventCode,
      endTimeMs: content.endTimeMs,
      draftedBy: by,
      reportId: input.reportId ?? head.reportId,
      templateId: input.templateId ?? null,
    }),
    ...replaceRevision(head.id, head.revision, by, content),
    ...record(deps.ids, {
      type: 'alert.edited',
      atMs: deps.clock.now(),
      who: act.who,
      via: act.via,
      gridCode: placeOf(deps, content.areaCodes),
      subjectId: head.id,
      alertId: head.id,
      data: { revision: head.revision, voidedApprovals: alert.approvals.length },
    }),
  ]);
}

/** @throws `transition-refused`, `changed-meanwhile` */
export async function discardAlert(deps: AlertingDeps, alert: WholeAlert, permit: Permit<'alert.draft'>, act: Act): Promise<void> {
  const { head } = alert;
  const atMs = deps.clock.now();
  await deps.db.atomically([
    ...act.once,
    changeHead(head, { state: nextAlertState(head.state, 'discard'), overAtMs: atMs, overBy: permit.officer.id }),
    ...record(deps.ids, {
      type: 'alert.discarded',
      atMs,
      who: act.who,
      via: act.via,
      gridCode: placeOf(deps, permit.codes),
      subjectId: head.id,
      alertId: head.id,
      data: {},
    }),
  ]);
}

export function subjectOf(content: AlertContent): Pick<AlertContent, 'mode' | 'kind' | 'level' | 'order'> {
  const { mode, kind, level, order } = content;
  return { mode, kind, level, order };
}

/** Where an alert's events are told: the smallest grid node that covers it. */
export function placeOf(deps: Pick<Deps, 'config'>, codes: readonly string[]): string {
  return coveringCode(codes) ?? deps.config.county;
}

export function assertPermitted(permit: Permit, codes: readonly string[]): void {
  const outside = codes.find((code) => !permit.codes.includes(code));
  if (outside !== undefined) throw new LabaError('out-of-scope', `The permit does not cover ${outside}.`, { gridCode: outside });
}
