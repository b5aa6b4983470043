// One speaker and what it owes: starts the due repeat, lets higher rank pass, falls silent by its own clock.
import type { Readable } from 'node:stream';
import type { StopReason } from '@laba/domain/alert';
import { isBulletin, type GatewayIdentity } from '@laba/domain/gateway-protocol';
import { quietUntilMs } from '@laba/domain/quiet-hours';
import { reportOf, type Box } from './box.ts';
import type { Player, Probe, SpeakOrder } from './player.ts';
import { isComplete, isExpired, isHeldBack, nextLookMs, nextPlay, playKey, setOn, topRank, type Play } from './schedule.ts';
import type { PlayKey, SpoolOp } from './spool-store.ts';
import type { RepeatOutcome, StoredReport } from './spool-tables.ts';
import { NoRecording, type Sound, type Voice } from './voice.ts';

const ATTEMPTS = 3;
/** A player that does not stop when told is not waited for longer than this. */
const HUSH_MS = 2_000;
/** A bulletin waits so long behind whatever went before it. */
const BREATH_MS = 10_000;

export interface SpeakerDeps {
  box: Box;
  speaker: GatewayIdentity['speakers'][number];
  player: Player;
  voice: Voice;
  /** Called when its health or what it plays changed. */
  onChange: () => void;
}

/** How what was spoken at the box came out of one speaker; `startMs` undefined: not at all. */
export interface Spoken {
  speakerId: string;
  startMs: number | undefined;
  endMs: number | undefined;
  failure?: string;
}

interface Current {
  play: Play;
  abort: AbortController;
  ended: Promise<void>;
}

export class SpeakerPlays {
  readonly id: string;
  readonly #deps: SpeakerDeps;
  readonly #plays = new Map<string, Play>();
  #current: Current | undefined;
  #sounding: string | undefined;
  #health: Probe = { ok: true };
  #cancelLook = () => {};
  #awake = false;
  /** Somebody speaks at the box itself: nothing else sounds. */
  #held = false;

  constructor(deps: SpeakerDeps) {
    this.#deps = deps;
    this.id = deps.speaker.speakerId;
  }

  /** The alert that sounds now, if any. */
  get sounding(): string | undefined {
    return this.#sounding;
  }

  get health(): Probe {
    return this.#health;
  }

