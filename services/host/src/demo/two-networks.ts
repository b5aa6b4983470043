// Where the two houses of a demo stand, and the line between them, which can be cut: a proxy on the loopback, or networks of their own.
import { execFileSync } from 'node:child_process';
import { CutLine } from './cut-line.ts';
import { LOOPBACK, type HousePlan, type Network } from './house-process.ts';

/** The line between the two houses. */
export interface Line {
  /** Since it was opened: towards the house above, and from it. */
  readonly bytes: { up: number; down: number };
  cut(): void;
  heal(): void;
}

export interface Networks {
  county: Network;
  village: Network;
  /** `above`, `broker`: the county as the village's house reaches it. */
  open(county: HousePlan): Promise<{ line: Line; above: string; broker: string }>;
  close(): Promise<void>;
}

/** Wants nothing; a cut line resets what is open. */
export function proxied(): Networks {
  let line: CutLine | undefined;
  return {
    county: LOOPBACK,
    village: LOOPBACK,
    async open({ port, mqttPort }) {
      line = await CutLine.start(mqttPort);
      return { line, above: `http://127.0.0.1:${port}`, broker: `mqtt://127.0.0.1:${line.port}` };
    },
    close: async () => line?.close(),
  };
}

/**
 * Two network namespaces of Linux, joined by one link; a cut line swallows what is sent, as a real one does. This process, which plays the
 * people of both places, has a link of its own into each.
 * @throws when `ip` is not installed or this user may not make namespaces
 */
export function namespaced(): Networks {
  const tag = String(process.pid);
  const [county, village] = [namespace(`laba-c${tag}`, `c${tag}`, '10.213.1'), namespace(`laba-v${tag}`, `v${tag}`, '10.213.2')];
  const link = (state: 'up' | 'down') => ip('-n', county.name, 'link', 'set', 'line', state);
  const line: Line = {
    get bytes() {
      const [{ stats64 }] = JSON.parse(ip('-n', village.name, '-s', '-j', 'link', 'show', 'dev', 'line')) as [
        { stats64: Record<'rx' | 'tx', { bytes: number }> },
      ];
      return { up: stats64.tx.bytes, down: stats64.rx.bytes };
    },
    cut: () => void link('down'),
    heal: () => void link('up'),
  };
  return {
    county: county.network,
    village: village.network,
    async open({ port, mqttPort }) {
      ip('-n', county.name, 'link', 'add', 'line', 'type', 'veth', 'peer', 'name', 'line', 'netns', village.name);
      for (const [{ name }, last] of [
        [county, 1],
        [village, 2],
      ] as const) {
        ip('-n', name, 'addr', 'add', `10.213.3.${last}/24`, 'dev', 'line');
        ip('-n', name, 'link', 'set', 'line', 'up');
      }
      return { line, above: `http://10.213.3.1:${port}`, broker: `mqtt://10.213.3.1:${mqttPort}` };
    },
    async close() {
      for (const { name } of [county, village]) ip('netns', 'del', name);
    },
  };
}

/** `near`: the interface on this process's side; `net`: the first three numbers of the link's addresses. */
function namespace(name: string, near: string, net: string): { name: string; network: Network } {
  ip('netns', 'add', name);
  ip('-n', name, 'link', 'set', 'lo', 'up');
  ip('link', 'add', near, 'type', 'veth', 'peer', 'name', 'lan', 'netns', name);
  ip('addr', 'add', `${net}.1/24`, 'dev', near);
  ip('link', 'set', near, 'up');
  ip('-n', name, 'addr', 'add', `${net}.2/24`, 'dev', 'lan');
  ip('-n', name, 'link', 'set', 'lan', 'up');
  return { name, network: { listen: '0.0.0.0', host: `${net}.2`, enter: ['ip', 'netns', 'exec', name] } };
}

function ip(...args: string[]): string {
  try {
    return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? String(error);
    throw new Error(`Network namespaces want root and iproute2 on Linux; without --namespaces the line is a proxy. ip ${args.join(' ')}: ${said}`, {
      cause: error,
    });
  }
}
