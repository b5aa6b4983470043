// Somebody stands at the box and asks for an alert: it sounds, whatever the box knows of the time; nothing else that was stored does.
import { describe, expect, it } from 'vitest';
import { newKeyPair } from '@laba/messaging/envelope';
import { START_MS, spoolFile, Village } from './village.test-kit.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const order = { kind: 'order', level: null, order: 'move-now' } as const;

/** Switched on without a clock, in 1970, and nobody answers. */
const withoutClock = (options: ConstructorParameters<typeof Village>[0] = {}) =>
  new Village({ clockKnown: false, startMs: Date.UTC(1970, 0, 1), answers: false, ...options });

/** A box that heard an order at noon, and rebooted without its clock. */
async function rebooted(file = spoolFile()): Promise<Village> {
  const before = await new Village({ file }).start();
  await before.hears(before.wire({ ...order, alertId: 'stored', endTime: iso(START_MS + 6 * HOUR) }));
  await before.gateway.stop();
  await before.db.close();
  const v = withoutClock({ file, signers: before.signers });
  await v.start(false);
  v.line.up(true);
  await v.advance(5_000);
  expect(v.player.starts).toEqual([]);
  return v;
}

describe('a fresh press', () => {
  it('sounds at once on a box that does not know the time, without anybody’s answer', async () => {
    const v = await withoutClock().start();
    v.gateway.askForByHand('alert-1', v.clock.now());
    await v.hears(v.wire({ ...order, endTime: iso(v.clock.now() + HOUR) }));
    expect(v.starts()).toEqual(['alert-1 1 1']);
    expect(v.gateway.clockKnown).toBe(false);
    expect(v.line.states.at(-1)!.clockKnown).toBe(false);
    await v.advance(70_000);
    expect(v.starts()).toEqual(['alert-1 1 1', 'alert-1 1 2']);
  });

  it('wakes nothing else: neither what was stored nor what comes besides', async () => {
    const v = await rebooted();
    v.gateway.askForByHand('pressed', v.clock.now());
    await v.hears(v.wire({ ...order, alertId: 'pressed', endTime: iso(v.clock.now() + HOUR) }));
    await v.hears(v.wire({ ...order, alertId: 'besides', endTime: iso(v.clock.now() + HOUR) }));
    await v.advance(3 * MINUTE);
    expect(new Set(v.player.starts.map((start) => start.alertId))).toEqual(new Set(['pressed']));
    v.countyMs = () => START_MS + HOUR;
    v.answer(v.line.hellos.at(-1)!);
    await v.advance(3 * MINUTE);
    expect(v.player.starts.some((start) => start.alertId === 'stored')).toBe(true);
  });

  it('on a stored order is what lets it go on', async () => {
    const v = await rebooted();
    v.gateway.askForByHand('stored', START_MS + HOUR);
    await v.clock.settle();
    expect(v.starts()).toEqual(['stored 1 2']);
  });

  it('sounds as long as it was meant to, also when the county then says that months have passed', async () => {
    const v = await withoutClock().start();
    v.gateway.askForByHand('alert-1', v.clock.now());
    await v.hears(v.wire({ ...order, endTime: iso(v.clock.now() + 10 * MINUTE) }));
    await v.advance(2 * MINUTE);
    v.countyMs = () => START_MS;
    v.answer(v.line.hellos.at(-1)!);
    await v.clock.settle();
    expect(v.gateway.clockKnown).toBe(true);
    // Pressed once more: it goes on as it went.
    v.gateway.askForByHand('alert-1', START_MS);
    const heard = v.player.starts.length;
    await v.advance(5 * MINUTE);
    expect(v.player.starts.length).toBeGreaterThan(heard + 2);
    await v.advance(5 * MINUTE);
    const over = v.player.starts.length;
    expect(v.said().at(-1)).toMatch(/^stopped \d+ expired$/);
    await v.advance(10 * MINUTE);
    expect(v.player.starts.length).toBe(over);
  });

  it('is ended and quietened like any other, before and after the time is known', async () => {
    for (const told of [false, true]) {
      const v = await withoutClock().start();
      v.gateway.askForByHand('alert-1', v.clock.now());
      await v.hears(v.wire({ ...order, endTime: iso(v.clock.now() + HOUR) }));
      await v.advance(MINUTE);
      if (told) {
        v.countyMs = () => START_MS;
        v.answer(v.line.hellos.at(-1)!);
        await v.clock.settle();
      }
      await v.hears(v.wire({ ...order, action: 'stop', stopReason: 'ended' }));
      expect(v.said().at(-1), String(told)).toMatch(/^stopped \d+ ended$/);
      const heard = v.player.starts.length;
      await v.advance(10 * MINUTE);
      expect(v.player.starts.length).toBe(heard);
    }
  });

  it('sounds also when the house’s own clock lies behind what was proven before', async () => {
    const file = spoolFile();
    const before = await new Village({ file }).start();
    await before.gateway.stop();
    await before.db.close();
    const v = await withoutClock({ file, signers: before.signers }).start();
    v.gateway.askForByHand('alert-1', v.clock.now());
    await v.hears(v.wire({ ...order, endTime: iso(v.clock.now() + HOUR) }));
    expect(v.said()).toEqual(['received', 'playing 1']);
    await v.advance(HOUR);
    expect(v.said().at(-1)).toMatch(/expired$/);
  });

  it('takes up what was held back for it before', async () => {
    const v = await withoutClock().start();
    await v.hears(v.wire({ ...order, endTime: iso(v.clock.now() + HOUR) }));
    expect(v.player.starts).toEqual([]);
    v.gateway.askForByHand('alert-1', v.clock.now());
    await v.clock.settle();
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it('needs nobody to say first which keys count', async () => {
    const { publicKey } = newKeyPair();
    const v = await new Village({ answers: false, keyBook: { version: 1, root: { kid: 'root', publicKey } } }).start();
    await v.hears(v.wire({ ...order, alertId: 'besides' }));
    expect(v.player.starts).toEqual([]);
    v.gateway.askForByHand('alert-1', v.clock.now());
    await v.hears(v.wire(order));
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it('changes nothing on a box that knows the time', async () => {
    const v = await new Village().start();
    v.gateway.askForByHand('alert-1', 0);
    await v.hears(v.wire({ ...order, playTimes: 2, endTime: iso(START_MS + 5 * MINUTE) }));
    await v.advance(10 * MINUTE);
    expect(v.said()).toEqual(['received', 'playing 1', 'played 1', 'playing 2', 'played 2']);
  });
});
