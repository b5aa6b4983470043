// Chapter 5, ladder: a short message or a key that came back is an answer for a village, when it is plain who said it, of what, and what.
import { LabaError } from '@laba/domain/errors';
import type { EventData } from '@laba/domain/events';
import { readLadderReply } from '@laba/domain/ladder-reply';
import type { Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { answerLadder, type AnswerDeps } from './answer-ladder.ts';
import type { Ladder } from './climb.ts';
import { askedOf, findReply, type FoundReply } from './ladder-answer-store.ts';

/** Refusals that another try would not change: it was kept before, or the alert has long been over. */
const SETTLED: readonly string[] = ['already-done', 'transition-refused'];

/** The reaction to `message.replied`. What is not understood, or comes from somebody who was not asked, claims nothing: the climb goes on. */
export async function onLadderReply(deps: AnswerDeps, job: Job): Promise<Reaction> {
  const { channel, memberId } = job.event.data as EventData<'message.replied'>;
  if (memberId === null || (channel !== 'sms' && channel !== 'voice')) return {};
  const reply = await findReply(deps.db, job.event.subjectId);
  const said = reply === undefined ? undefined : readLadderReply(deps.vault.decrypt(reply.wordsCipher));
  if (reply === undefined || said === undefined) return {};
  const ladder = meant(reply, await askedOf(deps.db, { alertId: reply.alertId, memberId }), said.kind);
  if (ladder === undefined) return {};
  const which = { alertId: ladder.alertId, gridCode: ladder.gridCode };
  const act = { who: `member:${memberId}`, via: 'job', once: [] } as const;
  await answerLadder(deps, which, { id: reply.id, said, means: channel, by: { memberId } }, act).catch((error: unknown) => {
    if (!(error instanceof LabaError) || !SETTLED.includes(error.code)) throw error;
  });
  return {};
}

/**
 * The village of the message that it answers. To a call of the same alert too, when he was asked for one village: a phone shows both in one
 * row, and nobody can tell which he means. A number of people is never guessed to one of several villages.
 */
function meant(reply: FoundReply, asked: readonly Ladder[], kind: 'got-it' | 'moving'): Ladder | undefined {
  const alone = asked.length === 1 ? asked[0] : undefined;
  const own = reply.purpose === 'ladder' ? asked.find(({ id }) => id === reply.ladderId) : undefined;
  if (reply.purpose !== 'ladder' && reply.purpose !== 'call') return undefined;
  return alone ?? (kind === 'got-it' ? own : undefined);
}
