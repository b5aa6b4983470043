// Chapter 4, the county's side of its keys: gateways are told the newest book first, and what a revoked key had signed is signed anew.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { topics, type KeyBook, type SignedSnapshot, type TrustedKey } from '@laba/domain/gateway-protocol';
import { newKeyPair, open, signingKey } from '@laba/messaging/envelope';
import { takeApart } from '@laba/messaging/jws';
import { isKeyBook, keyBookProof, openKeyBook, sealKeyBook } from '@laba/messaging/key-book';
import { DEVICE_PASSWORD } from '@laba/runtime/vault';
import { record } from '@laba/storage/events';
import { any } from '@laba/storage/database';
import { COUNTY, GROUP, TestCounty } from './county.test-kit.ts';

const LIVE = `${COUNTY}-live`;
const SECOND = 1_000;
const root = newKeyPair();
let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open();
});
afterEach(() => county.close());

/** What the registry writes: the next book. */
async function newBook(version: number, keys: TrustedKey[] = county.keys): Promise<void> {
  const book: KeyBook = { aud: COUNTY, version, issuedAt: new Date(0).toISOString(), root: { kid: 'root', publicKey: root.publicKey }, keys };
  const wire = sealKeyBook(book, signingKey('root', root.privateKey));
  await county.db.atomically([any((q, t) => q.insert(t.keyBook).values({ version, wire, issuedAtMs: 0 }).returning())]);
}

/** What the registry writes when the live key is revoked: the next one signs. */
async function revokeLive(version: number): Promise<TrustedKey> {
  const pair = newKeyPair();
  const fresh: TrustedKey = { kid: `${LIVE}-2`, alg: 'Ed25519', publicKey: pair.publicKey, scope: COUNTY, modes: ['live'] };
  const old = county.keys.find(({ kid }) => kid === LIVE)!;
  county.keys.splice(county.keys.indexOf(old), 1, fresh);
  const nowMs = county.clock.now();
  const row = { kid: fresh.kid, scope: COUNTY, modes: fresh.modes, publicKey: fresh.publicKey, privateCipher: county.deps.vault.encrypt(pair.privateKey) };
  await newBook(version);
  await county.db.atomically([
    any((q, t) => q.update(t.signingKey).set({ revokedAtMs: nowMs }).where(eq(t.signingKey.kid, LIVE)).returning()),
    any((q, t) =>
      q
        .insert(t.signingKey)
        .values({ ...row, createdAtMs: nowMs })
        .returning(),
    ),
    ...record(county.ids, {
      type: 'keys.revoked',
      atMs: nowMs,
      who: 'officer:o-1',
      via: 'http',
      gridCode: COUNTY,
      subjectId: COUNTY,
      data: { kids: [LIVE], made: [fresh.kid], book: version },
    }),
  ]);
  return old;
}

const wires = (gatewayId: string) =>
  county.mqtt.published.filter(({ topic }) => topic === topics.gatewayCommand(COUNTY, gatewayId)).map(({ payload }) => payload);
const snapshotsIn = (all: readonly string[]) =>
  all
    .filter((wire) => !isKeyBook(wire))
    .map((wire) => county.opened(wire))
    .filter((one): one is SignedSnapshot => one.type === 'snapshot');
const hello = (gatewayId: string, keyBook?: number) =>
  county.mqtt.deliver(topics.gatewayHello(COUNTY, gatewayId), {
    nonce: 'n',
    highestSeq: 0,
    bootCounter: 1,
    journalId: 'j',
    ...(keyBook === undefined ? {} : { keyBook }),
  });
const kidOf = (wire: string) => takeApart(wire)!.kid;

