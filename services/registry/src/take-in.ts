// Residents who joined on the spot: a member for the time of one alert, told by SMS how to answer; kept when an officer says so.
import { hasSiren } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import type { Act } from '@laba/runtime/auth';
import type { Deps, Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { queueMessages } from '@laba/storage/messages';
import { findJoined, findTemporary, insertTemporary, writeKept, type Temporary } from './joined-store.ts';

/** The reaction to `member.joined`. The message carries his link to his own telephone, and to nobody else's. */
export async function takeIn(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>, job: Job): Promise<Reaction> {
  const callId = job.event.subjectId;
  const found = await findJoined(deps.db, callId);
  if (found === undefined) throw new LabaError('not-found', 'Nobody joined by this call.');
  const { joiner, alert } = found;
  const { memberId, gridCode, alertId, phoneCipher } = joiner;
  const atMs = deps.clock.now();
  const about = { alertId, memberId, gridCode, subjectId: callId } as const;
  const told = { ...about, id: deps.ids(), purpose: 'call', channel: 'sms', step: 0, urgent: hasSiren(alert), facts: { joined: true } } as const;
  return {
    ops: [
      ...insertTemporary(joiner, deps.vault.decrypt(joiner.nameCipher)),
      ...queueMessages(phoneCipher === null ? [] : [{ ...told, dueAtMs: atMs, notAfterMs: Math.max(alert.endTimeMs, atMs + 60_000), changedAtMs: atMs }]),
      ...record(deps.ids, {
        ...{ type: 'member.taken-in', atMs, who: 'system', via: 'job', gridCode, alertId, subjectId: callId, data: { memberId } },
        urgent: job.urgent,
      }),
    ],
  };
}

/** He stays a member when the alert is over. Said again, nothing happens. @throws `not-found`, `out-of-scope` */
export async function keepMember(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, memberId: string, allow: (code: string) => void, act: Act): Promise<Temporary> {
  const member = await findTemporary(deps.db, memberId);
  if (member === undefined) throw new LabaError('not-found', 'No member has this id.');
  allow(member.gridCode);
  const { alertId, gridCode } = member;
  if (alertId === null) return member;
  const told = { atMs: deps.clock.now(), who: act.who, via: act.via, gridCode, alertId, subjectId: memberId } as const;
  await deps.db.atomically([writeKept(memberId), ...act.once, ...record(deps.ids, { ...told, type: 'member.kept', data: {} })]);
  return { ...member, alertId: null };
}
