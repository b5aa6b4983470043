// A machine that comes up starts everything at once: an engine that is not there yet is waited for, a wrong one is not.
import { LIMITS } from '@laba/domain/limits';
import type { Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';

const TRY_AGAIN_MS = 500;
const NOT_THERE = /^No PostgreSQL answers|nobody listens|does not answer within|LOADING/;

/** @throws what `open` threw: at once when it was refused, after LIMITS.engineStartMs when nobody was there */
export async function whenThere<E>(clock: Clock, log: Pick<Log, 'warn'>, open: () => Promise<E>): Promise<E> {
  const giveUpAtMs = performance.now() + LIMITS.engineStartMs;
  for (let told = false; ; told = true) {
    try {
      return await open();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!NOT_THERE.test(why) || performance.now() > giveUpAtMs) throw error;
      if (!told) log.warn({ why, seconds: LIMITS.engineStartMs / 1000 }, 'an engine is not there yet: waiting for it');
      await clock.sleep(TRY_AGAIN_MS);
    }
  }
}
