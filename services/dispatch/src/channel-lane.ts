// Chapter 5, the messages: how much one channel takes at a time. What has no room stays in the table, where everybody sees it.
import { LIMITS } from '@laba/domain/limits';
import type { Channel as ChannelName } from '@laba/domain/message';
import type { Channel } from '@laba/runtime/channel';
import type { Lane } from '@laba/storage/messages';

export class ChannelLane {
  readonly name: ChannelName;
  /** Undefined: the county has no provider for it, and every message fails at once. */
  readonly adapter: Channel | undefined;
  #underWay = { urgent: 0, other: 0 };
  /** What the provider's rate leaves; urgent messages may take it below nothing, and the others wait the longer. */
  #tokens: number;
  #countedAtMs = 0;

  constructor(name: ChannelName, adapter: Channel | undefined) {
    this.name = name;
    this.adapter = adapter;
    this.#tokens = Math.max(1, this.#perSecond);
  }

  get #perSecond(): number {
    return this.adapter?.perSecond ?? Number.POSITIVE_INFINITY;
  }

  /** How many more may be taken now. The provider's rate holds for what is not urgent only. */
  room(nowMs: number): Lane[] {
    // Nobody is asked: they end as fast as they are read.
    if (this.adapter === undefined) return [true, false].map((urgent) => ({ channel: this.name, urgent, limit: LIMITS.rowsPerInsert }));
    this.#refill(nowMs);
    const limits = [
      { urgent: true, limit: LIMITS.urgentMessagesAtOnce - this.#underWay.urgent },
      { urgent: false, limit: Math.min(LIMITS.messagesAtOnce - this.#underWay.other, Math.floor(this.#tokens)) },
    ];
    return limits.filter(({ limit }) => limit > 0).map((lane) => ({ channel: this.name, ...lane }));
  }

  /** ms until the rate leaves room for another, 0 when it does. */
  waitMs(): number {
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1_000);
  }

  take(urgent: boolean): void {
    this.#underWay[urgent ? 'urgent' : 'other'] += 1;
    this.#tokens -= 1;
  }

  done(urgent: boolean): void {
    this.#underWay[urgent ? 'urgent' : 'other'] -= 1;
  }

  #refill(nowMs: number): void {
    const perSecond = this.#perSecond;
    if (perSecond === Number.POSITIVE_INFINITY) return;
    const passedMs = Math.max(0, nowMs - this.#countedAtMs);
    this.#countedAtMs = nowMs;
    // A whole second's worth at most, and at least one: a rate below one per second is a rate too.
    this.#tokens = Math.min(Math.max(1, perSecond), this.#tokens + (passedMs / 1_000) * perSecond);
  }
}
