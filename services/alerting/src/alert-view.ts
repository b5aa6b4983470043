// Chapter 2, alert: how an alert looks over HTTP, with times people read and the button's words for this officer.
import type { AlertView, ApprovalView, ListedAlertView, RevisionView, WaitingView } from '@laba/domain/alert-view';
import { capTime } from '@laba/domain/cap';
import type { Area } from '@laba/domain/grid';
import type { Officer } from '@laba/domain/officer';
import type { Policy } from '@laba/domain/policy';
import { waitingRevision, type ApprovalRow, type ListedAlert, type RevisionRow, type WholeAlert } from './alert-store.ts';
import { decideRaise } from './decide-raise.ts';
import { approversOf } from './raise-alert.ts';

type Time = (ms: number) => string;
export const timeAt =
  (utcOffsetMinutes: number): Time =>
  (ms) =>
    capTime(ms, utcOffsetMinutes);
const maybe = (time: Time, ms: number | null) => (ms === null ? null : time(ms));

function revisionView(revision: RevisionRow, time: Time): RevisionView {
  const { alertId: _alertId, startTimeMs, endTimeMs, raisedAtMs, ...rest } = revision;
  return { ...rest, startTime: time(startTimeMs), endTime: time(endTimeMs), raisedAt: maybe(time, raisedAtMs) };
}

function approvalView(approval: ApprovalRow, names: Names, time: Time): ApprovalView {
  const { alertId: _alertId, atMs, countersignedAtMs, ...rest } = approval;
  return { ...rest, officerName: names.get(rest.officerId) ?? rest.officerId, at: time(atMs), countersignedAt: maybe(time, countersignedAtMs) };
}

/** One row of the list: the head, and the newest revision's title and area. */
export function listedView({ head, revision }: ListedAlert, time: Time): ListedAlertView {
  const { createdAtMs, raisedAtMs, overAtMs, endTimeMs, ...rest } = head;
  return {
    ...rest,
    title: revision.texts[0]?.title ?? '',
    areaCodes: revision.areaCodes,
    issuer: revision.issuer,
    updateWaits: revision.revision > head.revision,
    createdAt: time(createdAtMs),
    raisedAt: maybe(time, raisedAtMs),
    overAt: maybe(time, overAtMs),
    endTime: time(endTimeMs),
  };
}

/** What may still be raised of it. */
export function revisionToRaise(alert: WholeAlert): RevisionRow | undefined {
  return alert.head.state === 'draft' || alert.head.state === 'raised' ? waitingRevision(alert) : undefined;
}

type Names = ReadonlyMap<string, string>;

/** The revision that waits, as the policy sees it; `seconds`: who may be its second officer, if it needs one still. */
export interface Waiting {
  revision: RevisionRow;
  policy: Policy;
  area: Area;
  seconds: readonly Officer[] | undefined;
}

/** `names`: of whoever approved, by id. */
export function alertView(alert: WholeAlert, officer: Officer, waiting: Waiting | undefined, names: Names, time: Time): AlertView {
  return {
    ...listedView({ head: alert.head, revision: alert.revisions.at(-1)! }, time),
    revisions: alert.revisions.map((revision) => revisionView(revision, time)),
    approvals: alert.approvals.map((approval) => approvalView(approval, names, time)),
    waiting: waiting === undefined ? null : waitingView(alert, officer, waiting),
  };
}

function waitingView(alert: WholeAlert, officer: Officer, { revision, policy, area, seconds }: Waiting): WaitingView {
  return {
    revision: revision.revision,
    decision: decideRaise(policy, revision, area, officer, approversOf(alert, revision.revision)),
    secondOfficers: seconds?.map(({ username, name, role }) => ({ username, name, role })) ?? null,
  };
}
