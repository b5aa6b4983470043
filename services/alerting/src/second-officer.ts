// Chapter 2, alert: who may be the second officer for what waits.
import { LabaError } from '@laba/domain/errors';
import type { Area } from '@laba/domain/grid';
import { hasScope, ROLE_WORDS, roleMay, type Officer } from '@laba/domain/officer';
import { policyRowFor, type Policy } from '@laba/domain/policy';
import type { RevisionRow, WholeAlert } from './alert-store.ts';
import { decideRaise } from './decide-raise.ts';
import type { AlertingDeps } from './draft-alert.ts';
import { areaOf, everyOfficer } from './grid-store.ts';
import { policyHere } from './policy-store.ts';
import { approversOf } from './raise-alert.ts';

/** Why this officer cannot approve this revision; undefined when he can. `same-officer`, `out-of-scope` or `role-refused` */
export function approvalRefusal(policy: Policy, area: Area, approver: Officer, revision: RevisionRow): LabaError | undefined {
  if (approver.id === revision.draftedBy) return new LabaError('same-officer', 'Who wrote the words cannot be the second person for them.');
  const outside = revision.areaCodes.find((code) => !hasScope(approver, code));
  if (outside !== undefined) return new LabaError('out-of-scope', `Grid node ${outside} lies outside the approver's scope.`, { gridCode: outside });
  const allowed = roleMay(approver.role, 'alert.approve') && policyRowFor(policy, revision, area.tier, approver.role) !== undefined;
  return allowed
    ? undefined
    : new LabaError('role-refused', `The policy does not let a ${ROLE_WORDS[approver.role].en} decide about this.`, { role: approver.role });
}

/** Who may approve the revision that waits; undefined when it needs nobody, or has its second officer already. */
export async function secondOfficers(deps: AlertingDeps, alert: WholeAlert, waiting: RevisionRow): Promise<Officer[] | undefined> {
  const [policy, area, officers] = await Promise.all([policyHere(deps), areaOf(deps.db, waiting.areaCodes), everyOfficer(deps.db)]);
  // An account that was disabled since still has drafted it.
  const drafter = officers.find(({ id }) => id === waiting.draftedBy);
  const isOneEnough =
    drafter === undefined || !decideRaise(policy, waiting, area, drafter, approversOf(alert, waiting.revision)).missing.includes('second-officer');
  return isOneEnough ? undefined : officers.filter((officer) => !officer.disabled && approvalRefusal(policy, area, officer, waiting) === undefined);
}
