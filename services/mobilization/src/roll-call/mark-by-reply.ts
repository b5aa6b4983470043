// Chapter 5, roll-call: a helper's or a household's short message marks the list; what it names wrongly is said back, and marks nobody.
import type { EventData } from '@laba/domain/events';
import { isDoor, readRollcallReply, type RollcallReply } from '@laba/domain/rollcall-reply';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { answersTest, queueMessages } from '@laba/storage/messages';
import { markHousehold, type GivenMark } from './mark-person.ts';
import { hisDoors, ownDoors, ownHousehold } from './own-doors.ts';
import { helperCall, householdsOfPhone } from './mark-by-reply-store.ts';
import { findInbound, type Inbound } from '../call-out/reply-store.ts';

type ReplyDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>;

/** The reaction to `message.replied`. Whoever sends a bare key and was called has answered his call by it, or the test of his number: that is not for the list. */
export async function markByReply(deps: ReplyDeps, job: Job): Promise<Reaction> {
  const { channel } = job.event.data as EventData<'message.replied'>;
  const inbound = channel === 'sms' ? await findInbound(deps.db, job.event.subjectId) : undefined;
  const reply = inbound === undefined ? undefined : readRollcallReply(deps.vault.decrypt(inbound.wordsCipher));
  if (inbound === undefined || reply === undefined) return {};
  const call = inbound.memberId === null ? undefined : await helperCall(deps.db, inbound.memberId, job.event.alertId);
  if (reply.doors.length > 0) return call === undefined ? {} : markDoors(deps, call, inbound, reply);
  const isForElse = reply.isKey && (call !== undefined || (await answersTest(deps.db, inbound)));
  if (reply.own !== undefined && !isForElse) await markOwn(deps, inbound, reply.own);
  return {};
}

/** Later it is no help at a door. */
const SAID_BACK_MS = 10 * 60_000;

type HelperCall = NonNullable<Awaited<ReturnType<typeof helperCall>>>;

async function markDoors(deps: ReplyDeps, call: HelperCall, inbound: Inbound, { doors: named }: RollcallReply): Promise<Reaction> {
  const { alertId, memberId, gridCode } = call;
  const { doors } = await ownDoors(deps.db, call.id);
  const may = await hisDoors(deps.db, alertId, memberId);
  const act = { who: `member:${memberId}`, via: 'job', once: [] } as const;
  const notFound: string[] = [];
  for (const { door, status } of named) {
    const [meant, ...others] = doors.filter(({ doorplate }) => isDoor(door, doorplate));
    // Two doors of one number: nobody is marked by a guess.
    if (meant === undefined || others.length > 0) notFound.push(door);
    else await markHousehold(deps, { alertId, householdId: meant.householdId }, given(status, inbound), may, act);
  }
  if (notFound.length === 0) return {};
  const nowMs = deps.clock.now();
  const about = { alertId, purpose: 'roll-call', subjectId: inbound.id, memberId, gridCode, channel: 'sms', step: 1, urgent: true } as const;
  const facts = { notFound: notFound.join('、') };
  return { ops: queueMessages([{ id: deps.ids(), ...about, facts, dueAtMs: nowMs, notAfterMs: nowMs + SAID_BACK_MS, changedAtMs: nowMs }]) };
}

/** The household whose own telephone it is, in every alert that lists it. */
async function markOwn(deps: ReplyDeps, inbound: Inbound, status: GivenMark['status']): Promise<void> {
  if (inbound.fromCipher === null) return;
  const phoneHash = deps.vault.hash('phone', deps.vault.decrypt(inbound.fromCipher));
  for (const { alertId, householdId } of await householdsOfPhone(deps.db, phoneHash)) {
    const act = { who: `household:${householdId}`, via: 'job', once: [] } as const;
    await markHousehold(deps, { alertId, householdId }, given(status, inbound), ownHousehold(householdId), act);
  }
}

const given = (status: GivenMark['status'], inbound: Inbound): GivenMark => ({
  status,
  means: 'sms',
  saidAtMs: inbound.receivedAtMs,
  version: undefined,
});
