// One gateway from its data folder: the box in the activity room, with what hangs on it.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import { makeIds } from '@laba/domain/ids';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { systemClock, type Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';
import { watchButton, type ButtonDeps } from './button.ts';
import { captureFrom, sirenOver } from './captures.ts';
import { runFleet } from './fleet.ts';
import type { Gateway } from './gateway.ts';
import type { BoxHardware } from './hardware.ts';
import { readIdentity } from './identity-file.ts';
import type { Speaking } from './own-voice.ts';
import type { Player } from './player.ts';
import { playerOf, playerPerSpeaker } from './players.ts';
import { readPower } from './power-supply.ts';
import { SOFTWARE } from './software.ts';
import { watchTalkButton } from './talk-button.ts';

export interface BoxConfig {
  /** Holds `identity.json`, the spool, the clips and, without a sound card, the sounds. */
  dir: string;
  hardware?: BoxHardware;
  /**
   * Somebody pressed the button and meant it; `pressId` is new for each. Without a house in this process nothing can raise an order:
   * then the box's own alarm goes.
   */
  onPress?: (pressId: string, box: RunningBox) => void;
  /** Whether this box keeps the time over a power cut. Default: yes. */
  clockKnown?: boolean | undefined;
  clock?: Clock;
  log: Log;
}

export interface RunningBox {
  readonly gatewayId: string;
  /** `wav` or `aplay:DEVICE`; several, with spaces between. */
  readonly player: string;
  /** Where sounds and play log are written when the player is `wav`. */
  readonly soundDir: string;
  readonly online: boolean;
  /** As of the gateway. */
  askForByHand: Gateway['askForByHand'];
  /** Opens the microphone over everything that sounds. Undefined: there is none, or somebody speaks already. */
  talk(): Speaking | undefined;
  /** The siren alone, for when no order can be raised. Undefined: somebody speaks, or it goes already. */
  alarm(): Speaking | undefined;
  stop(): Promise<void>;
}

/** Resolves when it runs; it connects, and connects again, by itself. @throws when the folder holds no identity, or a setting names a speaker that it does not have */
export async function runGateway(config: BoxConfig): Promise<RunningBox> {
  const clock = config.clock ?? systemClock;
  const { hardware = {}, log } = config;
  const soundDir = join(config.dir, 'sounds');
  const identity = readIdentity(config.dir);
  const player = playerFor(hardware, identity, soundDir, clock);
  const ids = makeIds(() => clock.now(), randomBytes);
  const fleet = await runFleet({
    identities: [identity],
    dataDir: config.dir,
    audioCacheDir: join(config.dir, 'audio'),
    player,
    clock,
    clockKnown: config.clockKnown ?? true,
    monotonicMs: config.clock === undefined ? () => performance.now() : undefined,
    readPower: () => readPower(hardware.powerDir),
    ids,
    log,
    software: SOFTWARE,
    // Its buttons must work at once, also without a line.
    connectMs: 0,
    connect: (connection) => connectMqtt(connection, { log }),
  });
  const gateway = fleet.gateways[0]!;
  const stops: (() => void)[] = [];
  const box: RunningBox = {
    gatewayId: gateway.id,
    player: player.name,
    soundDir,
    get online() {
      return gateway.online;
    },
    askForByHand: (alertId, houseMs) => gateway.askForByHand(alertId, houseMs),
    talk: () => {
      const { microphone } = hardware;
      return microphone === undefined ? undefined : gateway.speak('microphone', () => captureFrom(microphone));
    },
    alarm: () => gateway.speak('alarm', () => sirenOver(clock)),
    stop: async () => {
      for (const stop of stops.splice(0)) stop();
      await fleet.stop();
    },
  };
  const onPress = config.onPress ?? ((_pressId, here) => void here.alarm());
  stops.push(
    ...watchButtons(
      hardware,
      { clock, monotonicMs: () => performance.now(), log },
      () => onPress(ids(), box),
      () => box.talk(),
    ),
  );
  return box;
}

function watchButtons({ button, talkButton }: BoxHardware, deps: ButtonDeps, pressed: () => void, talk: () => Speaking | undefined): (() => void)[] {
  return [
    ...(button === undefined ? [] : [watchButton(button.source, button.press, deps, pressed)]),
    ...(talkButton === undefined ? [] : [watchTalkButton(talkButton, deps, talk)]),
  ];
}

function playerFor({ device, devices = {} }: BoxHardware, { speakers }: GatewayIdentity, soundDir: string, clock: Clock): Player {
  const stranger = Object.keys(devices).find((id) => !speakers.some(({ speakerId }) => speakerId === id));
  if (stranger !== undefined)
    throw new Error(`This gateway has no speaker ${stranger}; it has ${speakers.map(({ speakerId }) => speakerId).join(', ') || 'none'}.`);
  const players = new Map<string, Player>();
  const of = (name: string) => players.get(name) ?? players.set(name, playerOf(name, soundDir, clock)).get(name)!;
  return playerPerSpeaker(of(device === undefined ? 'wav' : `aplay:${device}`), new Map(Object.entries(devices).map(([id, own]) => [id, of(`aplay:${own}`)])));
}
