// Chapter 5, safety: an SMS from who is out. A pair says anything that is plain; that he is back, everybody says in so many words.
import { LabaError } from '@laba/domain/errors';
import type { Reply } from '@laba/domain/reply';
import type { Message } from '@laba/storage/messages';
import { checkIn, markBack } from './hear-of.ts';
import { watchesOf } from './safety-store.ts';
import type { SectionDeps } from './settle-sections.ts';

/** `over`: he is not out any more by this message's order. */
export async function readSafetyReply(
  deps: SectionDeps,
  question: Message,
  said: Reply | undefined,
  means: 'sms' | 'key',
): Promise<'answered' | 'not-understood' | 'over'> {
  const { alertId, memberId, facts } = question;
  if (alertId === null || memberId === null) return 'over';
  const watch = (await watchesOf(deps.db, alertId, memberId)).find(({ id }) => id === facts['watch']);
  if (watch === undefined) return 'over';
  const act = { who: `member:${memberId}`, via: 'job', once: [] } as const;
  try {
    if (said?.answer === 'arrived' && watch.kind === 'withdrawal') await markBack(deps, alertId, memberId, means, () => {}, act);
    else if (said?.answer !== undefined && said.answer !== 'cannot' && watch.kind === 'pair') await checkIn(deps, watch.id, means, () => {}, act);
    else return 'not-understood';
    return 'answered';
  } catch (error) {
    // It ended in the same moment.
    if (error instanceof LabaError && error.code === 'transition-refused') return 'over';
    throw error;
  }
}
