// How long a county's boxes wait for their broker: never long, and never all at once.
import { expect, test } from 'vitest';
import { waitBeforeRetryMs } from './reconnect-wait.ts';

const BOXES = Array.from({ length: 10_000 }, (_, i) => `gw-${i}`);
const TRIES = [0, 1, 2, 3, 10, 1_000];
const FIRST_MS = 1_000;

test('nobody waits longer than 5 s for a broker that is away, nor than 12 s for one that will not have it', () => {
  for (const failures of TRIES) {
    expect(Math.max(...BOXES.map((box) => waitBeforeRetryMs(box, failures, 'away', FIRST_MS)))).toBeLessThanOrEqual(5_000);
    expect(Math.max(...BOXES.map((box) => waitBeforeRetryMs(box, failures, 'unwilling', FIRST_MS)))).toBeLessThanOrEqual(12_000);
  }
});

test('who is not let in comes less often from try to try', () => {
  const waits = [0, 1, 2, 3].map((failures) => Math.min(...BOXES.map((box) => waitBeforeRetryMs(box, failures, 'unwilling', FIRST_MS))));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
});

test('ten thousand come back spread over the whole time: no twentieth of it sees more than twice its share', () => {
  for (const failures of TRIES) {
    const waits = BOXES.map((box) => waitBeforeRetryMs(box, failures, 'away', FIRST_MS));
    const middleMs = FIRST_MS * Math.min(2 ** failures, 10 / 3);
    const slots = Map.groupBy(waits, (ms) => Math.floor(((ms - middleMs / 2) / middleMs) * 20));
    expect(slots.size).toBe(20);
    expect(Math.max(...[...slots.values()].map((slot) => slot.length))).toBeLessThan((2 * BOXES.length) / 20);
  }
});
