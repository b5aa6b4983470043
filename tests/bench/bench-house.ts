// The house under test with its simulated county, as the benches use it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@laba/host/cli/client';
import { COUNTY, OFFICER, type BenchGateway } from './bench-county.ts';
import { startEngines, type BenchEngines } from './bench-engines.ts';
import type { Durable } from './house-process.ts';
import { Measured, now } from './process-talk.ts';

export interface Raised {
  alertId: string;
  /** ms from the button to each report durable, in order. */
  waits: number[];
  /** ms from the button until the officer's figures show all of them. */
  shownMs: number;
}

export interface Connected {
  begun: number;
  connected: number;
  right: number;
  /** How often a gateway had to ask a second time. */
  askedAgain: number;
}

interface Parts {
  url: string;
  mqttPort: number;
  process: Measured;
  simulator: Measured;
  engines: BenchEngines | undefined;
  dir: string;
  gateways: BenchGateway[];
}

interface Opened {
  mqttPort: number;
  gateways: BenchGateway[];
  accounts: string | undefined;
}

export class BenchHouse {
  readonly url: string;
  readonly process: Measured;
  readonly simulator: Measured;
  readonly #dir: string;
  readonly #engines: BenchEngines | undefined;
  readonly gateways: readonly BenchGateway[];
  readonly mqttPort: number;
  readonly #client: Client;

  private constructor(given: Parts) {
    this.url = given.url;
    this.process = given.process;
    this.simulator = given.simulator;
    this.#dir = given.dir;
    this.#engines = given.engines;
    this.gateways = given.gateways;
    this.mqttPort = given.mqttPort;
    this.#client = new Client(given.url);
  }

  /** With so many gateways, and members in their groups, written down; none connected yet. */
  static async open(count: number, profile: 'embedded' | 'clustered', members = 0): Promise<BenchHouse> {
    const dir = mkdtempSync(join(tmpdir(), 'laba-bench-'));
    const engines = profile === 'clustered' ? await startEngines() : undefined;
    const process = new Measured('house-process.ts', ['--expose-gc']);
    const { mqttPort, gateways, accounts } = await process.ask<Opened>({ do: 'open', dataDir: dir, gateways: count, members, engines: engines?.addresses });
    await engines?.startBroker(accounts ?? '');
    const { url } = await process.ask<{ url: string }>({ do: 'start' });
    const simulator = new Measured('gateway-simulator.ts');
    const opened = new BenchHouse({ url, mqttPort: engines?.mqttPort ?? mqttPort, process, simulator, engines, dir, gateways });
    await opened.#client.signIn(OFFICER.username, OFFICER.password);
    return opened;
  }

  /** Every gateway connects, says hello and is answered. */
  connect(): Promise<Connected> {
    return this.simulator.ask({ do: 'connect', port: this.mqttPort, county: COUNTY, gateways: this.gateways, greets: true });
  }

  /** Every line breaks, and everybody comes back at once. */
  reconnect(): Promise<Connected> {
    return this.simulator.ask({ do: 'reconnect' });
  }

  /** A path test of the whole county: every device must have stored the command; nothing sounds. */
  async raise(): Promise<Raised> {
    const body = { mode: 'test', kind: 'order', order: 'move-now', areaCodes: [COUNTY], eventCode: '11D00', durationMinutes: 120 };
    const { id } = await this.#client.post<{ id: string }>('/api/v1/alerts', body);
    const durable = this.process.ask<Durable>({ do: 'expect', reports: this.gateways.length });
    const begun = now();
    await this.#client.post(`/api/v1/alerts/${id}/raise`);
    const { times } = await durable;
    await this.#untilShown(id);
    const shownMs = now() - begun;
    return { alertId: id, waits: times.map((time) => time - begun), shownMs };
  }

  /** How late the house's own loop came since this was asked last, ms. */
  lag(): Promise<{ p99: number; max: number }> {
    return this.process.ask({ do: 'lag' });
  }

  /** What a request of the officer's browser carries. */
  async signIn(): Promise<Record<string, string>> {
    const answer = await fetch(`${this.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(OFFICER),
    });
    const { csrfToken } = (await answer.json()) as { csrfToken: string };
    const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
    return { cookie: cookies.join('; '), 'x-csrf-token': csrfToken };
  }

  async end(alertId: string): Promise<void> {
    await this.#client.post(`/api/v1/alerts/${alertId}/cancel`, { reason: 'bench' });
  }

  async #untilShown(alertId: string): Promise<void> {
    for (;;) {
      const { totals } = await this.#client.get<{ totals: { speakers: { states: Record<string, number> } } }>(`/api/v1/alerts/${alertId}/coverage`);
      if ((totals.speakers.states['received'] ?? 0) >= this.gateways.length) return;
    }
  }

  async close(): Promise<void> {
    await this.simulator.end();
    await this.process.ask({ do: 'stop' }).catch(() => undefined);
    await this.process.end();
    await this.#engines?.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
