// A county that comes back all at once: until every gateway was answered, and how long a live alert takes in the middle of it.
import { BenchHouse } from './bench-house.ts';
import { plain, quantile, type Figure } from './figure.ts';
import type { BenchOptions } from './options.ts';

const ROUNDS = 3;
const ALL_RIGHT_MS = 120_000;
const RAISED_MS = 10_000;

export async function stormBench(options: BenchOptions): Promise<Figure[]> {
  const count = Math.max(...options.gateways);
  const house = await BenchHouse.open(count, options.profile);
  try {
    await house.connect();
    const calm: number[] = [];
    const lines: number[] = [];
    const again: number[] = [];
    const lags: number[] = [];
    const p99: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      await house.lag();
      const { begun, connected, right, askedAgain } = await house.reconnect();
      calm.push(right - begun);
      lines.push(connected - begun);
      again.push(askedAgain);
      lags.push((await house.lag()).p99);
      const returning = house.reconnect();
      const raised = await house.raise();
      await returning;
      p99.push(quantile(raised.waits, 0.99));
      await house.end(raised.alertId);
    }
    return [
      plain(`${count} gateways come back at once, until every hello was answered`, 'ms', calm, ALL_RIGHT_MS),
      plain('  of that, until every line was up and subscribed', 'ms', lines),
      plain('  gateways that had to ask a second time', '', again),
      plain('  event-loop lag p99 meanwhile', 'ms', lags),
      plain(`an alert raised in the middle of it, p99 of ${count} received durable`, 'ms', p99, RAISED_MS),
    ];
  } finally {
    await house.close();
  }
}
