// Goals 1, 5 and 8: from the button to the last report durable and shown, against the echo floor; and what it does to the event loop.
import { get } from 'node:http';
import { benchGateways, COUNTY } from './bench-county.ts';
import { startBareMosquitto } from './bench-engines.ts';
import { BenchHouse, type Raised } from './bench-house.ts';
import { median, plain, quantile, ratioOf, type Figure, type Ratio } from './figure.ts';
import type { BenchOptions } from './options.ts';
import { Measured } from './process-talk.ts';

/** Between two rounds. */
export const REST_MS = 300;
const CONSOLES = 10;
const rest = () => new Promise((resolve) => setTimeout(resolve, REST_MS));

interface Echo {
  begun: number;
  times: number[];
}

/** ms until the last answer, for each round. */
export async function echoFloor(count: number, { rounds, profile }: BenchOptions): Promise<number[]> {
  const broker = profile === 'clustered' ? await startBareMosquitto(count) : undefined;
  const echo = new Measured('echo-process.ts');
  const simulator = new Measured('gateway-simulator.ts');
  try {
    const { port } = await echo.ask<{ port: number }>({ do: 'start', port: broker?.port, password: broker?.password });
    await simulator.ask({ do: 'connect', port, county: COUNTY, gateways: benchGateways(count), greets: false });
    const lasts: number[] = [];
    for (let i = 0; i <= rounds; i++) {
      await rest();
      const { begun, times } = await echo.ask<Echo>({ do: 'round', answers: count });
      // The first one warms up.
      if (i > 0) lasts.push(times.at(-1)! - begun);
    }
    return lasts;
  } finally {
    await simulator.end();
    await echo.end();
    await broker?.stop();
  }
}

interface HouseRounds {
  raised: Raised[];
  lag: { p99: number; max: number }[];
  rss: { empty: number; full: number };
}

export async function houseRounds(count: number, { rounds, profile }: BenchOptions): Promise<HouseRounds> {
  const house = await BenchHouse.open(count, profile);
  try {
    const empty = (await house.process.ask<{ rss: number }>({ do: 'memory' })).rss;
    await house.connect();
    const full = (await house.process.ask<{ rss: number }>({ do: 'memory' })).rss;
    const raised: Raised[] = [];
    for (let i = 0; i <= rounds; i++) {
      await rest();
      const one = await house.raise();
      if (i > 0) raised.push(one);
      await house.end(one.alertId);
    }
    return { raised, lag: await lagWithConsoles(house), rss: { empty, full } };
  } finally {
    await house.close();
  }
}

async function lagWithConsoles(house: BenchHouse): Promise<{ p99: number; max: number }[]> {
  const close = await openConsoles(house);
  const seen: { p99: number; max: number }[] = [];
  for (let i = 0; i < 3; i++) {
    await rest();
    await house.lag();
    const { alertId } = await house.raise();
    seen.push(await house.lag());
    await house.end(alertId);
  }
  close();
  return seen;
}

/** Ten officers look at the live page. */
async function openConsoles(house: BenchHouse): Promise<() => void> {
  const headers = await house.signIn();
  const open = Array.from({ length: CONSOLES }, () => get(`${house.url}/api/v1/live`, { headers }, (response) => response.resume()));
  for (const one of open) one.on('error', () => {});
  await rest();
  return () => {
    for (const one of open) one.destroy();
  };
}

const MB = 1_048_576;

export async function raiseBench(options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  const ratios = new Map<number, Ratio>();
  for (const count of options.gateways) {
    const before = await echoFloor(count, options);
    const { raised, lag, rss } = await houseRounds(count, options);
    const floor = [...before, ...(await echoFloor(count, options))];
    const goal = options.profile === 'embedded' ? 2.5 : count < 1_000 ? 2 : 1.3;
    const lasts = raised.map((one) => one.waits.at(-1)!);
    const ratio = ratioOf(`raise → last of ${count} received, durable / bare broker and collector`, 'ms', goal, { floor, product: lasts });
    ratios.set(count, ratio);
    const waits = raised.flatMap((one) => one.waits);
    figures.push(
      ratio,
      plain(`  the same, p50 of ${count}`, 'ms', [quantile(waits, 0.5)]),
      plain(`  the same, p99 of ${count}`, 'ms', [quantile(waits, 0.99)]),
      plain(
        `  the same, until the officer's figures show all ${count}`,
        'ms',
        raised.map((one) => one.shownMs),
      ),
      plain(
        `event-loop lag p99 during a raise to ${count}, ten live pages open`,
        'ms',
        lag.map((one) => one.p99),
        50,
      ),
      plain(
        `  the same, longest stop`,
        'ms',
        lag.map((one) => one.max),
      ),
      plain(`memory of the house with ${count} gateways written down, none connected`, 'MB', [rss.empty / MB]),
      plain(`memory of the house with ${count} gateways connected`, 'MB', [rss.full / MB]),
    );
  }
  const [small, large] = [ratios.get(1_000), ratios.get(10_000)];
  if (small !== undefined && large !== undefined)
    figures.push(plain('ratio at 10,000 over ratio at 1,000 (cost grows linearly)', '×', [median([large.ratio]) / small.ratio], 1.2));
  return figures;
}
