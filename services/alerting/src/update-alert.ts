// Chapter 2, alert: the next revision. Update posts it in full through the same policy, and the old one sounds until then; extend keeps words and area.
import { nextAlertState } from '@laba/domain/alert';
import type { Decision } from '@laba/domain/forecast-view';
import { LabaError } from '@laba/domain/errors';
import { nextRevisionNumber } from '@laba/domain/revision-number';
import type { Act, Permit } from '@laba/runtime/auth';
import { houseCode } from '@laba/runtime/config';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { AlertInput } from './alert-body.ts';
import { changeHead, newRevision, raisedRevision, replaceRevision, waitingRevision, type RevisionRow, type WholeAlert } from './alert-store.ts';
import type { AlertContent } from './compose-content.ts';
import { assertMayRaise, decideRaise } from './decide-raise.ts';
import { contentOf, placeOf, type AlertingDeps } from './draft-alert.ts';
import { areaOf } from './grid-store.ts';
import { policyHere } from './policy-store.ts';
import { endTimeOf, raiseOps } from './raise-alert.ts';

/**
 * Writes the next revision and raises it in the same commit when one officer suffices; otherwise it waits for its approval
 * and for `raise`. `permit` must cover the old area and the new one.
 * @throws `transition-refused`, `bad-input` (another mode), `role-refused`, what contentOf throws, `changed-meanwhile`
 */
export async function updateAlert(deps: AlertingDeps, alert: WholeAlert, input: AlertInput, permit: Permit<'alert.raise'>, act: Act): Promise<Decision> {
  const { head } = alert;
  nextAlertState(head.state, 'update');
  if (input.mode !== head.mode)
    throw new LabaError('bad-input', `mode: this alert is ${head.mode} and stays so; a ${input.mode} is an alert of its own.`, { field: 'mode' });
  const content = await contentOf(deps, input, permit);
  const policy = await policyHere(deps);
  const decision = decideRaise(policy, content, await areaOf(deps.db, content.areaCodes), permit.officer, []);
  if (decision.missing.some((what) => what !== 'second-officer')) assertMayRaise(decision);
  const next = nextRevision(deps, alert, content, permit);
  const ops = decision.mayRaise ? await raiseOps(deps, alert, next.row, decision.officers, permit, act) : wait(deps, alert, next.row, input, act);
  await deps.db.atomically([...act.once, ...next.ops, ...ops]);
  return decision;
}

/**
 * The same words and area until a later end, as revision n + 1, so that the devices get a signed command. One officer:
 * what was approved is not made graver, and silence at the old end would be.
 * @throws `transition-refused`, `bad-time`, `role-refused`, `changed-meanwhile`
 */
export async function extendAlert(deps: AlertingDeps, alert: WholeAlert, endTime: string, permit: Permit<'alert.raise'>, act: Act): Promise<void> {
  const { head } = alert;
  nextAlertState(head.state, 'extend');
  const sounding = raisedRevision(alert);
  const endTimeMs = Date.parse(endTime);
  const nowMs = deps.clock.now();
  if (sounding === undefined || head.endTimeMs <= nowMs)
    throw new LabaError('bad-time', 'The end time has passed; raise a new alert instead.', { field: 'endTime' });
  if (endTimeMs <= head.endTimeMs)
    throw new LabaError('bad-time', 'endTime: it must lie after the present end; to stop sooner, end the alert.', { field: 'endTime' });
  if (waitingRevision(alert) !== undefined)
    throw new LabaError('transition-refused', 'An update waits for its second officer; raise that one, or post the update again with the later end.', {
      state: head.state,
    });
  const policy = await policyHere(deps);
  const decision = decideRaise(policy, sounding, await areaOf(deps.db, sounding.areaCodes), permit.officer, []);
  if (decision.missing.some((what) => what !== 'second-officer')) assertMayRaise(decision);
  const {
    alertId: _alertId,
    revision: _revision,
    cap: _cap,
    draftedBy: _draftedBy,
    raisedAtMs: _raisedAtMs,
    raisedAtCode: _raisedAtCode,
    ...content
  } = sounding;
  const next = nextRevision(deps, alert, { ...content, startTimeMs: nowMs, endTimeMs }, permit);
  const ops = await raiseOps(deps, alert, next.row, decision.officers, permit, act, endTimeOf(deps, endTimeMs));
  await deps.db.atomically([...act.once, ...next.ops, ...ops]);
}

function nextRevision({ config }: AlertingDeps, alert: WholeAlert, content: AlertContent, permit: Permit): { row: RevisionRow; ops: Op[] } {
  const { head } = alert;
  const raisedFirstAt = alert.revisions[0]?.raisedAtCode ?? config.county;
  const revision = waitingRevision(alert)?.revision ?? nextRevisionNumber(head.revision, raisedFirstAt, houseCode(config));
  const row: RevisionRow = { alertId: head.id, revision, draftedBy: permit.officer.id, cap: null, raisedAtMs: null, raisedAtCode: null, ...content };
  const write = waitingRevision(alert) === undefined ? newRevision : replaceRevision;
  return { row, ops: write(head.id, revision, permit.officer.id, content) };
}

function wait(deps: AlertingDeps, alert: WholeAlert, next: RevisionRow, input: AlertInput, act: Act): Op[] {
  const { head } = alert;
  return [
    changeHead(head, {}),
    ...record(deps.ids, {
      type: 'alert.drafted',
      atMs: deps.clock.now(),
      who: act.who,
      via: act.via,
      gridCode: placeOf(deps, next.areaCodes),
      subjectId: head.id,
      alertId: head.id,
      data: { revision: next.revision, templateId: input.templateId ?? null, reportId: input.reportId ?? null },
    }),
  ];
}
