// Chapter 4, the county's side: how long until one report of every gateway is durable. Printed, not judged: machines differ.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { topics } from '@laba/domain/gateway-protocol';
import { COUNTY, TestCounty, VILLAGE } from './county.test-kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'laba-report-speed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the time until reports are durable', () => {
  it.each([211, 5_000])('takes one report of each of %i gateways', async (count) => {
    const gateways = Array.from({ length: count }, (_, i) => ({ id: `g-${i}`, gridCode: VILLAGE, speakers: [`s-${i}`] }));
    const county = await TestCounty.open(gateways, join(folder, `${count}.db`));
    await county.raise();
    const raisedMs = performance.now();
    while (county.mqtt.published.length === 0) await county.clock.settle(1);
    const announcedMs = performance.now() - raisedMs;
    await county.clock.settle(100);
    const messages = gateways.map((one, i) => ({
      topic: topics.gatewayReport(COUNTY, one.id),
      payload: JSON.stringify({ journalId: 'j', reports: [county.nextReport(one.id, { speakerId: `s-${i}`, state: 'received' })] }),
    }));
    let longestMs = 0;
    let lastMs = performance.now();
    const look = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      lastMs = performance.now();
    }, 1);
    const startMs = performance.now();
    await Promise.all(messages.map((one) => county.mqtt.deliver(one.topic, one.payload)));
    const durableMs = performance.now() - startMs;
    clearInterval(look);
    expect(Object.values(await county.states()).filter((state) => state === 'received')).toHaveLength(count);
    console.log(
      `${count} gateways: raise to publish ${announcedMs.toFixed(0)} ms; reports durable ${durableMs.toFixed(0)} ms; longest stop of the event loop ${longestMs.toFixed(0)} ms`,
    );
    await county.close();
  });
});