describe('the answer to a hello', () => {
  it('begins with the key book, and proves its version to this gateway for this question', async () => {
    await newBook(3);
    await hello('gw-1', 2);
    const [book, snapshot] = wires('gw-1');
    expect(openKeyBook(book!, [{ kid: 'root', publicKey: root.publicKey }], COUNTY)).toMatchObject({ book: { version: 3 } });
    const password = county.deps.vault.hash(DEVICE_PASSWORD, 'gw-1');
    expect(snapshotsIn([snapshot!])[0]!.body.keyBook).toEqual({ version: 3, proof: keyBookProof(password, 'n', 3) });
  });

  it('repeats no book that the gateway holds, and still proves it', async () => {
    await newBook(3);
    await hello('gw-1', 3);
    expect(wires('gw-1').map(isKeyBook)).toEqual([false]);
    expect(snapshotsIn(wires('gw-1'))[0]!.body.keyBook?.version).toBe(3);
  });

  it('to a box that holds a newer book than this county, which came out of a backup, proves what the county has; the house says so for a minute', async () => {
    await newBook(3);
    const said = () => county.service.degraded?.().filter((line) => line.startsWith('keys:'));
    expect(said()).toEqual([]);
    await hello('gw-1', 5);
    expect(wires('gw-1').map(isKeyBook)).toEqual([false]);
    expect(snapshotsIn(wires('gw-1'))[0]!.body.keyBook?.version).toBe(3);
    expect(said()).toEqual([expect.stringContaining('hold key book 5, this house 3')]);
    county.clock.set(county.clock.now() + 61 * SECOND);
    expect(said()).toEqual([]);
  });

  it('introduces the root by the live key to a box that knows none', async () => {
    await newBook(3);
    await hello('gw-1', 0);
    const live = county.keys.find(({ kid }) => kid === LIVE)!;
    expect(openKeyBook(wires('gw-1')[0]!, [live], COUNTY)).toMatchObject({ book: { version: 3, root: { kid: 'root' } } });
  });

  it('says nothing of books to a device from before them, nor in a county from before them', async () => {
    await hello('gw-2', 4);
    await newBook(3);
    await hello('gw-1');
    for (const id of ['gw-1', 'gw-2']) {
      expect(wires(id).map(isKeyBook)).toEqual([false]);
      expect(snapshotsIn(wires(id))[0]!.body).not.toHaveProperty('keyBook');
    }
  });
});

it('a gateway that is there is told the new book with its next heartbeat, until it says that it holds it', async () => {
  await newBook(1);
  await county.heartbeat('gw-1', { keyBook: 1 });
  await county.heartbeat('gw-2');
  await newBook(2);
  await county.heartbeat('gw-1', { keyBook: 1 });
  await county.heartbeat('gw-1', { keyBook: 1 });
  await county.heartbeat('gw-1', { keyBook: 2 });
  await county.heartbeat('gw-2');
  expect(wires('gw-1').map((wire) => (isKeyBook(wire) ? 'book' : 'held'))).toEqual(['held', 'book', 'held', 'book', 'held', 'held']);
  expect(wires('gw-2').some(isKeyBook)).toBe(false);
});

