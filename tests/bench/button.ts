// The push button of a village's own house: from the moment it was held long enough until a speaker takes the sound, all in one process.
import { randomBytes } from 'node:crypto';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeyPair } from '@laba/messaging/envelope';
import { writeIdentity } from '@laba/gateway/identity-file';
import { runGateway } from '@laba/gateway/service';
import { compose } from '@laba/host/compose';
import { orderByButton } from '@laba/host/order-by-button';
import { makeIds } from '@laba/domain/ids';
import { systemClock } from '@laba/runtime/clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { populate } from '../harness/populate.ts';
import { Client } from '@laba/host/cli/client';
import { COUNTY } from '../harness/small-county.ts';
import { plain, type Figure } from './figure.ts';
import type { BenchOptions } from './options.ts';

const PASSWORD = 'a password for the bench only';
const HOLD_MS = 200;
const SITE = 'site-dasuo';
const GOAL_MS = 1_000;
const PATIENCE_MS = 10_000;

/** One key of the kernel's input layer. */
function keyEvent(value: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt16LE(1, 16);
  bytes.writeUInt16LE(28, 18);
  bytes.writeInt32LE(value, 20);
  return bytes;
}

export async function buttonBench({ rounds }: BenchOptions): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'laba-bench-button-'));
  const device = join(dir, 'event0');
  execFileSync('mkfifo', [device]);
  const key = openSync(device, constants.O_RDWR | constants.O_NONBLOCK);
  const ids = makeIds(() => Date.now(), randomBytes);
  const config = configSchema.parse({ port: 0, mqttPort: 0, dataDir: join(dir, 'house'), county: COUNTY, logLevel: 'silent' });
  const house = await compose(config, { clock: systemClock, ids, log: silentLog });
  const pair = newKeyPair();
  const identities = await populate(house.deps, PASSWORD, () => pair.publicKey);
  await house.start();
  const boxDir = join(dir, 'box');
  const identity = identities.find(({ siteId }) => siteId === SITE)!;
  writeIdentity(boxDir, { ...identity, mqttUrl: `mqtt://127.0.0.1:${house.broker.port}`, audioUrl: `${house.url()}/audio` }, pair.privateKey);
  const press = orderByButton(house.deps, SITE);
  const box = await runGateway({
    dir: boxDir,
    hardware: { button: { source: { device }, press: { by: 'hold', holdMs: HOLD_MS } } },
    log: silentLog,
    onPress: (pressId, here) => void press(pressId, here),
  });
  try {
    await until(() => box.online);
    const officer = new Client(house.url());
    await officer.signIn('duty1', PASSWORD);
    const times: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const before = starts(boxDir).length;
      const downAt = Date.now();
      writeSync(key, keyEvent(1));
      await until(() => starts(boxDir).length > before);
      writeSync(key, keyEvent(0));
      const { startedAt, alertId } = starts(boxDir).at(-1)!;
      // The first one makes the sound.
      if (round > 0) times.push(Date.parse(startedAt) - downAt - HOLD_MS);
      await officer.post(`/api/v1/alerts/${alertId}/cancel`, { reason: '测速' });
      await systemClock.sleep(1_200);
    }
    return [plain('push button, from the press that counts to the sound', 'ms', times, GOAL_MS)];
  } finally {
    await box.stop();
    await house.stop();
    closeSync(key);
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Started {
  event: string;
  startedAt: string;
  alertId: string;
  purpose: string;
}

function starts(boxDir: string): Started[] {
  const file = join(boxDir, 'sounds', 'play-log.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Started).filter(({ event, purpose }) => event === 'started' && purpose === 'alert');
}

async function until(look: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!look()) {
    if (performance.now() > giveUpAt) throw new Error('The button was pressed in vain.');
    await systemClock.sleep(5);
  }
}
