// Residents who joined on the spot: a member for the time of one alert, told by SMS how to answer; then kept by an officer, or let go.
import { hasSiren } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Act } from '@laba/runtime/auth';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { queueMessages } from '@laba/storage/messages';
import { deleteTemporary, findJoined, findTemporary, insertTemporary, isMissing, writeKept, type Temporary } from './joined-store.ts';

const LOOK_AGAIN_MS = 24 * 3_600_000;

/**
 * The reaction to `member.joined`, which goes on until he is kept or let go: nobody's name and number lie here because nobody thought of him.
 * The message carries his link to his own telephone, and to nobody else's.
 */
export async function takeIn(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>, job: Job): Promise<Reaction> {
  const callId = job.event.subjectId;
  const found = await findJoined(deps.db, callId);
  // Let go.
  if (found === undefined) return {};
  const { joiner, alert } = found;
  const { memberId, gridCode, alertId, phoneCipher, joinedAtMs } = joiner;
  const member = await findTemporary(deps.db, memberId);
  const atMs = deps.clock.now();
  if (member !== undefined) {
    if (member.alertId === null) return {};
    if (member.isRaised || atMs < joinedAtMs + LIMITS.joinedKeptMs || (await isMissing(deps.db, memberId))) return { againAtMs: atMs + LOOK_AGAIN_MS };
    return { ops: lettingGo(deps, member, { who: 'system', via: 'job', once: [] }) };
  }
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
    againAtMs: joinedAtMs + LIMITS.joinedKeptMs,
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

/**
 * When the alert is over: he is no member any more, and what he gave is erased. While it is on he may have work, and others count on him.
 * @throws `not-found`, `out-of-scope`, `transition-refused` when he is on the lists, the alert is on, or he is out and not back
 */
export async function letGo(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, memberId: string, allow: (code: string) => void, act: Act): Promise<Temporary> {
  const member = await findTemporary(deps.db, memberId);
  if (member === undefined) throw new LabaError('not-found', 'No member has this id.');
  allow(member.gridCode);
  if (member.alertId === null) throw new LabaError('transition-refused', 'He is on the lists: only who joined on the spot is let go here.');
  if (member.isRaised) throw new LabaError('transition-refused', 'The alert is still on: record that he cannot, or revoke his link.');
  if (await isMissing(deps.db, memberId))
    throw new LabaError('transition-refused', 'He is out and not known to be back: who he is stays until his return is noted.');
  await deps.db.atomically(lettingGo(deps, member, act));
  return member;
}

function lettingGo(deps: Pick<Deps, 'clock' | 'ids'>, { id: subjectId, alertId, gridCode }: Temporary, { who, via, once }: Act): Op[] {
  const told = { atMs: deps.clock.now(), who, via, gridCode, alertId, subjectId } as const;
  return [...deleteTemporary(subjectId), ...once, ...record(deps.ids, { ...told, type: 'member.let-go', data: {} })];
}