describe('when a key is revoked', () => {
  it('what it signed and is in force is signed anew with the new key and said again; the words and their number stay', async () => {
    await newBook(1);
    await county.raise();
    await county.clock.advance(2 * SECOND);
    const [before] = county.commandsOn(`area/${COUNTY}/cmd`);
    county.mqtt.published.length = 0;
    const old = await revokeLive(2);
    await county.clock.advance(12 * SECOND);
    const told = county.commandsOn(`area/${COUNTY}/cmd`);
    expect(new Set(told.map(({ commandId }) => commandId)).size).toBe(1);
    const { commandId, ...same } = told[0]!;
    expect({ ...same, commandId: before!.commandId }).toEqual(before);
    expect(commandId).not.toBe(before!.commandId);
    expect((await county.events('command.signed-again')).map(({ subjectId }) => subjectId)).toEqual([commandId]);
    await hello('gw-1', 2);
    const [inForce] = snapshotsIn(wires('gw-1')).at(-1)!.body.commands;
    expect(kidOf(inForce!)).toBe(`${LIVE}-2`);
    expect(open(inForce!, [old], COUNTY)).toEqual({ refused: 'unknown-key' });
    expect(await county.openJobs('dispatch.sign-again')).toEqual([]);
  });

  it('an alert that was made quiet stays quiet, one that is over is not said again, and its stop is', async () => {
    await newBook(1);
    await county.raise({ alertId: 'quiet' });
    await county.raise({ alertId: 'over', areaCodes: [GROUP] });
    await county.clock.advance(2 * SECOND);
    await county.quieten('quiet');
    await county.over('over', 'cancelled');
    await county.clock.advance(2 * SECOND);
    county.mqtt.published.length = 0;
    await revokeLive(2);
    await county.clock.advance(3 * SECOND);
    const said = county
      .commandsOn('/cmd')
      .filter(({ body }) => body.purpose === 'alert')
      .map(({ alertId, seq, body }) => ({ what: `${alertId} ${body.action}`, seq }));
    expect(said.map(({ what }) => what).toSorted()).toEqual(['over stop', 'quiet play', 'quiet quieten']);
    expect(said.at(-1)!.what).toBe('quiet play');
    expect(said.find(({ what }) => what === 'quiet quieten')!.seq).toBeGreaterThan(said.find(({ what }) => what === 'quiet play')!.seq);
  });

  it('a drill that another key signed is left as it is', async () => {
    await newBook(1);
    await county.raise({ mode: 'drill' });
    await county.clock.advance(2 * SECOND);
    await revokeLive(2);
    await county.clock.advance(12 * SECOND);
    expect(await county.events('command.signed-again')).toEqual([]);
  });

  it('a new alert is signed with the new key, and none with one that still waits', async () => {
    await newBook(1);
    await revokeLive(2);
    const { privateKey, publicKey } = newKeyPair();
    const waiting = { kid: `${LIVE}-3`, scope: COUNTY, modes: ['live' as const], publicKey, privateCipher: county.deps.vault.encrypt(privateKey) };
    await county.db.atomically([
      any((q, t) =>
        q
          .insert(t.signingKey)
          .values({ ...waiting, createdAtMs: county.clock.now() + 1, waiting: true })
          .returning(),
      ),
    ]);
    await county.clock.advance(SECOND);
    await county.raise({ alertId: 'new' });
    await county.clock.advance(2 * SECOND);
    const payloads = county.mqtt.published.filter(({ topic }) => topic.includes('/area/')).map(({ payload }) => kidOf(payload));
    expect(new Set(payloads)).toEqual(new Set([`${LIVE}-2`]));
  });

  it('the older key signs when it is the newer one that was revoked', async () => {
    const { privateKey, publicKey } = newKeyPair();
    const row = { kid: `${LIVE}-2`, scope: COUNTY, modes: ['live' as const], publicKey, privateCipher: county.deps.vault.encrypt(privateKey) };
    const times = { createdAtMs: county.clock.now(), revokedAtMs: county.clock.now() };
    await county.db.atomically([
      any((q, t) =>
        q
          .insert(t.signingKey)
          .values({ ...row, ...times })
          .returning(),
      ),
    ]);
    await county.raise();
    await county.clock.advance(2 * SECOND);
    expect(county.commandsOn(`area/${COUNTY}/cmd`)).toHaveLength(1);
  });

  it('what another process signed with it a moment later is found, too', async () => {
    await newBook(1);
    await county.raise();
    await county.clock.advance(2 * SECOND);
    const [row] = await county.db.read((q, t) => q.select().from(t.command));
    await revokeLive(2);
    await county.clock.advance(3 * SECOND);
    await county.db.atomically([any((q, t) => q.update(t.command).set({ id: row!.id, envelope: row!.envelope }).returning())]);
    await county.clock.advance(8 * SECOND);
    expect((await county.events('command.signed-again')).length).toBe(2);
    const [after] = await county.db.read((q, t) => q.select().from(t.command));
    expect(kidOf(after!.envelope)).toBe(`${LIVE}-2`);
  });
});
