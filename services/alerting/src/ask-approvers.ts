// Chapter 2, alert: what waits for a second officer does not wait in silence: whoever may be that officer is asked, and asked again until one has decided.
import { LIMITS } from '@laba/domain/limits';
import type { Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { lastWording, loadAlert } from './alert-store.ts';
import { revisionToRaise } from './alert-view.ts';
import { placeOf, type AlertingDeps } from './draft-alert.ts';
import { policyHere } from './policy-store.ts';
import { secondOfficers } from './second-officer.ts';

/** After a draft, an edit or a round: the next round, if the words of that moment still wait. */
export async function askApprovers(deps: AlertingDeps, { event }: Job): Promise<Reaction> {
  const alert = await loadAlert(deps.db, event.subjectId);
  const waiting = revisionToRaise(alert);
  const of = event.type === 'alert.approval-asked' ? String(event.data['of']) : event.id;
  // Words that were changed since are asked about anew by that change.
  if (waiting === undefined || waiting.revision !== event.data['revision'] || (await lastWording(deps.db, alert.head.id)) !== of) return {};
  const officers = await secondOfficers(deps, alert, waiting);
  const round = event.type === 'alert.approval-asked' ? Number(event.data['round']) + 1 : 1;
  if (officers === undefined || round > LIMITS.approvalRounds) return {};
  const { askApproversSeconds } = await policyHere(deps);
  const atMs = deps.clock.now();
  return {
    ops: record(deps.ids, {
      type: 'alert.approval-asked',
      atMs,
      who: 'system',
      via: 'job',
      gridCode: placeOf(deps, waiting.areaCodes),
      subjectId: alert.head.id,
      alertId: alert.head.id,
      data: { revision: waiting.revision, round, of, officers: officers.map(({ id }) => id) },
      due: { 'alerting.ask-approvers': atMs + askApproversSeconds * 1_000 },
    }),
  };
}
