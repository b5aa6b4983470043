// Chapter 2, alert: the button. Policy, officers and times are asked once more; then one commit, and the story goes on by its event.
import { nextAlertState } from '@laba/domain/alert';
import { capIdentifier, capTime, toCap, type CapAlert } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import type { Act, Permit } from '@laba/runtime/auth';
import { houseCode } from '@laba/runtime/config';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { changeHead, markRaised, waitingRevision, type RevisionRow, type WholeAlert } from './alert-store.ts';
import { assertTimes } from './compose-content.ts';
import { assertMayRaise, decideRaise } from './decide-raise.ts';
import { assertPermitted, placeOf, subjectOf, type AlertingDeps } from './draft-alert.ts';
import { areaOf, knownPlaces } from './grid-store.ts';
import { policyHere } from './policy-store.ts';

/**
 * Raises what waits: the draft, or the update of an alert that sounds.
 * @throws `transition-refused` (raised before, over, nothing waits), `role-refused`, `out-of-scope`, `approval-needed`, `bad-time`, `changed-meanwhile`
 */
export async function raiseAlert(deps: AlertingDeps, alert: WholeAlert, permit: Permit<'alert.raise'>, act: Act): Promise<void> {
  const waiting = waitingRevision(alert);
  nextAlertState(alert.head.state, waiting !== undefined && waiting.revision > 1 ? 'update' : 'raise');
  if (waiting === undefined) throw new LabaError('transition-refused', 'Nothing waits to be raised here.', { state: alert.head.state });
  const approvers = approversOf(alert, waiting.revision);
  const policy = await policyHere(deps);
  const decision = decideRaise(policy, waiting, await areaOf(deps.db, waiting.areaCodes), permit.officer, approvers);
  assertMayRaise(decision);
  await deps.db.atomically([...act.once, ...(await raiseOps(deps, alert, waiting, decision.officers, permit, act))]);
}

/** Officers who approved exactly this revision. */
export function approversOf(alert: WholeAlert, revision: number): string[] {
  return alert.approvals.filter((approval) => approval.revision === revision).map((approval) => approval.officerId);
}

/** Everything that makes a revision the one that sounds; the caller has decided that it may. @throws `bad-time`, `unknown-code` */
export async function raiseOps(
  deps: AlertingDeps,
  alert: WholeAlert,
  waiting: RevisionRow,
  officers: readonly string[],
  permit: Permit<'alert.raise'>,
  act: Act,
  extendedTo?: string,
): Promise<Op[]> {
  assertPermitted(permit, waiting.areaCodes);
  const { head } = alert;
  const nowMs = deps.clock.now();
  // The approved end time is the end time; only the start follows the button.
  const startTimeMs = Math.max(nowMs, waiting.startTimeMs);
  assertTimes(startTimeMs, waiting.endTimeMs, nowMs);
  const first = head.state === 'draft';
  const cap = await capOf(deps, alert, waiting, { nowMs, startTimeMs });
  const subject = subjectOf(waiting);
  const policy = await policyHere(deps);
  return [
    changeHead(head, {
      ...subject,
      state: 'raised',
      revision: waiting.revision,
      eventCode: waiting.eventCode,
      endTimeMs: waiting.endTimeMs,
      quiet: false,
      ...(first ? { raisedBy: permit.officer.id, raisedAtMs: nowMs } : {}),
    }),
    markRaised(head.id, waiting.revision, { raisedAtMs: nowMs, raisedAtCode: houseCode(deps.config), startTimeMs, cap }),
    ...record(deps.ids, {
      type: first ? 'alert.raised' : 'alert.updated',
      atMs: nowMs,
      who: act.who,
      via: act.via,
      gridCode: placeOf(deps, waiting.areaCodes),
      subjectId: head.id,
      alertId: head.id,
      data: {
        revision: waiting.revision,
        mode: waiting.mode,
        areaCodes: waiting.areaCodes,
        officers: [...officers],
        ...(extendedTo === undefined ? {} : { extendedTo }),
      },
      due: { 'alerting.ask-before-expiry': askAtMs(nowMs, waiting.endTimeMs, policy.askBeforeExpiryMinutes), 'alerting.expire': waiting.endTimeMs },
      urgent: waiting.mode === 'live',
    }),
  ];
}

/** When the officer is asked about the end: so many minutes before it, for a short alert half-way through it. */
export function askAtMs(nowMs: number, endTimeMs: number, askBeforeExpiryMinutes: number): number {
  return Math.max(endTimeMs - askBeforeExpiryMinutes * 60_000, Math.round((nowMs + endTimeMs) / 2));
}

async function capOf(deps: AlertingDeps, alert: WholeAlert, waiting: RevisionRow, at: { nowMs: number; startTimeMs: number }): Promise<CapAlert> {
  const { county, utcOffsetMinutes } = deps.config;
  const places = await knownPlaces(deps.db, county, waiting.areaCodes);
  const unexpired = alert.revisions.flatMap(({ cap, endTimeMs }) =>
    cap === null || endTimeMs <= at.nowMs ? [] : [{ sender: cap.sender, identifier: cap.identifier, sent: cap.sent }],
  );
  return toCap({
    ...subjectOf(waiting),
    county,
    utcOffsetMinutes,
    identifier: capIdentifier(county, at.nowMs, utcOffsetMinutes, runningNumber(alert.head.id, waiting.revision)),
    sentMs: at.nowMs,
    startTimeMs: at.startTimeMs,
    endTimeMs: waiting.endTimeMs,
    issuer: waiting.issuer,
    eventCode: waiting.eventCode,
    texts: waiting.texts,
    areas: waiting.areaCodes.map((code) => ({ code, name: places.get(code) ?? code })),
    msgType: waiting.revision === 1 ? 'Alert' : 'Update',
    references: unexpired,
    note: waiting.mode === 'drill' ? `exercise ${alert.head.id}` : '',
  });
}

// Two alerts raised in one second must differ, also when two processes raise them: the number comes from the alert's random part, not from a count.
function runningNumber(alertId: string, revision: number): number {
  return Number(BigInt(`0x${alertId.replaceAll('-', '').slice(-12)}`) % 1_000_000_000n) * 1_000 + (revision % 1_000);
}

/** The end time as people and devices read it. */
export function endTimeOf(deps: Pick<AlertingDeps, 'config'>, endTimeMs: number): string {
  return capTime(endTimeMs, deps.config.utcOffsetMinutes);
}
