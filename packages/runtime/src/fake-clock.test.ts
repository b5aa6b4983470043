// The clock that tests move must itself keep time.
import { expect, test } from 'vitest';
import { every } from './clock.ts';
import { FakeClock } from './fake-clock.ts';

test('timers run in the order of their times, each seeing its own time', async () => {
  const clock = new FakeClock({ startMs: 1_000 });
  const seen: string[] = [];
  clock.after(30, () => seen.push(`c${clock.now()}`));
  clock.after(10, () => seen.push(`a${clock.now()}`));
  clock.after(10, () => seen.push(`b${clock.now()}`));
  clock.after(51, () => seen.push('too late'));
  await clock.advance(50);
  expect(seen).toEqual(['a1010', 'b1010', 'c1030']);
  expect(clock.now()).toBe(1_050);
  expect(clock.waiting).toBe(1);
});

test('what a timer sets up runs in the same advance when it falls due', async () => {
  const clock = new FakeClock({ startMs: 0 });
  let rounds = 0;
  const stop = every(
    clock,
    10,
    async () => {
      rounds += 1;
      await Promise.resolve();
    },
    () => {},
  );
  await clock.advance(100);
  expect(rounds).toBe(10);
  stop();
  await clock.advance(100);
  expect(rounds).toBe(10);
});

test('sleep waits for the clock and a cancelled timer never runs', async () => {
  const clock = new FakeClock({ startMs: 0 });
  let awake = false;
  void clock.sleep(20).then(() => {
    awake = true;
  });
  const cancel = clock.after(5, () => {
    throw new Error('was cancelled');
  });
  cancel();
  await clock.advance(19);
  expect(awake).toBe(false);
  await clock.advance(1);
  expect(awake).toBe(true);
});

test('stepping the wall clock runs nothing and leaves every timer the time it had left', async () => {
  const clock = new FakeClock({ startMs: 10_000 });
  let ran = 0;
  clock.after(100, () => {
    ran += 1;
  });
  clock.set(5_000);
  expect(clock.now()).toBe(5_000);
  await clock.advance(99);
  expect(ran).toBe(0);
  await clock.advance(1);
  expect(ran).toBe(1);
  expect(clock.now()).toBe(5_100);
});
