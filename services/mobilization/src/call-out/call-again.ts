// Chapter 5, member: an officer has somebody who has not answered called once more, now and from the first channel on.
import { STEPS_PER_ASKING } from '@laba/domain/call-out';
import { LabaError } from '@laba/domain/errors';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { dropMessages } from '@laba/storage/messages';
import { findCall, writeAgain, type Alert, type Call } from './call-store.ts';
import { decidedAgain } from '../decided-again.ts';
import { refuseWhenOver } from './record-answer.ts';

/** @throws `transition-refused` when the alert is over, when he has answered, or when nothing reaches him */
export function callAgain(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, { call: { id } }: { call: Call }, act: Act): Promise<Call> {
  return decidedAgain(async () => {
    const found = await findCall(deps.db, id);
    if (found === undefined) throw new LabaError('not-found', 'No call has this id.');
    const { call } = found;
    refuse(found);
    const atMs = deps.clock.now();
    // A new asking: its steps have numbers of their own, and he gets no two messages of one step.
    const step = (Math.floor(call.step / STEPS_PER_ASKING) + 1) * STEPS_PER_ASKING;
    const anew = { step, nextAtMs: atMs, reason: null, changedAtMs: atMs };
    await deps.db.atomically([
      writeAgain(call, anew),
      dropMessages({ subjectIds: [call.id], purpose: 'call', nowMs: atMs }),
      ...act.once,
      ...record(deps.ids, {
        type: 'call.asked-again',
        ...{ atMs, who: act.who, via: act.via, gridCode: call.gridCode, alertId: call.alertId, subjectId: call.id, data: {} },
      }),
    ]);
    return { ...call, ...anew, version: call.version + 1 };
  });
}

function refuse({ call, alert }: { call: Call; alert: Alert }): void {
  refuseWhenOver(call, alert);
  if (call.answer !== null) throw new LabaError('transition-refused', 'He has answered: he is asked again by himself when his answer runs out.');
  if (call.reason === 'no-channel') throw new LabaError('transition-refused', 'Nothing reaches him: send word, or go there.');
}
