// The house's name on its own network: `laba.local` is answered by multicast DNS, so that nobody in the village types numbers.
import { networkInterfaces } from 'node:os';
import multicastDns, { type MulticastDNS } from 'multicast-dns';
import { every, type Clock } from '@laba/runtime/clock';
import type { Log } from '@laba/runtime/log';

/** Cables are pulled, and routers give out other addresses. */
const LOOK_MS = 10_000;
const TTL_SECONDS = 120;
const ASKS_FOR_IT: ReadonlySet<string> = new Set(['A', 'ANY']);
const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);

/** IPv4 addresses of this machine that others can reach. */
export function lanAddresses(): string[] {
  try {
    return Object.values(networkInterfaces()).flatMap((all = []) =>
      all.flatMap(({ family, internal, address }) => (family === 'IPv4' && !internal ? [address] : [])),
    );
  } catch {
    // A unit that may not ask the kernel for its networks.
    return [];
  }
}

/** The addresses of the page for others on the network: by name first, where it has one. None when it listens to this machine only. */
export function lanUrls({ host, port }: { host: string; port: number }, name: string | undefined): string[] {
  if (!EVERY_ADDRESS.has(host)) return [];
  return [...(name === undefined ? [] : [`${name}.local`]), ...lanAddresses()].map((one) => `http://${one}:${port}/`);
}

export interface AnnounceDeps {
  clock: Clock;
  log: Log;
  addresses?: () => string[];
  port?: number;
}

/**
 * Answers for `name.local` on each network with the address that it has there, until it is stopped. Whatever goes wrong is only logged:
 * the page is there by its address too.
 */
export function announceOnLan(name: string, { clock, log, addresses = lanAddresses, port = 5353 }: AnnounceDeps): () => void {
  const open = new Map<string, MulticastDNS>();
  const told = (error: unknown, address?: string) => log.warn({ name, address, error: String(error) }, 'the name is not answered on this network');
  const close = (address: string) => {
    open.get(address)?.destroy();
    open.delete(address);
  };
  const look = () => {
    const now = new Set(addresses());
    for (const address of open.keys()) if (!now.has(address)) close(address);
    for (const address of now)
      if (!open.has(address))
        open.set(
          address,
          answering(`${name}.local`, address, port, (error) => told(error, address)),
        );
  };
  look();
  const stop = every(clock, LOOK_MS, look, told);
  return () => {
    stop();
    for (const address of open.keys()) close(address);
  };
}

// Bound to every address: what is sent to a group does not arrive at a socket that is bound to one.
function answering(host: string, address: string, port: number, onError: (error: Error) => void): MulticastDNS {
  const mdns = multicastDns({ interface: address, bind: '0.0.0.0', port });
  const answer = [{ name: host, type: 'A' as const, ttl: TTL_SECONDS, data: address, flush: true }];
  mdns.on('error', onError);
  mdns.on('ready', () => mdns.respond(answer));
  mdns.on('query', ({ questions = [] }) => {
    if (questions.some(({ name, type }) => name.toLowerCase() === host && ASKS_FOR_IT.has(type))) mdns.respond(answer);
  });
  return mdns;
}
