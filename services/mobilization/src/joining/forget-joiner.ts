// Chapter 5, joining on the spot: who was let go is forgotten here too.
import type { Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { eraseJoiner } from './joiner-store.ts';

/** The reaction to `member.let-go`. */
export async function forgetJoiner(job: Job): Promise<Reaction> {
  return { ops: eraseJoiner(job.event.subjectId) };
}
