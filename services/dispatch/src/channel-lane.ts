// Chapter 5, the messages: how much one channel takes at a time. What has no room stays in the table, where everybody sees it.
import { LIMITS } from '@laba/domain/limits';
import type { Channel as ChannelName } from '@laba/domain/message';
import type { Channel } from '@laba/runtime/channel';
import type { Lane, Rate } from '@laba/storage/messages';

const SHORTEST_PAUSE_MS = 50;

export class ChannelLane {
  readonly name: ChannelName;
  /** Undefined: the county has no provider for it, and every message fails at once. */
  readonly adapter: Channel | undefined;
  /** What its provider takes of everything that is not urgent; what is urgent counts, and the others wait the longer. */
  readonly #rate: Rate | undefined;
  #underWay = { urgent: 0, other: 0 };

  constructor(name: ChannelName, adapter: Channel | undefined) {
    this.name = name;
    this.adapter = adapter;
    this.#rate = adapter?.perSecond === undefined ? undefined : rateOf(adapter.perSecond);
  }

  /** How many more may be taken now. The provider's rate holds for what is not urgent only. */
  room(): Lane[] {
    // Nobody is asked: they end as fast as they are read.
    if (this.adapter === undefined) return [true, false].map((urgent) => ({ channel: this.name, urgent, limit: LIMITS.rowsPerInsert }));
    const limits = [
      { urgent: true, limit: LIMITS.urgentMessagesAtOnce - this.#underWay.urgent },
      { urgent: false, limit: LIMITS.messagesAtOnce - this.#underWay.other, ...(this.#rate === undefined ? {} : { rate: this.#rate }) },
    ];
    return limits.filter(({ limit }) => limit > 0).map((lane) => ({ channel: this.name, ...lane }));
  }

  take(urgent: boolean): void {
    this.#underWay[urgent ? 'urgent' : 'other'] += 1;
  }

  done(urgent: boolean): void {
    this.#underWay[urgent ? 'urgent' : 'other'] -= 1;
  }
}

// A whole second's worth at a time, and at least one: a rate below one per second is a rate too.
function rateOf(perSecond: number): Rate {
  const count = Math.max(1, Math.floor(perSecond));
  return { count, withinMs: Math.ceil((count / perSecond) * 1_000) };
}

/** When to look again at a lane whose rate is used up: so often a message grows old enough to count no more. */
export function pauseMs({ rate }: Lane): number {
  return rate === undefined ? 0 : Math.max(SHORTEST_PAUSE_MS, rate.withinMs / rate.count);
}
