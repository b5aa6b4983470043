// A county answers at once: with our tuning of Mosquitto nothing of it is lost, and without it this test sees what is.
import { describe, expect, test } from 'vitest';
import { openLightLine, type LightLine } from './light-line.ts';
import { hasMosquitto, MosquittoUnderTest } from './mosquitto.test-kit.ts';
import { until } from './until.test-kit.ts';

const ANSWERS = 5_000;
const SENDERS = 50;
const TUNING = /^(max_inflight_messages|max_queued_messages|max_queued_bytes|allow_duplicate_messages) .*$/gm;

/** How many of the answers reach a collector that is busy with its first commit while they arrive. */
async function answersThatArrive(version: 4 | 5, change?: (conf: string) => string): Promise<number> {
  const broker = await MosquittoUnderTest.start(change);
  const lines: LightLine[] = [];
  try {
    const gates: (() => void)[] = [];
    let heard = 0;
    const collector = broker.line('collector', { version });
    await until(() => collector.online, 'the collector is online');
    let busy = true;
    await collector.subscribe('laba/v1/533324/gateway/+/report', () => {
      heard += 1;
      return busy ? new Promise<void>((resolve) => gates.push(resolve)) : undefined;
    });
    for (let i = 0; i < SENDERS; i++) lines.push(await sender(broker, i));
    await Promise.all(Array.from({ length: ANSWERS }, (_, i) => lines[i % SENDERS]!.publish(`laba/v1/533324/gateway/g${i % SENDERS}/report`, String(i))));
    await until(() => heard >= 20, 'the first ones came');
    await new Promise((resolve) => setTimeout(resolve, 300));
    busy = false;
    for (const open of gates) open();
    for (let before = -1; before !== heard; await new Promise((resolve) => setTimeout(resolve, 500))) before = heard;
    await collector.close();
    return heard;
  } finally {
    await Promise.all(lines.map((line) => line.end()));
    await broker.stop();
  }
}

function sender(broker: MosquittoUnderTest, i: number): Promise<LightLine> {
  const { username, password } = new URL(broker.server.url);
  const account = { username, password: decodeURIComponent(password) };
  return openLightLine({ url: broker.url, version: 4, clientId: `sender-${i}`, ...account, keepaliveSeconds: 20, onMessage: () => {} });
}

describe.skipIf(!hasMosquitto)('a burst of answers (needs mosquitto)', () => {
  test.each([4, 5] as const)('all 5,000 reach one busy collector at protocol level %i', async (version) => {
    expect(await answersThatArrive(version)).toBe(ANSWERS);
  });

  test('without our tuning most of them are lost although the broker took them', async () => {
    const arrived = await answersThatArrive(4, (conf) => conf.replaceAll(TUNING, ''));
    expect(arrived).toBeLessThan(ANSWERS / 2);
  });
});
