// Chapter 5, the messages: takes what is due and asks the channels. `sending` is durable before anybody is asked.
import { LIMITS } from '@laba/domain/limits';
import { CHANNEL_NAMES } from '@laba/domain/message';
import type { Channel } from '@laba/runtime/channel';
import type { Deps } from '@laba/runtime/service';
import { followClock, messageMoments, takeMessages, type Message } from '@laba/storage/messages';
import { addressed, whatIsKnown, whyUnwanted, type Known } from './address-message.ts';
import { askChannel, judge } from './ask-channel.ts';
import { ChannelLane, pauseMs } from './channel-lane.ts';
import { dueLanes } from './message-store.ts';
import { takeIncoming } from './take-incoming.ts';
import { OutcomeBook } from './tell-outcomes.ts';

/** A lost word of another process's commit costs no more than this. */
const IDLE_LOOK_MS = 30_000;
const AFTER_FAILURE_MS = 1_000;
/** A clock that is set right by less than this is only waited for. */
const CLOCK_STEP_MS = 1_000;

type SenderDeps = Pick<Deps, 'config' | 'db' | 'clock' | 'ids' | 'log' | 'vault'>;

/** One loop: outcomes are written, then new messages taken. It wakes on every commit, when one falls due, and when a channel has room again. */
export class MessageSender {
  readonly #deps: SenderDeps;
  readonly #lanes: readonly ChannelLane[];
  readonly #outcomes: OutcomeBook;
  readonly #underWay = new Set<Promise<void>>();
  #unlisten = () => {};
  #cancelTimer = () => {};
  #round: Promise<void> | undefined;
  #again = false;
  #running = false;
  #lookedAtMs = 0;

  constructor(deps: SenderDeps, channels: readonly Channel[]) {
    this.#deps = deps;
    this.#outcomes = new OutcomeBook(deps);
    this.#lanes = CHANNEL_NAMES.map(
      (name) =>
        new ChannelLane(
          name,
          channels.find((channel) => channel.name === name),
        ),
    );
  }

  async start(): Promise<void> {
    this.#running = true;
    for (const { adapter } of this.#lanes) await adapter?.start?.((incoming) => takeIncoming(this.#deps, adapter.name, incoming));
    this.#unlisten = this.#deps.db.onCommit(() => this.#wake());
    this.#wake();
  }

  /** What is under way is brought to its end and written down. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#unlisten();
    await this.#round;
    this.#cancelTimer();
    for (const { adapter } of this.#lanes) await adapter?.stop?.();
    await Promise.all(this.#underWay);
    await this.#outcomes.write().catch((error: unknown) => this.#deps.log.error({ why: String(error) }, 'outcomes of messages could not be written'));
  }

  degraded(): string[] {
    return this.#lanes.flatMap(({ adapter }) => adapter?.degraded?.() ?? []);
  }

  #wake(): void {
    if (!this.#running) return;
    if (this.#round !== undefined) {
      this.#again = true;
      return;
    }
    this.#round = this.#look()
      .catch((error: unknown) => {
        this.#deps.log.error({ why: String(error) }, 'messages could not be taken or written');
        this.#lookAfter(AFTER_FAILURE_MS);
      })
      .finally(() => {
        this.#round = undefined;
        if (this.#again) {
          this.#again = false;
          this.#wake();
        }
      });
  }

  #lookAfter(ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#deps.clock.after(ms, () => this.#wake());
  }

  async #look(): Promise<void> {
    // What is taken next shares the commit of what became of the last: half as many waits for the disk.
    const both = await Promise.allSettled([this.#outcomes.write(), this.#takeDue()]);
    for (const each of both) if (each.status === 'rejected') throw each.reason;
  }

  async #takeDue(): Promise<void> {
    const { db, clock } = this.#deps;
    const nowMs = clock.now();
    const backMs = this.#lookedAtMs - nowMs;
    this.#lookedAtMs = nowMs;
    if (backMs > CLOCK_STEP_MS) await db.atomically([followClock(backMs, nowMs)]);
    const { dueAtMs, takenAtMs } = await messageMoments(db);
    const lapsesAtMs = takenAtMs === null ? null : takenAtMs + LIMITS.messageLeaseMs + 1;
    const hasCome = (atMs: number | null) => atMs !== null && atMs <= nowMs;
    const pauses = hasCome(dueAtMs) || hasCome(lapsesAtMs) ? await this.#take(nowMs, hasCome(lapsesAtMs)) : [];
    const waits = [dueAtMs, lapsesAtMs].map((atMs) => (atMs ?? 0) - nowMs);
    this.#lookAfter(Math.min(IDLE_LOOK_MS, ...[...waits, ...pauses].filter((ms) => ms > 0)));
  }

  /** @returns ms until the lanes whose rate is used up are worth a look */
  async #take(nowMs: number, hasLapsed: boolean): Promise<number[]> {
    const { db } = this.#deps;
    // Looked at first: a claim is a commit, and every commit wakes this loop.
    const { open, full } = await dueLanes(
      db,
      this.#lanes.flatMap((lane) => lane.room()),
      nowMs,
    );
    if (open.length > 0 || hasLapsed) this.#begin(await takeMessages(db, open, nowMs, LIMITS.messageLeaseMs));
    return full.map(pauseMs);
  }

  #begin(messages: readonly Message[]): void {
    if (messages.length === 0) return;
    for (const message of messages) this.#laneOf(message).take(message.urgent);
    const work = this.#carry(messages).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  #laneOf({ channel }: Message): ChannelLane {
    return this.#lanes.find(({ name }) => name === channel)!;
  }

  // What comes to nothing here stays `sending`, and is taken again when its lease is over.
  async #carry(messages: readonly Message[]): Promise<void> {
    const carried = whatIsKnown(this.#deps.db, messages).then((knownOf) => messages.map((message) => this.#carryOne(message, knownOf(message))));
    const done = messages.map(async (message, i) => {
      try {
        await (
          await carried
        )[i];
      } catch (error) {
        this.#deps.log.error({ message: message.id, why: error instanceof Error ? error.name : typeof error }, 'a message could not be carried out');
      }
      this.#laneOf(message).done(message.urgent);
      this.#wake();
    });
    await Promise.all(done);
  }

  async #carryOne(message: Message, known: Known): Promise<void> {
    const { clock, log } = this.#deps;
    const channel = this.#laneOf(message).adapter;
    const unsent = whyUnwanted(message, known, clock.now()) ?? (channel === undefined ? { state: 'failed' as const, reason: 'no-channel' } : undefined);
    if (unsent !== undefined || channel === undefined) return this.#outcomes.note(message, unsent!);
    const outgoing = addressed(this.#deps, message, known);
    if ('reason' in outgoing) return this.#outcomes.note(message, outgoing);
    const said = await askChannel(clock, channel, outgoing, (kind) =>
      log.error({ message: message.id, channel: message.channel, why: kind }, 'the adapter of a channel broke'),
    );
    this.#outcomes.note(message, judge(message, said, clock.now()));
  }
}
