// Chapter 2, alert: the second person agrees, on another screen, or on the telephone and countersigned later.
import { nextAlertState } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import type { Officer } from '@laba/domain/officer';
import { cleanText } from '@laba/domain/text';
import type { Act, Permit } from '@laba/runtime/auth';
import { record } from '@laba/storage/events';
import { changeHead, waitingRevision, writeApproval, writeCountersign, type RevisionRow, type WholeAlert } from './alert-store.ts';
import { placeOf, type AlertingDeps } from './draft-alert.ts';
import { areaOf, officerByUsername } from './grid-store.ts';
import { policyHere } from './policy-store.ts';
import { approvalRefusal } from './second-officer.ts';

export interface ApprovalInput {
  means: 'screen' | 'telephone-call-back';
  approverUsername?: string | undefined;
  /** What was said on the telephone. */
  words?: string | undefined;
}

/**
 * Binds one officer's approval to the revision that waits.
 * @throws `transition-refused` when nothing waits; `same-officer`; `role-refused`; `out-of-scope`; `not-found` (named officer); `already-done`; `changed-meanwhile`
 */
export async function approveAlert(deps: AlertingDeps, alert: WholeAlert, input: ApprovalInput, permit: Permit<'alert.approve'>, act: Act): Promise<void> {
  const { head } = alert;
  nextAlertState(head.state, 'approve');
  const revision = waitingRevision(alert);
  if (revision === undefined)
    throw new LabaError('transition-refused', 'Nothing waits for approval here: this revision is raised already.', { state: head.state });
  const approver = await approverOf(deps, input, permit.officer);
  await assertMayApprove(deps, approver, revision);
  const atMs = deps.clock.now();
  await deps.db.atomically([
    ...act.once,
    // Also an approval is a change: whoever acts on what he saw before it is told so.
    changeHead(head, {}),
    writeApproval({
      alertId: head.id,
      revision: revision.revision,
      officerId: approver.id,
      means: input.means,
      recordedBy: permit.officer.id,
      words: cleanText(input.words ?? ''),
      atMs,
      countersignedAtMs: input.means === 'screen' ? atMs : null,
    }),
    ...record(deps.ids, {
      type: 'alert.approved',
      atMs,
      who: act.who,
      via: act.via,
      gridCode: placeOf(deps, revision.areaCodes),
      subjectId: head.id,
      alertId: head.id,
      data: { revision: revision.revision, means: input.means, officerId: approver.id },
    }),
  ]);
}

async function approverOf(deps: AlertingDeps, input: ApprovalInput, signedIn: Officer): Promise<Officer> {
  if (input.means === 'screen') {
    if (input.approverUsername === undefined || input.approverUsername === signedIn.username) return signedIn;
    throw new LabaError('bad-input', "approverUsername: on the screen an officer approves for himself; use means 'telephone-call-back' for another.", {
      field: 'approverUsername',
    });
  }
  if (input.approverUsername === undefined)
    throw new LabaError('bad-input', 'approverUsername: say who agreed on the telephone.', { field: 'approverUsername' });
  const approver = await officerByUsername(deps.db, input.approverUsername);
  if (approver.id === signedIn.id) throw new LabaError('same-officer', 'A call-back is with somebody else: you cannot ring yourself.');
  return approver;
}

async function assertMayApprove(deps: AlertingDeps, approver: Officer, revision: RevisionRow): Promise<void> {
  const policy = await policyHere(deps);
  const refused = approvalRefusal(policy, await areaOf(deps.db, revision.areaCodes), approver, revision);
  if (refused !== undefined) throw refused;
}

/** The officer whose word on the telephone was written down signs for it; also when the alert is long over. @throws `not-found`, `already-done` */
export async function countersignAlert(deps: AlertingDeps, alert: WholeAlert, permit: Permit<'alert.approve'>, act: Act): Promise<void> {
  const own = alert.approvals.filter((approval) => approval.officerId === permit.officer.id);
  const open = own.find((approval) => approval.countersignedAtMs === null);
  if (open === undefined)
    throw new LabaError(
      own.length > 0 ? 'already-done' : 'not-found',
      own.length > 0 ? 'You have signed for it already.' : 'No call-back with you is written down for this alert.',
    );
  const atMs = deps.clock.now();
  await deps.db.atomically([
    ...act.once,
    writeCountersign(open, atMs),
    ...record(deps.ids, {
      type: 'alert.countersigned',
      atMs,
      who: act.who,
      via: act.via,
      gridCode: placeOf(deps, permit.codes),
      subjectId: alert.head.id,
      alertId: alert.head.id,
      data: { revision: open.revision },
    }),
  ]);
}
