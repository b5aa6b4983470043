// The county of the board's bench: 211 activity rooms that report as they play, and 2,000 members who are called and answer.
import type { CallsView } from '@laba/domain/board-view';
import { gatewaySubscriptions, topics, type SignedPayload } from '@laba/domain/gateway-protocol';
import type { Client } from '@laba/host/cli/client';
import type { Deps } from '@laba/runtime/service';
import { any } from '@laba/storage/database';
import { COUNTY, type BenchGateway } from './bench-county.ts';
import { LightLine } from './light-line.ts';

const ROWS = 500;

/** Members of the rooms' own groups, with telephones. */
export async function writeGroupMembers({ db, vault }: Deps, gateways: readonly BenchGateway[], count: number): Promise<void> {
  const phoneCipher = vault.encrypt('13800000001');
  for (let i = 0; i < count; i += ROWS) {
    const some = Array.from({ length: Math.min(ROWS, count - i) }, (_, n) => i + n);
    const members = some.map((n) => ({ id: `m-${n}`, name: `演示成员${n}`, phoneCipher, phoneHash: `h-${n}`, skills: [] }));
    const memberships = some.map((n) => ({ memberId: `m-${n}`, gridCode: gateways[n % gateways.length]!.gridCode }));
    await db.atomically([
      any((q, t) => q.insert(t.member).values(members).returning({ id: t.member.id })),
      any((q, t) => q.insert(t.membership).values(memberships).returning({ id: t.membership.memberId })),
    ]);
  }
}

interface Command {
  commandId: string;
  alertId: string;
  revision: number;
}

/** One room's box: it reports whatever state comes next for it. */
class Room {
  readonly #gateway: BenchGateway;
  readonly #journalId: string;
  #line: LightLine | undefined;
  #command: Command | undefined;
  #told = 0;

  constructor(gateway: BenchGateway, n: number) {
    this.#gateway = gateway;
    this.#journalId = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  }

  async connect(port: number): Promise<void> {
    const { id, gridCode, password, speakerId } = this.#gateway;
    this.#line = await LightLine.open({
      ...{ port, clientId: id, password, topics: gatewaySubscriptions(COUNTY, id, gridCode) },
      onPublish: ({ payload }) => this.#hear(payload as Buffer),
    });
    this.#line.socket.on('error', () => {});
    const state = { state: 'online', bootCounter: 1, journalId: this.#journalId, software: 'bench', clockKnown: true, power: { source: 'mains' } };
    this.#line.publish(topics.gatewayState(COUNTY, id), JSON.stringify({ ...state, speakers: [{ speakerId, player: 'ok' }], reportsWaiting: 0 }), true);
  }

  #hear(bytes: Buffer): void {
    const body = Buffer.from(bytes.toString('latin1').split('.')[1] ?? '', 'base64url');
    const payload = JSON.parse(body.toString('utf8')) as SignedPayload;
    if (payload.type === 'command' && payload.body.action === 'play') this.#command ??= payload;
  }

  /** Received, then playing and played, repeat after repeat. */
  report(): void {
    if (this.#command === undefined) return;
    const repeat = Math.ceil(this.#told / 2);
    const state = this.#told === 0 ? 'received' : this.#told % 2 === 1 ? 'playing' : 'played';
    this.#told += 1;
    const { commandId, alertId, revision } = this.#command;
    const report = { number: this.#told, commandId, alertId, revision, purpose: 'alert', speakerId: this.#gateway.speakerId, state, repeat };
    this.#line?.publish(topics.gatewayReport(COUNTY, this.#gateway.id), JSON.stringify({ journalId: this.#journalId, reports: [report] }));
  }

  close(): void {
    this.#line?.socket.destroy();
  }
}

export class Rooms {
  readonly #rooms: readonly Room[];
  #next = 0;
  reports = 0;

  constructor(gateways: readonly BenchGateway[]) {
    this.#rooms = gateways.map((gateway, n) => new Room(gateway, n));
  }

  async connect(port: number): Promise<void> {
    for (const room of this.#rooms) await room.connect(port);
  }

  /** The next room in turn says what it does now. */
  report(): void {
    this.#rooms[this.#next++ % this.#rooms.length]!.report();
    this.reports += 1;
  }

  close(): void {
    for (const room of this.#rooms) room.close();
  }
}

/** Every call of the alert, once all members were called. */
export async function allCalls(client: Client, alertId: string, count: number): Promise<string[]> {
  for (;;) {
    const ids: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: CallsView = await client.get<CallsView>(`/api/v1/alerts/${alertId}/calls${next === '' ? '' : `?after=${encodeURIComponent(next)}`}`);
      ids.push(...page.calls.map(({ id }) => id));
      next = page.next;
    }
    if (ids.length >= count) return ids;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
