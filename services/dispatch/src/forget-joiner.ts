// Chapter 5, joining on the spot: who was let go is no more woken here, and what he sent back is not kept.
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { blankReplies } from './incoming-store.ts';
import { deleteSubscription } from './push-store.ts';

/** The reaction to `member.let-go`. */
export async function forgetJoiner({ vault }: Pick<Deps, 'vault'>, job: Job): Promise<Reaction> {
  const memberId = job.event.subjectId;
  return { ops: [deleteSubscription(memberId), blankReplies(memberId, vault.encrypt(''))] };
}
