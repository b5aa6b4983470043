// An old gateway speaks with a new county, and the reverse: what was said on the line in earlier versions, word for word.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freezeBulletin, oldGateways } from '@laba/dispatch/bulletin-delivery-store';
import { COUNTY, TestCounty } from '@laba/dispatch/county.test-kit';
import {
  gatewayHelloSchema,
  gatewayIdentitySchema,
  gatewayStateSchema,
  reportMessageSchema,
  topics,
  type GatewayHello,
  type KeyBook,
  type SignedSnapshot,
  type TrustedKey,
} from '@laba/domain/gateway-protocol';
import { createGateway } from '@laba/gateway/gateway';
import { SPOOL } from '@laba/gateway/spool-tables';
import { Line, RememberingPlayer } from '@laba/gateway/village.test-kit';
import { newKeyPair, open, signingKey } from '@laba/messaging/envelope';
import { isKeyBook, sealKeyBook } from '@laba/messaging/key-book';
import { FakeClock } from '@laba/runtime/fake-clock';
import { silentLog } from '@laba/runtime/log';
import { any } from '@laba/storage/database';
import { SqliteDatabase } from '@laba/storage/sqlite';

interface Recorded {
  atMs: number;
  identity: object;
  hello: GatewayHello;
  state: object;
  /** Absent before there were key books. */
  keyBook?: string;
  snapshot: string;
  held?: string;
  command: string;
  reportMessage: { reports: object[] };
}

const recorded = (name: string) => JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as Recorded;
const VERSIONS = ['before-key-books', 'with-key-books'] as const;

describe.each(VERSIONS)('%s', (name) => {
  it('its identity file, and all that its gateway said, is read today', () => {
    const { identity, hello, state, reportMessage } = recorded(name);
    expect(gatewayIdentitySchema.parse(identity)).toEqual(identity);
    expect(gatewayHelloSchema.parse(hello)).toEqual(hello);
    expect(gatewayStateSchema.parse(state)).toEqual(state);
    expect(reportMessageSchema.parse(reportMessage)).toEqual(reportMessage);
  });

  it('today’s gateway in its county takes the answer, plays the command once and is told what is held', async () => {
    const { atMs, identity, hello, keyBook, snapshot, command, held } = recorded(name);
    const clock = new FakeClock({ startMs: atMs });
    const line = new Line();
    const player = new RememberingPlayer(clock);
    const spool = SqliteDatabase.open(':memory:', SPOOL);
    const voice = { soundFor: async () => ({ sha256: '0'.repeat(64), path: '/dev/null', durationMs: 1_000, hasSiren: false, spoken: [], missing: [] }) };
    // Its question and its journal are called as they were then, so that the recorded answers fit.
    let made = 0;
    const ids = () => (made++ === 0 ? hello.journalId : hello.nonce);
    const gateway = createGateway({
      identity: gatewayIdentitySchema.parse(identity),
      spool,
      player,
      voice,
      clock,
      ids,
      log: silentLog,
      software: 'now',
      connect: () => line,
    });
    await gateway.start();
    line.up(true);
    await clock.settle();
    const hears = async (wire: string) => {
      line.deliver(topics.gatewayCommand(COUNTY, gateway.id), wire);
      await clock.settle();
    };
    for (const wire of keyBook === undefined ? [snapshot, command, command] : [command, keyBook, snapshot, command]) await hears(wire);
    await clock.advance(20_000);
    expect(player.starts.map(({ repeat, outcome }) => [repeat, outcome])).toEqual([[1, 'played']]);
    expect(line.reports.filter(({ state }) => state === 'refused')).toEqual([]);
    if (held !== undefined) {
      const before = gateway.reportsWaiting;
      await clock.advance(10_000);
      await hears(held);
      expect(gateway.reportsWaiting).toBe(before - 1);
    }
    await gateway.stop();
    await spool.close();
  });

  it('its gateway in today’s county is answered in the words that it knows', async () => {
    const then = recorded(name);
    const county = await TestCounty.open();
    await withBook(county, 3);
    await county.mqtt.deliver(topics.gatewayState(COUNTY, 'gw-1'), then.state);
    await county.mqtt.deliver(topics.gatewayHello(COUNTY, 'gw-1'), then.hello);
    await county.raise();
    await county.clock.advance(1_000);
    const told = county.mqtt.published.filter(({ topic }) => topic.endsWith('/gateway/gw-1/cmd')).map(({ payload }) => payload);
    expect(told.some(isKeyBook)).toBe(then.keyBook !== undefined);
    const snapshot = told
      .filter((wire) => !isKeyBook(wire))
      .map((wire) => county.opened(wire))
      .find((one): one is SignedSnapshot => one.type === 'snapshot')!;
    expect(wordsOf(snapshot.body)).toEqual(wordsOf(opened(then, then.snapshot).body));
    const [command] = county.commandsOn(`/area/${COUNTY}/cmd`);
    expect(wordsOf(command!)).toEqual(wordsOf(opened(then, then.command)));
    expect(wordsOf(command!.body)).toEqual(wordsOf(opened(then, then.command).body));
    const reports = then.reportMessage.reports.map((one) => ({ ...one, speakerId: 'sp-1' }));
    await county.mqtt.deliver(topics.gatewayReport(COUNTY, 'gw-1'), { ...then.reportMessage, reports });
    expect(await county.states()).toMatchObject({ 'sp-1': 'played' });
    await county.close();
  });

  it('its gateway knows of no bulletins: today’s county tells it none, and names it', async () => {
    const county = await TestCounty.open();
    await county.mqtt.deliver(topics.gatewayState(COUNTY, 'gw-1'), recorded(name).state);
    await county.heartbeat('gw-2', { can: ['bulletin'] });
    await county.clock.settle();
    await freezeBulletin(county.db, county.ids, 'time-1', [COUNTY], county.clock.now());
    expect(Object.fromEntries((await county.deliveries()).map(({ speakerId, state, reason }) => [speakerId, reason ?? state]))).toEqual({
      'sp-1': 'old-gateway',
      'sp-2': 'queued',
      'sp-2b': 'queued',
      'sp-3': 'never-heard',
    });
    expect((await oldGateways(county.db, [COUNTY])).ids).toEqual(['gw-1']);
    await county.close();
  });
});

function wordsOf(content: object): string[] {
  return Object.keys(content).toSorted();
}

/** As the recorded gateway of that version opened it. */
function opened(then: Recorded, wire: string) {
  const identity = gatewayIdentitySchema.parse(then.identity);
  const result = open(wire, identity.keys, identity.county);
  if ('refused' in result) throw new Error(`The recorded message is refused today: ${result.refused}`);
  return result.payload;
}

async function withBook(county: TestCounty, version: number, keys: TrustedKey[] = county.keys): Promise<void> {
  const { publicKey, privateKey } = newKeyPair();
  const book: KeyBook = { aud: COUNTY, version, issuedAt: new Date(0).toISOString(), root: { kid: 'root', publicKey }, keys };
  const wire = sealKeyBook(book, signingKey('root', privateKey));
  await county.db.atomically([any((q, t) => q.insert(t.keyBook).values({ version, wire, issuedAtMs: 0 }).returning())]);
}
