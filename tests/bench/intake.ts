// The intake floor: a bare Fastify route with the same schema; the product: the report route, signed in, durable, with its event.
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { HAZARDS } from '@laba/domain/report';
import { makeIds } from '@laba/domain/ids';
import { compose } from '@laba/host/compose';
import { systemClock } from '@laba/runtime/clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { populate } from '../harness/populate.ts';
import { COUNTY, DASUO } from '../harness/small-county.ts';
import { perSecond } from './figure.ts';

const COUNT = 1_000;
const AT_ONCE = 64;
const PASSWORD = 'a password for the bench only';
const BODY = JSON.stringify({ gridCode: DASUO, hazard: 'other', text: '沟里有响声', source: 'telephone' });

export async function intakeBench(): Promise<{ floorPerSecond: number; productPerSecond: number }> {
  return { floorPerSecond: await floor(), productPerSecond: await product() };
}

async function floor(): Promise<number> {
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const body = z.object({ gridCode: z.string(), hazard: z.enum(Object.keys(HAZARDS) as [string]), text: z.string(), source: z.enum(['telephone', 'api']) });
  app.post('/reports', { schema: { body } }, async (_request, reply) => reply.code(201).send({ id: 'x' }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const rate = await load(`${url}/reports`, {});
  await app.close();
  return rate;
}

async function product(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'laba-bench-'));
  const config = configSchema.parse({ port: 0, mqttPort: 0, dataDir: dir, county: COUNTY, logLevel: 'silent' });
  const house = await compose(config, { clock: systemClock, ids: makeIds(() => Date.now(), randomBytes), log: silentLog });
  await populate(house.deps, PASSWORD, () => 'A'.repeat(43));
  await house.start();
  const signedIn = await fetch(`${house.url()}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'duty1', password: PASSWORD }),
  });
  const { csrfToken } = (await signedIn.json()) as { csrfToken: string };
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const rate = await load(`${house.url()}/api/v1/reports`, { cookie, 'x-csrf-token': csrfToken });
  await house.stop();
  rmSync(dir, { recursive: true });
  return rate;
}

async function load(url: string, headers: Record<string, string>): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let left = COUNT;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await post(agent, url, headers);
    }),
  );
  const rate = perSecond(COUNT, performance.now() - begun);
  agent.destroy();
  return rate;
}

function post(agent: Agent, url: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) } },
      (response) => {
        response.resume();
        response.once('end', () => (response.statusCode === 201 ? resolve() : reject(new Error(`answered ${response.statusCode}`))));
      },
    );
    sent.once('error', reject);
    sent.end(BODY);
  });
}
