// Named configuration. main reads the environment once and hands this on; nobody else does.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { isPrefecture } from '@laba/domain/grid';

/** The rooms of `services/` that a clustered process may choose from, in the order of the story. */
export const SERVICES = ['registry', 'intake', 'alerting', 'dispatch', 'mobilization', 'sharing', 'console'] as const;
export type ServiceName = (typeof SERVICES)[number];

const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), `must be an address that begins with ${protocols[0]}//`);

const port = z.coerce.number().int().min(0).max(65_535);

export const configSchema = z.object({
  /**
   * `embedded`: SQLite, an in-memory queue and a broker, all in this process. `clustered`: PostgreSQL, Redis and an MQTT 5 broker of their own.
   * `edge`: as embedded, for one grid node below another house, with the loudspeakers of its activity room.
   */
  profile: z.enum(['embedded', 'clustered', 'edge']).default('embedded'),
  /** Clustered: `postgres://user:password@host:port/database`. */
  databaseUrl: url('postgres:', 'postgresql:').optional(),
  /** Clustered: `redis://:password@host:port/0`. */
  redisUrl: url('redis:', 'rediss:').optional(),
  /** Clustered: `mqtt://user:password@host:port`, the county's own account at the broker. */
  brokerUrl: url('mqtt:', 'mqtts:').optional(),
  /** Clustered: PEM file of the authority that signed the broker's certificate (`mqtts://`); the machine's own list when not given. */
  brokerCa: z.string().optional(),
  /** Clustered: a broker that asks the house who may connect (EMQX) shows this secret; Mosquitto is told instead, by its plugin. 16 characters or more. */
  brokerHookSecret: z.string().min(16).optional(),
  /** Where gateways reach the broker, when it is not this machine's own port. */
  publicBrokerUrl: url('mqtt:', 'mqtts:').optional(),
  /** Addresses of reverse proxies whose word on the caller's address is believed, with commas between. */
  trustedProxies: z.array(z.string()).default([]),
  /** 32 bytes that all processes of one county share; `secret.key` in the data folder when not given. */
  secretFile: z.string().optional(),
  /** Clustered: what this process runs, in any number of copies. All services when not given. */
  services: z
    .array(z.enum(SERVICES))
    .min(1)
    .default([...SERVICES]),
  /** HTTP, default 8080. 0 takes a free one. */
  port: port.default(8080),
  mqttPort: port.default(1883),
  /** Loopback until the operator says otherwise. */
  host: z.string().default('127.0.0.1'),
  dataDir: z.string().default('data'),
  /** Minutes east of UTC, for quiet hours, CAP times and pages. China: 480. */
  utcOffsetMinutes: z.coerce.number().int().min(-720).max(840).default(480),
  timeZone: z.string().default('Asia/Shanghai'),
  /** Six digits; four of a prefecture, whose house watches the counties below it. */
  county: z
    .string()
    .regex(/^\d{4}(\d{2})?$/)
    .default('533324'),
  /** Edge: the grid node whose house this is; written down when it was enrolled. */
  node: z
    .string()
    .regex(/^\d{9}(\d{3}(\d{2})?)?$/)
    .optional(),
  /** True on first start without configuration: fictional people, simulated gateways, links shown to the officer. */
  demo: z.boolean().default(false),
  /** Cookies are marked Secure and links are https. */
  tls: z.boolean().default(false),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** What a Prometheus of another machine sends as its bearer token; without it only this machine is told the metrics. */
  metricsToken: z.string().min(16).optional(),
  /** Where traces go, as OTLP over HTTP: `http://host:4318`. None are made when not given. */
  otelEndpoint: url('http:', 'https:').optional(),
  /** Clustered: bull-board at /admin/queues, for the county's administrator. */
  queueBoard: z.stringbool().or(z.boolean()).default(false),
  /** JSON file of the county's providers of messages to people: SMS, calls, chat robots, push, e-mail. None when not given. */
  channelsFile: z.string().optional(),
  /** This house is `NAME.local` on its own network; in the edge profile `laba` when not given. Letters, digits and hyphens. */
  lanName: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a name of small letters, digits and hyphens, such as laba-dasuo')
    .optional(),
  /** What links and codes are printed with, when it is not the listening address. */
  publicUrl: z.string().url().optional(),
});
export type Config = z.infer<typeof configSchema>;

/** The grid node whose house this is. */
export function houseCode(config: Pick<Config, 'county' | 'node'>): string {
  return config.node ?? config.county;
}

