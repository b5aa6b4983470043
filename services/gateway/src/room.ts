// The activity room: all speakers of one gateway, and the commands that are in force there.
import type { Mode, StopReason } from '@laba/domain/alert';
import type { SignedCommand } from '@laba/domain/gateway-protocol';
import { isWithin } from '@laba/domain/grid';
import { open } from '@laba/messaging/envelope';
import { reportOf, type Box } from './box.ts';
import type { SpeakerPlays } from './play.ts';
import { isComplete, newPlay, playKey, setOn } from './schedule.ts';
import type { PlayKey, SpooledCommand, SpooledRepeat, SpoolOp } from './spool-store.ts';
import type { StoredReport } from './spool-tables.ts';

/** With what right something was signed. */
export interface Right {
  mode: Mode;
  keyScope: string;
}

/** A command in force. */
export interface InForce extends PlayKey, Right {
  command: SignedCommand;
  quietened: boolean;
  /** How far the box's time is ahead of the one in the command: it was asked for by hand while nobody had told the time. */
  aheadMs?: number;
}

/** A drill never touches a live alert, and a township's key never touches what the county's own key signed. */
export function governs(a: Right, b: Right): boolean {
  return (a.mode === 'live' || b.mode !== 'live') && isWithin(a.keyScope, b.keyScope);
}

export class Room {
  readonly #box: Box;
  readonly #inForce = new Map<string, InForce>();
  /** Alerts that somebody at the box has asked for, with how far the box's time is ahead of the time in their commands. */
  readonly #byHand = new Map<string, number>();
  readonly speakers: readonly SpeakerPlays[];
  /** The house itself does not know the time: what somebody there asks for now is judged by the house's time, whatever this box knows. */
  houseIsTimeless = false;

  constructor(box: Box, speakers: readonly SpeakerPlays[]) {
    this.#box = box;
    this.speakers = speakers;
  }

  get inForce(): readonly InForce[] {
    const now = this.#box.clock.now() ?? 0;
    for (const [key, one] of this.#inForce) if (Date.parse(one.command.body.endTime) + (one.aheadMs ?? 0) <= now) this.#inForce.delete(key);
    return [...this.#inForce.values()];
  }

  find(key: PlayKey): InForce | undefined {
    return this.#inForce.get(playKey(key));
  }

  /** The time by which this alert's commands are judged; undefined while nobody has told the time, and nobody at the box has asked for this alert. */
  timeFor(alertId: string): number | undefined {
    const { clock } = this.#box;
    const aheadMs = this.#byHand.get(alertId);
    if (clock.isTold && (aheadMs === undefined || !this.houseIsTimeless)) return clock.now();
    return aheadMs === undefined ? undefined : clock.now()! - aheadMs;
  }

  isByHand(alertId: string): boolean {
    return this.#byHand.has(alertId);
  }

  /** Somebody at the box asks for this alert now. It needs no clock; what else was stored goes on waiting for one. */
  askForByHand(alertId: string, houseMs: number): void {
    if (this.#byHand.has(alertId)) return;
    const aheadMs = this.#box.clock.startByHand(houseMs);
    this.#byHand.set(alertId, aheadMs);
    if (this.#box.clock.isTold && !this.houseIsTimeless) return;
    for (const one of this.#inForce.values()) if (one.alertId === alertId) one.aheadMs ??= aheadMs;
    for (const speaker of this.speakers) speaker.release((play) => play.alertId === alertId, aheadMs);
    this.wake();
  }

  /** The county has told the time, by so much later than it was counted by hand: what sounds already goes on for as long as it was meant to. */
  setOn(ms: number): void {
    for (const one of this.#inForce.values()) if (one.aheadMs !== undefined) one.aheadMs += ms;
    for (const speaker of this.speakers) speaker.setOn(ms);
  }

  /** The time is known, and what is over is buried: what waited for that may sound. */
  resume(): void {
    for (const speaker of this.speakers) speaker.release(() => true, 0);
    this.wake();
  }

  /** Starts it on every speaker, each going on where its spool says. */
  async play(one: InForce): Promise<void> {
    this.#inForce.set(playKey(one), one);
    const repeats = await this.#box.spool.repeats(one);
    const time = this.timeFor(one.alertId);
    const aheadMs = time === undefined ? 0 : this.#box.clock.now()! - time;
    if (time !== undefined && (aheadMs > 0 || !this.#box.clock.isTold)) one.aheadMs = aheadMs;
    for (const speaker of this.speakers) {
      const play = newPlay(
        one.command,
        repeats.filter((r) => r.speakerId === speaker.id),
        one.quietened,
        time ?? 0,
      );
      if (!isComplete(play)) speaker.add({ ...setOn(play, aheadMs), waits: time === undefined });
    }
  }

  async end(ones: readonly InForce[], reason: StopReason): Promise<void> {
    for (const one of ones) this.#inForce.delete(playKey(one));
    await Promise.all(this.speakers.map((speaker) => speaker.end(ones, reason)));
  }

  async quieten(ones: readonly InForce[]): Promise<void> {
    for (const one of ones) one.quietened = true;
    await Promise.all(this.speakers.map((speaker) => speaker.quieten(ones)));
  }

  /** Sound may begin: the time is known, and what ended while the box was off has been asked for. */
  wake(): void {
    for (const speaker of this.speakers) speaker.wake();
  }

  /** After a restart: burns what a crash cut off and lays out what was in force. Nothing sounds before `wake`. */
  async load(): Promise<void> {
    for (const spooled of await this.#box.spool.activeCommands()) {
      const one = this.#reopen(spooled);
      await this.#burnCrashed(spooled, one);
      if (one !== undefined) await this.play(one);
    }
  }

  // The signature is checked again: what is on the disk is not trusted more than what is on the wire.
  #reopen(spooled: SpooledCommand): InForce | undefined {
    const { identity, trust } = this.#box;
    const opened = open(spooled.wire, trust.keys, identity.county);
    if ('refused' in opened || opened.payload.type !== 'command') return undefined;
    const keyScope = trust.scopeOf(opened.kid);
    const { alertId, revision, purpose, quietened } = spooled;
    return { alertId, revision, purpose, quietened, command: opened.payload, mode: opened.payload.mode, keyScope };
  }

  async #burnCrashed(spooled: SpooledCommand, one: InForce | undefined): Promise<void> {
    const { spool, journal, clock } = this.#box;
    const repeats = await spool.repeats(spooled);
    const cut = repeats.filter((r) => r.outcome === null);
    const ops: SpoolOp[] = cut.map((r) => spool.endRepeat(spooled, r.speakerId, r.repeat, clock.now() ?? clock.floorMs, 'crashed'));
    if (one === undefined) ops.push(spool.close(spooled));
    const reports = one === undefined ? [] : cut.flatMap((r) => lastWord(one, r.speakerId, repeats));
    if (ops.length > 0) await journal.write(reports, ops);
  }
}

/** A last repeat that a crash burnt: nobody else will say how it ended. */
function lastWord(one: InForce, speakerId: string, repeats: readonly SpooledRepeat[]): StoredReport[] {
  const play = newPlay(
    one.command,
    repeats.filter((r) => r.speakerId === speakerId),
    one.quietened,
    0,
  );
  return isComplete(play) ? [reportOf(one.command, speakerId, 'failed', { repeat: play.repeat, reason: 'crashed' })] : [];
}
