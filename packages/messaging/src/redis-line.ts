// Connections to Redis, and whether it is a Redis that may carry the queue: asked once at the start, refused in one line.
import { connect } from 'node:net';
import { Redis } from 'ioredis';

/** Soon enough for a caller to go another way; long enough for a machine under load. */
const COMMAND_MS = 800;
const CONNECT_MS = 3_000;
const PLAIN_MS = 1_000;
/** No word on an open line for so long: the machine behind it is gone. Longer than a worker's blocking wait of 10 s at most. */
const SILENT_MS = 12_000;
const LONGEST_RETRY_MS = 1_000;
const OLDEST = { major: 6, minor: 2 };
const POLICY = 'noeviction';

const retryStrategy = (times: number) => Math.min(times * 50, LONGEST_RETRY_MS);
// The protocol of RESP 2 is what every version answers, also one that is too old and must be named.
const COMMON = { connectTimeout: CONNECT_MS, protocol: 2, disableClientInfo: true } as const;

/** A line for who cannot wait: commands are refused at once while Redis is away, and within 0.8 s while it hangs. */
export function impatientLine(url: string): Redis {
  const options = { commandTimeout: COMMAND_MS, enableOfflineQueue: false, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false };
  return new Redis(url, { ...COMMON, ...options, socketTimeout: SILENT_MS, retryStrategy });
}

/** A line for workers: commands wait until Redis is back. */
export function patientLine(url: string): Redis {
  return new Redis(url, { ...COMMON, maxRetriesPerRequest: null, socketTimeout: SILENT_MS, retryStrategy });
}

/**
 * Resolves when what answers at `url` is a Redis that may carry the queue.
 * @throws one line: nobody there, wrong password, too old, a copy that takes no writes, or one that would drop jobs to save memory
 */
export async function checkRedis(url: string): Promise<void> {
  const at = addressOf(url);
  const line = new Redis(url, { ...COMMON, commandTimeout: CONNECT_MS, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  let last: Error | undefined;
  line.on('error', (error: Error) => (last = error));
  try {
    await line.connect();
    refuseUnfit(at, factsOf(await line.info()));
  } catch (error) {
    if (error instanceof Unfit) throw error;
    if (await speaksPlainly(url))
      throw new Unfit(`LABA_REDIS_URL: the Redis at ${at} does not speak TLS: begin the address with redis://, or give Redis a tls-port.`, { cause: error });
    throw new Unfit(wordsFor(at, last ?? (error as Error)), { cause: error });
  } finally {
    line.disconnect();
  }
}

// A plain Redis says nothing to a greeting in TLS, as one that hangs; asked plainly it answers, be it that a password is missing.
function speaksPlainly(url: string): Promise<boolean> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'rediss:') return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect(Number(port || '6379'), hostname);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PLAIN_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('data', (bytes) => end(/^[+-]/.test(bytes.toString('latin1'))));
    socket.once('connect', () => socket.write('PING\r\n'));
  });
}

class Unfit extends Error {}

/** Host and port, never the password. */
export function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || '6379'}`;
}

function factsOf(info: string): ReadonlyMap<string, string> {
  const lines = info.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function refuseUnfit(at: string, facts: ReadonlyMap<string, string>): void {
  const version = facts.get('redis_version');
  if (version === undefined) throw new Unfit(`LABA_REDIS_URL: what answers at ${at} does not say that it is a Redis.`);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor))
    throw new Unfit(`LABA_REDIS_URL: the Redis at ${at} is version ${version}; Laba needs ${OLDEST.major}.${OLDEST.minor} or newer.`);
  if (facts.get('role') === 'slave') throw new Unfit(`LABA_REDIS_URL: the Redis at ${at} is a replica and takes no writes; name its primary.`);
  const policy = facts.get('maxmemory_policy');
  if (policy !== POLICY)
    throw new Unfit(
      `LABA_REDIS_URL: the Redis at ${at} has maxmemory-policy ${policy}, with which jobs vanish when memory is short; ` +
        `put 'maxmemory-policy ${POLICY}' in redis.conf and restart it, or run: redis-cli config set maxmemory-policy ${POLICY}`,
    );
}

function wordsFor(at: string, error: Error & { code?: string }): string {
  const text = error.message;
  if (/ECONNREFUSED/.test(text) || error.code === 'ECONNREFUSED') return `LABA_REDIS_URL: nobody listens at ${at}; start Redis or correct the address.`;
  if (/ENOTFOUND|EAI_AGAIN/.test(`${text} ${error.code}`)) return `LABA_REDIS_URL: there is no host of the name in ${at}.`;
  if (/WRONGPASS|NOAUTH|invalid password|without any password/.test(text)) return `LABA_REDIS_URL: the Redis at ${at} refuses this user or password.`;
  if (/timed? ?out/i.test(text) || error.code === 'ETIMEDOUT') return `LABA_REDIS_URL: ${at} does not answer within ${CONNECT_MS / 1000} s.`;
  return `LABA_REDIS_URL: ${at} cannot be used as a Redis: ${text.split('\n')[0]}`;
}