  get plays(): readonly Play[] {
    return [...this.#plays.values()];
  }

  /** Takes a play into the schedule; the same play again replaces what was said of it, never its repeats. */
  add(play: Play): void {
    this.#plays.set(playKey(play), play);
    if (!play.quietened) this.#deps.voice.soundFor(play.command).catch(() => {});
    this.look();
  }

  /** Ends these plays for good and says so. */
  async end(keys: readonly PlayKey[], reason: StopReason): Promise<void> {
    const plays = keys.flatMap((key) => this.#plays.get(playKey(key)) ?? []);
    await Promise.all(plays.map((play) => this.#end(play, reason)));
    this.look();
  }

  /** Silence, while the alert goes on. */
  async quieten(keys: readonly PlayKey[]): Promise<void> {
    const plays = keys.flatMap((key) => this.#plays.get(playKey(key)) ?? []).filter((play) => !play.quietened);
    for (const play of plays) play.quietened = true;
    await Promise.all(plays.map((play) => this.#pause(play, 'quietened')));
    this.look();
  }

  /** What waited for the time does so no longer; `aheadMs`: how much later its times are meant. */
  release(which: (play: Play) => boolean, aheadMs: number): void {
    for (const play of this.plays) if (play.waits && which(play)) setOn(play, aheadMs).waits = false;
    this.look();
  }

  setOn(ms: number): void {
    for (const play of this.#awakePlays) setOn(play, ms);
  }

  /** Looks at what should sound now. Cheap, and right at any time. */
  look(): void {
    const now = this.#deps.box.clock.now();
    if (now === undefined || !this.#awake) return;
    for (const play of this.#awakePlays) if (isExpired(play, now)) this.#background(this.#end(play, 'expired', [this.#deps.box.spool.close(play)]));
    this.#yieldToHigher(now);
    this.#heedQuietHours(now);
    if (this.#current === undefined && !this.#held) {
      const next = nextPlay(this.#awakePlays, now);
      if (next !== undefined) this.#begin(next);
    }
    this.#cancelLook();
    const lookMs = nextLookMs(this.#awakePlays, now);
    if (lookMs !== undefined) this.#cancelLook = this.#deps.box.clock.clock.after(lookMs - now, () => this.look());
  }

  /** Somebody speaks at the box: whatever sounds falls silent and goes on when he has spoken. Resolves when the device is free. */
  async hold(): Promise<void> {
    this.#held = true;
    this.look();
    await this.#untilHushed(this.#current);
  }

  letGo(): void {
    this.#held = false;
    this.#letBreathe();
    this.look();
  }

  /** What is spoken goes to this speaker, which is held. Never fails: what went wrong is in the answer. */
  async speak(pcm: Readable, order: Omit<SpeakOrder, 'speakerId'>, signal: AbortSignal): Promise<Spoken> {
    const { box, player } = this.#deps;
    let startMs: number | undefined;
    try {
      await player.speak(pcm, { ...order, speakerId: this.id }, signal, () => {
        startMs = box.clock.now();
        this.#setHealth({ ok: true });
      });
      return { speakerId: this.id, startMs, endMs: box.clock.now() };
    } catch (error) {
      const failure = signal.aborted ? String(signal.reason) : reasonOf(error);
      if (!signal.aborted) this.#setHealth({ ok: false, reason: failure });
      return { speakerId: this.id, startMs, endMs: box.clock.now(), failure };
    }
  }

  /** From now on it may sound. */
  wake(): void {
    this.#awake = true;
    this.look();
  }

  /** Asks the player how it is, unless it proves that by playing. */
  async probe(): Promise<void> {
    if (this.#current !== undefined || this.#held) return;
    const probe = await this.#deps.player.probe(this.id).catch((error: unknown): Probe => ({ ok: false, reason: reasonOf(error) }));
    // A sound that began meanwhile knows better.
    if (this.#current === undefined && !this.#held) this.#setHealth(probe);
  }

  async stop(): Promise<void> {
    this.#awake = false;
    this.#cancelLook();
    this.#current?.abort.abort('shutdown');
    await this.#current?.ended;
  }

  get #awakePlays(): Play[] {
    return this.plays.filter(({ waits }) => !waits);
  }

  #yieldToHigher(now: number): void {
    const plays = this.#awakePlays;
    const top = this.#held ? Infinity : topRank(plays, now);
    for (const play of plays) {
      if ((play.rank >= top && !isHeldBack(play, plays, now)) || play.preempted || play.quietened || play.startMs > now) continue;
      play.preempted = true;
      this.#background(this.#pause(play, 'pre-empted'));
    }
  }

  #heedQuietHours(now: number): void {
    for (const play of this.#awakePlays) {
      const quiet = quietUntilMs(play.command.body.quietHours, now) !== undefined;
      if (!quiet) play.hushed = false;
      if (!quiet || play.hushed || play.quietened || play.preempted || play.startMs > now) continue;
      play.hushed = true;
      this.#background(this.#pause(play, 'quietened'));
    }
  }

  async #end(play: Play, reason: StopReason, ops: readonly SpoolOp[] = []): Promise<void> {
    if (!this.#plays.delete(playKey(play))) return;
    if (!isBulletin(play.command)) this.#letBreathe();
    await this.#hush(play, reason);
    await this.#sayStopped(play, reason, ops);
  }

  // Behind the end of an alert its all-clear is on its way: no bulletin begins in between.
  #letBreathe(): void {
    const now = this.#deps.box.clock.now() ?? 0;
    for (const play of this.#plays.values()) if (isBulletin(play.command) && !play.sounds) play.dueMs = Math.max(play.dueMs, now + BREATH_MS);
  }

  async #pause(play: Play, reason: StopReason): Promise<void> {
    await this.#hush(play, reason);
    if (this.#plays.has(playKey(play))) await this.#sayStopped(play, reason);
  }

  #sayStopped(play: Play, reason: StopReason, ops: readonly SpoolOp[] = []): Promise<void> {
    return this.#say([reportOf(play.command, this.id, 'stopped', { repeat: play.repeat, endMs: this.#deps.box.clock.now(), reason })], ops);
  }

  async #hush(play: Play, reason: StopReason): Promise<void> {
    const current = this.#current;
    if (current === undefined || playKey(current.play) !== playKey(play)) return;
    current.abort.abort(reason);
    await this.#untilHushed(current);
  }

  async #untilHushed(current: Current | undefined): Promise<void> {
    if (current !== undefined) await Promise.race([current.ended, this.#deps.box.clock.clock.sleep(HUSH_MS)]);
  }

  #begin(play: Play): void {
    const abort = new AbortController();
    const ended = this.#repeatUntilHeard(play, abort.signal)
      .catch((error: unknown) => this.#deps.box.log.error({ speakerId: this.id, alertId: play.alertId, error: reasonOf(error) }, 'a play broke off'))
      .then(() => {
        // Whatever happened, the same repeat is never due again at once: no tight circle.
        const now = this.#deps.box.clock.now() ?? 0;
        if (!abort.signal.aborted && play.dueMs <= now) play.dueMs = now + play.intervalMs;
        this.#current = undefined;
        this.look();
      });
    this.#current = { play, abort, ended };
  }

  async #repeatUntilHeard(play: Play, signal: AbortSignal): Promise<void> {
    let failure: string | undefined;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      failure = await this.#repeatOnce(play, signal);
      if (failure === undefined || signal.aborted) return;
    }
    if (play.failing === failure) return;
    play.failing = failure;
    await this.#say([reportOf(play.command, this.id, 'failed', { repeat: play.repeat, endMs: this.#deps.box.clock.now(), reason: failure })]);
  }

  /** One start of one repeat; returns why it failed. Its number is used up before the sound, so no crash can double it. */
  async #repeatOnce(play: Play, signal: AbortSignal): Promise<string | undefined> {
    const { box, voice } = this.#deps;
    try {
      const sound = await voice.soundFor(play.command);
      const startedMs = box.clock.now();
      if (signal.aborted || startedMs === undefined) return undefined;
      play.repeat += 1;
      await box.spool.commit([box.spool.startRepeat(play, this.id, play.repeat, startedMs)]);
      return await this.#sound(play, sound, signal, startedMs);
    } catch (error) {
      const reason = reasonOf(error);
      // A recording that could not be fetched says nothing about the loudspeaker.
      if (!(error instanceof NoRecording)) this.#setHealth({ ok: false, reason });
      return reason;
    }
  }

  async #sound(play: Play, sound: Sound, signal: AbortSignal, startMs: number): Promise<string | undefined> {
    const { box, player } = this.#deps;
    const { repeat } = play;
    let told = Promise.resolve();
    let failure: string | undefined;
    // The commit took its time: a stop or the end may have come meanwhile (I4).
    if (!signal.aborted && !isExpired(play, box.clock.now() ?? startMs)) {
      try {
        const order = { speakerId: this.id, alertId: play.alertId, revision: play.revision, purpose: play.purpose, repeat, mode: play.command.mode };
        await player.play(sound, order, signal, () => {
          told = this.#sayPlaying(play, repeat, sound);
        });
      } catch (error) {
        failure = signal.aborted ? undefined : reasonOf(error);
      }
    }
    await told;
    const outcome: RepeatOutcome = signal.aborted ? (signal.reason as RepeatOutcome) : failure === undefined ? 'played' : 'failed';
    await this.#close(play, repeat, outcome, startMs, sound);
    if (failure !== undefined) this.#setHealth({ ok: false, reason: failure });
    return failure;
  }

  #sayPlaying(play: Play, repeat: number, sound: Sound): Promise<void> {
    play.failing = undefined;
    play.preempted = false;
    play.sounds = true;
    this.#sounding = play.alertId;
    this.#setHealth({ ok: true });
    this.#deps.onChange();
    return this.#say([reportOf(play.command, this.id, 'playing', { repeat, startMs: this.#deps.box.clock.now(), reason: sound.missing.join(',') })]);
  }

  async #close(play: Play, repeat: number, outcome: RepeatOutcome, startMs: number, sound: Sound): Promise<void> {
    const { box } = this.#deps;
    const endMs = box.clock.now() ?? startMs;
    play.sounds = false;
    if (this.#sounding !== undefined) {
      this.#sounding = undefined;
      this.#deps.onChange();
    }
    const played = outcome === 'played';
    if (played) this.#count(play, endMs);
    const said = played ? [reportOf(play.command, this.id, 'played', { repeat, startMs, endMs, reason: sound.missing.join(',') })] : [];
    await this.#say(said, [box.spool.endRepeat(play, this.id, repeat, endMs, outcome)]);
  }

  // The command may have come again meanwhile, with another end: its play then already counts the repeat that was under way.
  #count(ended: Play, endMs: number): void {
    const play = this.#plays.get(playKey(ended)) ?? ended;
    if (play === ended) play.counted += 1;
    play.dueMs = endMs + play.intervalMs;
    if (isComplete(play)) this.#plays.delete(playKey(play));
  }

  // What cannot be written down is not worth a silent speaker: it is logged, and the state says that the box is ill.
  async #say(reports: readonly StoredReport[], ops: readonly SpoolOp[] = []): Promise<void> {
    try {
      await this.#deps.box.journal.write(reports, ops);
    } catch (error) {
      this.#deps.box.log.error({ speakerId: this.id, error: reasonOf(error) }, 'a report could not be written down');
      this.#setHealth({ ok: false, reason: 'storage' });
    }
  }

  #setHealth(health: Probe): void {
    const changed = health.ok !== this.#health.ok || (!health.ok && !this.#health.ok && health.reason !== this.#health.reason);
    this.#health = health;
    if (changed) this.#deps.onChange();
  }

  #background(work: Promise<void>): void {
    work.catch((error: unknown) => this.#deps.box.log.error({ speakerId: this.id, error: reasonOf(error) }, 'a stop was not written down'));
  }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 120);
}
