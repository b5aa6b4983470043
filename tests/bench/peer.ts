// Beside a peer, in the same run: Laba, which writes down and shows every answer, and Node-RED, which counts them in memory.
import { benchGateways, COUNTY } from './bench-county.ts';
import { startBareMosquitto } from './bench-engines.ts';
import { ratioOf, type Figure } from './figure.ts';
import { NodeRed } from './node-red.ts';
import type { BenchOptions } from './options.ts';
import { Measured } from './process-talk.ts';
import { echoFloor, houseRounds, REST_MS } from './raise.ts';

const SETTLE_MS = 2_000;
const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function nodeRedRounds(count: number, rounds: number): Promise<number[]> {
  const broker = await startBareMosquitto(count);
  const simulator = new Measured('gateway-simulator.ts');
  const peer = await NodeRed.start({ count, brokerPort: broker.port, password: broker.password });
  try {
    await simulator.ask({ do: 'connect', port: broker.port, county: COUNTY, gateways: benchGateways(count), greets: false });
    await rest(SETTLE_MS);
    const took: number[] = [];
    for (let i = 0; i <= rounds; i++) {
      await rest(REST_MS);
      const ms = await peer.raise();
      if (i > 0) took.push(ms);
    }
    return took;
  } finally {
    await simulator.end();
    await peer.stop();
    await broker.stop();
  }
}

export async function peerBench(options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of options.gateways) {
    const before = await echoFloor(count, { ...options, profile: 'clustered' });
    const peer = await nodeRedRounds(count, options.rounds);
    const { raised } = await houseRounds(count, options);
    const floor = [...before, ...(await echoFloor(count, { ...options, profile: 'clustered' }))];
    const last = raised.map((one) => one.waits.at(-1)!);
    figures.push(
      ratioOf(`Node-RED, raise → last of ${count} counted, in memory only / bare Mosquitto and collector`, 'ms', undefined, { floor, product: peer }),
      ratioOf(`Laba, raise → last of ${count} received, durable / bare Mosquitto and collector`, 'ms', undefined, { floor, product: last }),
    );
  }
  return figures;
}