/** A prefecture's house: it sees what its counties tell, and decides nothing. */
export function onlyWatches({ county }: Pick<Config, 'county'>): boolean {
  return isPrefecture(county);
}

/** The environment's names for the configuration. */
export const ENVIRONMENT = {
  LABA_PROFILE: 'profile',
  LABA_PORT: 'port',
  LABA_MQTT_PORT: 'mqttPort',
  LABA_HOST: 'host',
  LABA_DATA: 'dataDir',
  LABA_UTC_OFFSET_MINUTES: 'utcOffsetMinutes',
  LABA_TIME_ZONE: 'timeZone',
  LABA_LOG_LEVEL: 'logLevel',
  LABA_PUBLIC_URL: 'publicUrl',
  LABA_LAN_NAME: 'lanName',
  LABA_DATABASE_URL: 'databaseUrl',
  LABA_REDIS_URL: 'redisUrl',
  LABA_BROKER_URL: 'brokerUrl',
  LABA_PUBLIC_BROKER_URL: 'publicBrokerUrl',
  LABA_BROKER_CA: 'brokerCa',
  LABA_BROKER_HOOK_SECRET: 'brokerHookSecret',
  LABA_TRUSTED_PROXIES: 'trustedProxies',
  LABA_SECRET_FILE: 'secretFile',
  LABA_METRICS_TOKEN: 'metricsToken',
  LABA_OTEL_ENDPOINT: 'otelEndpoint',
  LABA_QUEUE_BOARD: 'queueBoard',
  LABA_CHANNELS: 'channelsFile',
  SERVICES: 'services',
} as const satisfies Record<string, keyof Config>;

/** A variable's value may lie in a file that NAME_FILE names, as containers are given secrets. @throws one line that names the variable and what it should be */
export function readConfig(bare: Record<string, string | undefined>, fixed: Partial<Config> = {}): Config {
  const env = withFiles(bare);
  const given: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(ENVIRONMENT))
    if (env[name] !== undefined && env[name] !== '') given[key] = LISTS.has(key) ? listOf(env[name]) : env[name];
  const parsed = configSchema.safeParse({ ...given, ...fixed });
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const name = Object.entries(ENVIRONMENT).find(([, key]) => key === issue.path[0])?.[0] ?? String(issue.path[0]);
    throw new Error(`${name}: ${issue.message}`);
  }
  const config = parsed.data;
  refuseMixture(config);
  config.dataDir = resolve(config.dataDir);
  config.utcOffsetMinutes = env['LABA_UTC_OFFSET_MINUTES'] ? config.utcOffsetMinutes : offsetOf(config.timeZone);
  return config;
}

const LISTS: ReadonlySet<keyof Config> = new Set(['services', 'trustedProxies']);
const listOf = (text: string) => text.split(',').map((name) => name.trim());

const ENGINES = { databaseUrl: 'LABA_DATABASE_URL', redisUrl: 'LABA_REDIS_URL', brokerUrl: 'LABA_BROKER_URL' } as const;

/** Two sets of guarantees and nothing between them: the profile says which. */
function refuseMixture(config: Config): void {
  const given = Object.entries(ENGINES).filter(([key]) => config[key as keyof typeof ENGINES] !== undefined);
  if (config.profile !== 'clustered') {
    if (given.length > 0) throw new Error(`${given[0]![1]} is for LABA_PROFILE=clustered: set that too, or take ${given[0]![1]} away.`);
    if (config.services.length < SERVICES.length) throw new Error('SERVICES is for LABA_PROFILE=clustered: the other profiles run all of them in one process.');
    return;
  }
  const missing = Object.entries(ENGINES).find(([key]) => config[key as keyof typeof ENGINES] === undefined);
  if (missing !== undefined) throw new Error(`${missing[1]} is not set: LABA_PROFILE=clustered needs PostgreSQL, Redis and an MQTT broker.`);
}

function withFiles(env: Record<string, string | undefined>): Record<string, string | undefined> {
  const read = Object.keys(ENVIRONMENT).flatMap((name) => {
    const file = env[`${name}_FILE`];
    return file === undefined || file === '' ? [] : [[name, readSecret(`${name}_FILE`, file)]];
  });
  return { ...env, ...(Object.fromEntries(read) as Record<string, string>) };
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new Error(`${name}: ${file} cannot be read.`);
  }
}

function offsetOf(timeZone: string): number {
  try {
    const name =
      new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(0).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
    const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
    return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
  } catch {
    throw new Error(`LABA_TIME_ZONE: '${timeZone}' is not a time zone; try Asia/Shanghai`);
  }
}
