// Chapter 5, the messages: what became of them, written in batches with one event each.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Deps } from '@laba/runtime/service';
import { fact, recordFacts } from '@laba/storage/events';
import { writeOutcomes, type Message, type MessageOutcome } from '@laba/storage/messages';

interface Told {
  message: Message;
  outcome: MessageOutcome;
}

export class OutcomeBook {
  readonly #deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'log'>;
  #told: Told[] = [];

  constructor(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'log'>) {
    this.#deps = deps;
  }

  note(message: Message, outcome: Pick<MessageOutcome, 'state' | 'reason' | 'providerId'> & { dueAtMs?: number }): void {
    const { id, version, dueAtMs } = message;
    this.#told.push({ message, outcome: { id, version, dueAtMs, ...outcome } });
  }

  /** Writes all that was noted. What could not be written stays noted. @throws `storage-failed` and its like */
  async write(): Promise<void> {
    while (this.#told.length > 0) {
      const batch = this.#told.slice(0, LIMITS.rowsPerInsert);
      try {
        await this.#writeBatch(batch);
      } catch (error) {
        if (!isOvertaken(error)) throw error;
        // The others of the batch are written each by itself.
        for (const one of batch) await this.#writeAlone(one);
      }
      this.#told = this.#told.slice(batch.length);
    }
  }

  async #writeAlone(one: Told): Promise<void> {
    try {
      await this.#writeBatch([one]);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      // Somebody else has it since its lease ended, and tells what becomes of it.
      this.#deps.log.warn({ message: one.message.id }, 'a message was taken again before its outcome was written');
    }
  }

  async #writeBatch(batch: readonly Told[]): Promise<void> {
    const { db, clock, ids } = this.#deps;
    const nowMs = clock.now();
    const facts = batch.flatMap(({ message, outcome }) => factOf(message, outcome, nowMs) ?? []);
    const outcomes = batch.map(({ outcome }) => outcome);
    await db.atomically([...writeOutcomes(outcomes, nowMs), ...recordFacts(ids, facts)]);
  }
}

const isOvertaken = (error: unknown) => error instanceof LabaError && error.code === 'changed-meanwhile';

const EVENT_OF = { sent: 'message.sent', failed: 'message.failed', expired: 'message.expired', unneeded: 'message.expired' } as const;

// One that waits for another try has not changed its state for anybody who reads the timeline.
function factOf({ id, gridCode, alertId, subjectId, purpose, channel, step }: Message, { state, reason }: MessageOutcome, atMs: number) {
  if (state === 'queued') return undefined;
  const data = { about: subjectId, purpose, channel, step, ...(reason === undefined ? {} : { reason }) };
  return fact({ type: EVENT_OF[state], atMs, who: 'system', via: 'job', gridCode, alertId, subjectId: id, data });
}
