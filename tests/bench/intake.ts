// Goal 3. The floor: a bare Fastify route with the same schema; the product: the report route, signed in, durable, with its event.
import { BenchHouse } from './bench-house.ts';
import { ratioOf, type Figure } from './figure.ts';
import { load } from './load.ts';
import type { BenchOptions } from './options.ts';
import { Measured } from './process-talk.ts';

// All rounds stay under the house's own limit of requests a minute.
const COUNT = 800;
const AT_ONCE = 64;
const GROUP = '53332410120001';
const BODY = JSON.stringify({ gridCode: GROUP, hazard: 'other', text: '沟里有响声', source: 'telephone' });

export async function intakeBench(options: BenchOptions): Promise<Figure[]> {
  const bare = new Measured('fastify-process.ts');
  const house = await BenchHouse.open(1, options.profile);
  try {
    const { url } = await bare.ask<{ url: string }>({});
    const headers = await house.signIn();
    const rounds = { floor: [] as number[], product: [] as number[] };
    const send = (to: string, given: Record<string, string>) => load({ url: to, headers: given, body: BODY, count: COUNT, atOnce: AT_ONCE });
    for (let i = 0; i <= options.rounds; i++) {
      const floor = await send(url, {});
      const product = await send(`${house.url}/api/v1/reports`, headers);
      // The first one warms up.
      if (i === 0) continue;
      rounds.floor.push(floor);
      rounds.product.push(product);
    }
    return [ratioOf('POST /api/v1/reports, durable, with its event / bare Fastify route with the same schema', '/s', 0.4, rounds)];
  } finally {
    await bare.end();
    await house.close();
  }
}
