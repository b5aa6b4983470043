// One loudspeaker gateway: its spool, its speakers, its line to the county. The constructor does nothing; start and stop do.
import { CAN_BULLETIN } from '@laba/domain/bulletin';
import type { GatewayIdentity, GatewayState, OwnVoice } from '@laba/domain/gateway-protocol';
import type { Ids } from '@laba/domain/ids';
import type { Power } from '@laba/domain/power';
import type { Mqtt, MqttConnection } from '@laba/messaging/mqtt';
import { every, type Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';
import type { Box } from './box.ts';
import { DeviceClock, isoTime } from './device-clock.ts';
import { Journal } from './journal.ts';
import { speakAtBox, type Capture, type Speaking } from './own-voice.ts';
import { SpeakerPlays } from './play.ts';
import type { Player } from './player.ts';
import { helloOf } from './hello.ts';
import { receive, type Receiver } from './receive.ts';
import { Reasons } from './reasons.ts';
import { Refusals } from './refusals.ts';
import { Room } from './room.ts';
import { Spool, type SpoolDatabase } from './spool-store.ts';
import { Trust } from './trust.ts';
import { Uplink } from './uplink.ts';
import type { Voice } from './voice.ts';

/** After a restart, the county gets this long to say what ended meanwhile, before the spool speaks alone. */
export const RESUME_GRACE_MS = 2_000;
const PRUNE_MS = 3_600_000;
const MAILBOX = 256;

export interface GatewayDeps {
  identity: GatewayIdentity;
  /** One file may hold the spools of many gateways. */
  spool: SpoolDatabase;
  connect: (connection: MqttConnection) => Mqtt;
  player: Player;
  voice: Voice;
  clock: Clock;
  /** Whether this box keeps the time over a power cut. Default: yes. */
  clockKnown?: boolean;
  /** Elapsed ms that no step of the wall clock changes. A real box gives one; without it the clock itself counts. */
  monotonicMs?: (() => number) | undefined;
  ids: Ids;
  log: Log;
  /** What feeds the box; without this it does not know. */
  readPower?: (() => Promise<Power>) | undefined;
  /** Name and version, as shown to the county. */
  software: string;
}

export interface Gateway {
  readonly id: string;
  readonly online: boolean;
  /** Whether this device knows what time it is. */
  readonly clockKnown: boolean;
  /** Reports the county does not hold yet. */
  readonly reportsWaiting: number;
  /**
   * Somebody at the box asks for this alert, by its button or its page: it sounds whatever this device knows of the time. Said before
   * the alert is raised, or of one that is. `houseMs`: the time of the house that raises it.
   */
  askForByHand(alertId: string, houseMs: number): void;
  /**
   * Over everything else on all speakers until it is stopped: a person at the microphone, or the alarm, which gives way to a person.
   * Undefined: somebody speaks already.
   */
  speak(voice: OwnVoice, open: () => Capture): Speaking | undefined;
  /** Called with true when the line is up. Returns how to stop listening. */
  onLine(listener: (online: boolean) => void): () => void;
  /** Resolves when the spool is read and the line is being made. */
  start(): Promise<void>;
  /** Falls silent, says that it leaves, and closes the line. The spool stays open: it may be shared. */
  stop(): Promise<void>;
}

export function createGateway(deps: GatewayDeps): Gateway {
  return new ActivityRoomGateway(deps);
}

class ActivityRoomGateway implements Gateway {
  readonly #deps: GatewayDeps;
  readonly #box: Box;
  readonly #room: Room;
  readonly #uplink: Uplink;
  readonly #receiver: Receiver;
  #mail: Promise<void> = Promise.resolve();
  #mailWaiting = 0;
  #bootCounter = 0;
  #run = '';
  #power: Power = { source: 'unknown' };
  #readingPower = false;
  #spoken: { voice: OwnVoice; speaking: Speaking } | undefined;
  #stops: (() => void)[] = [];

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
    const { identity, ids, log } = deps;
    const monotonicMs = deps.monotonicMs ?? (() => deps.clock.now());
    const spool = new Spool(deps.spool, identity.gatewayId);
    const clock = new DeviceClock({ clock: deps.clock, monotonicMs, known: deps.clockKnown ?? true });
    this.#box = { identity, trust: new Trust(identity), spool, clock, ids, log, journal: new Journal(spool, ids, monotonicMs) };
    const onChange = () => this.#uplink.sayState();
    this.#room = new Room(
      this.#box,
      identity.speakers.map((speaker) => new SpeakerPlays({ box: this.#box, speaker, player: deps.player, voice: deps.voice, onChange })),
    );
    this.#uplink = new Uplink({
      box: this.#box,
      connect: deps.connect,
      state: (state) => this.#state(state),
      probe: () => this.#probe(),
      hello: () => helloOf(this.#receiver, this.#bootCounter),
      onGreet: () => {
        this.#receiver.answered = false;
        this.#receiver.reasons.forget();
      },
      onWire: (wire) => this.#take(wire),
    });
    this.#receiver = {
      box: this.#box,
      room: this.#room,
      refusals: new Refusals(monotonicMs),
      highestSeq: 0,
      countyBehindAt: undefined,
      heldBack: [],
      toShow: [],
      reasons: new Reasons(monotonicMs),
      takeNonce: (nonce) => this.#uplink.takeNonce(nonce),
      isAsked: (nonce) => this.#uplink.isAsked(nonce),
      askAgain: () => this.#uplink.ask(),
      answered: false,
      onNewKeys: () => onChange(),
    };
  }

  get id(): string {
    return this.#box.identity.gatewayId;
  }

  get online(): boolean {
    return this.#uplink.online;
  }

  get clockKnown(): boolean {
    return this.#box.clock.isTold;
  }

  get reportsWaiting(): number {
    return this.#box.journal.waiting;
  }

  askForByHand(alertId: string, houseMs: number): void {
    this.#room.askForByHand(alertId, houseMs);
    for (const wire of this.#receiver.heldBack.splice(0)) this.#take(wire);
  }

  speak(voice: OwnVoice, open: () => Capture): Speaking | undefined {
    const before = this.#spoken;
    if (before !== undefined && (voice === 'alarm' || before.voice === 'microphone')) return undefined;
    const speaking = speakAtBox(this.#box, this.#room.speakers, voice, open(), before?.speaking.stop() ?? Promise.resolve());
    const spoken = { voice, speaking };
    this.#spoken = spoken;
    void speaking.over.then(() => {
      if (this.#spoken === spoken) this.#spoken = undefined;
    });
    return speaking;
  }

  onLine(listener: (online: boolean) => void): () => void {
    return this.#uplink.onLine(listener);
  }

  async start(): Promise<void> {
    const { spool, journal, clock, ids, log } = this.#box;
    const boot = await spool.boot(ids());
    this.#bootCounter = boot.bootCounter;
    this.#run = ids();
    this.#receiver.highestSeq = boot.highestSeq;
    clock.liftFloor(boot.floorMs);
    this.#box.trust.load(await spool.keyBook());
    journal.open(boot);
    journal.onWritten = () => this.#uplink.sendReports();
    journal.activeAlerts = () => new Set(this.#room.inForce.map((one) => one.alertId));
    await spool.prune(clock.floorMs);
    await this.#room.load();
    await this.#probe();
    this.#uplink.start();
    this.#stops = [
      clock.clock.after(RESUME_GRACE_MS, () => this.#room.wake()),
      every(
        clock.clock,
        PRUNE_MS,
        () => spool.prune(clock.floorMs),
        (error) => log.error({ gatewayId: this.id, error: String(error) }, 'the spool could not be pruned'),
      ),
    ];
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await this.#mail;
    await this.#spoken?.speaking.stop();
    await Promise.all(this.#room.speakers.map((speaker) => speaker.stop()));
    await this.#uplink.stop();
  }

  // One after the other, in the order of arrival. What does not fit is left to the county, which asks until it is answered.
  #take(wire: string): void {
    if (this.#mailWaiting >= MAILBOX) return this.#deps.log.warn({ gatewayId: this.id }, 'too many messages at once: one was left unread');
    this.#mailWaiting += 1;
    this.#mail = this.#mail
      .then(() => receive(this.#receiver, wire))
      .catch((error: unknown) => this.#deps.log.error({ gatewayId: this.id, error: String(error) }, 'a message could not be taken in'))
      .then(() => {
        this.#mailWaiting -= 1;
      });
  }

  async #probe(): Promise<void> {
    this.#lookAtPower();
    await Promise.all(this.#room.speakers.map((speaker) => speaker.probe()));
  }

  // A battery's chip may take its time, or hang: no heartbeat waits for it.
  #lookAtPower(): void {
    const { readPower } = this.#deps;
    if (readPower === undefined || this.#readingPower) return;
    this.#readingPower = true;
    readPower()
      .catch((): Power => ({ source: 'unknown' }))
      .then((power) => {
        const changed = power.source !== this.#power.source;
        this.#power = power;
        this.#readingPower = false;
        if (changed) this.#uplink.sayState();
      })
      .catch((error: unknown) => this.#deps.log.error({ gatewayId: this.id, error: String(error) }, 'the power state could not be told'));
  }

  #state(state: GatewayState['state']): GatewayState {
    const now = this.#box.clock.now();
    return {
      state,
      bootCounter: this.#bootCounter,
      journalId: this.#box.journal.journalId,
      keyBook: this.#box.trust.version,
      run: this.#run,
      can: [CAN_BULLETIN],
      software: this.#deps.software,
      clockKnown: this.#box.clock.isTold,
      power: this.#power,
      reportsWaiting: this.#box.journal.waiting,
      ...(now === undefined || state === 'lost' ? {} : { at: isoTime(now) }),
      // A will speaks for a box that says nothing more: it proves nothing about the speakers.
      speakers:
        state === 'lost'
          ? []
          : this.#room.speakers.map((speaker) => ({
              speakerId: speaker.id,
              ...(speaker.health.ok ? { player: 'ok' as const } : { player: 'failed' as const, reason: speaker.health.reason.slice(0, 120) }),
              ...(speaker.sounding === undefined ? {} : { playing: speaker.sounding }),
            })),
    };
  }
}
