// Chapter 2, alert: the all-clear, taking back what was an error, and silence while the counting goes on. One officer, one step.
import { nextAlertState, type AlertAction } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { cleanText, isSpeakable } from '@laba/domain/text';
import type { Act, Permit } from '@laba/runtime/auth';
import { record } from '@laba/storage/events';
import { changeHead, type WholeAlert } from './alert-store.ts';
import { placeOf, type AlertingDeps } from './draft-alert.ts';

/** All-clear. `checkedBy`: who looked at the slope; without that nobody is sent home. @throws `bad-input`, `transition-refused`, `changed-meanwhile` */
export async function endAlert(
  deps: AlertingDeps,
  alert: WholeAlert,
  input: { checkedBy: string; note?: string | undefined },
  permit: Permit<'alert.end'>,
  act: Act,
): Promise<void> {
  const slopeCheckedBy = cleanText(input.checkedBy);
  if (!isSpeakable(slopeCheckedBy)) throw new LabaError('bad-input', 'checkedBy: say who checked the slope before people go home.', { field: 'checkedBy' });
  await finish(
    deps,
    alert,
    { action: 'end', type: 'alert.ended', reason: 'ended', set: { slopeCheckedBy, overReason: cleanText(input.note ?? '') } },
    permit,
    act,
  );
}

/** Issued in error: one officer takes it back at once, also what two had to raise. @throws `bad-input`, `transition-refused`, `changed-meanwhile` */
export async function cancelAlert(deps: AlertingDeps, alert: WholeAlert, reason: string, permit: Permit<'alert.cancel'>, act: Act): Promise<void> {
  const overReason = cleanText(reason);
  if (!isSpeakable(overReason)) throw new LabaError('bad-input', 'reason: say why it was an error.', { field: 'reason' });
  await finish(deps, alert, { action: 'cancel', type: 'alert.cancelled', reason: 'cancelled', set: { overReason } }, permit, act);
}

interface Finish {
  action: AlertAction;
  type: 'alert.ended' | 'alert.cancelled';
  reason: 'ended' | 'cancelled';
  set: { slopeCheckedBy?: string; overReason: string };
}

// The words and the name stay in the alert's own row: events carry no personal data.
async function finish(deps: AlertingDeps, alert: WholeAlert, how: Finish, permit: Permit, act: Act): Promise<void> {
  const { head } = alert;
  const state = nextAlertState(head.state, how.action);
  const atMs = deps.clock.now();
  await deps.db.atomically([
    ...act.once,
    changeHead(head, { state, overAtMs: atMs, overBy: permit.officer.id, ...how.set }),
    ...record(deps.ids, {
      type: how.type,
      atMs,
      who: act.who,
      via: act.via,
      gridCode: placeOf(deps, permit.codes),
      subjectId: head.id,
      alertId: head.id,
      data: { revision: head.revision, mode: head.mode, reason: how.reason },
      urgent: head.mode === 'live',
    }),
  ]);
}

/** The sound stops; the alert and the counting go on. The next revision sounds again. @throws `transition-refused`, `already-done`, `changed-meanwhile` */
export async function quietenAlert(deps: AlertingDeps, alert: WholeAlert, permit: Permit<'alert.quieten'>, act: Act): Promise<void> {
  const { head } = alert;
  const state = nextAlertState(head.state, 'quieten');
  if (head.quiet) throw new LabaError('already-done', 'This alert is quiet already.');
  await deps.db.atomically([
    ...act.once,
    changeHead(head, { state, quiet: true }),
    ...record(deps.ids, {
      type: 'alert.quietened',
      atMs: deps.clock.now(),
      who: act.who,
      via: act.via,
      gridCode: placeOf(deps, permit.codes),
      subjectId: head.id,
      alertId: head.id,
      data: { revision: head.revision },
      urgent: head.mode === 'live',
    }),
  ]);
}
