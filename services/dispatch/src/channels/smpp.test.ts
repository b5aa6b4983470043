// SMS over SMPP 3.4, against the library's own server as the network: it puts long messages together as a phone does.
import type { AddressInfo } from 'node:net';
import smpp from 'smpp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabaError } from '@laba/domain/errors';
import type { Incoming } from '@laba/runtime/channel';
import { systemClock } from '@laba/runtime/clock';
import { channelContract, outgoing, TIMEOUT_MS, WORDS, type Behaviour, type Peer } from './channel.contract.ts';
import { providersSchema, type SmppSettings } from './provider-settings.ts';
import { smppChannel } from './smpp.ts';

const PHONE = '10000000001';
const STATUS: Partial<Record<Behaviour, number>> = { fails: 0x08, 'is busy': 0x58, refuses: 0x0b };

interface Network extends Peer {
  readonly port: number;
  readonly taken: smpp.PDU[];
  readonly incoming: Incoming[];
  /** What the house does with what comes in. */
  inbox: (incoming: readonly Incoming[]) => Promise<{ taken: number; doubled: number }>;
  /** Something comes from the network to the house; resolves with the status it answers. */
  delivers(fields: Record<string, unknown>): Promise<number>;
}

async function startNetwork(): Promise<Network> {
  let behaviour: Behaviour = 'takes';
  const taken: smpp.PDU[] = [];
  const incoming: Incoming[] = [];
  const server = smpp.createServer((session) => {
    session.on('error', () => session.destroy());
    session.on('bind_transceiver', (pdu: smpp.PDU) => session.send(pdu.response({ command_status: pdu.password === '' ? 0 : 0x0e })));
    session.on('enquire_link', (pdu: smpp.PDU) => session.send(pdu.response()));
    session.on('submit_sm', (pdu: smpp.PDU) => {
      if (behaviour === 'is silent') return;
      const status = STATUS[behaviour] ?? 0;
      if (status === 0) taken.push(pdu);
      session.send(pdu.response({ command_status: status, message_id: `n-${taken.length}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const channel = smppChannel(settings(port), systemClock);
  const network: Network = {
    port,
    taken,
    incoming,
    channel,
    to: { phone: PHONE },
    arrived: () => assembled(taken),
    does: (what) => (behaviour = what),
    inbox: async (all) => {
      incoming.push(...all);
      return { taken: all.length, doubled: 0 };
    },
    delivers: (fields) => new Promise((resolve) => server.sessions[0]!.deliver_sm(fields, ({ command_status: status }) => resolve(status))),
    async goesAway() {
      for (const session of [...server.sessions]) session.destroy();
      await new Promise((resolve) => server.close(resolve));
      await vi.waitFor(() => expect(channel.degraded!()).toHaveLength(1));
    },
    async stop() {
      await channel.stop!();
      for (const session of [...server.sessions]) session.destroy();
      server.close();
    },
  };
  await channel.start!((all) => network.inbox(all));
  await vi.waitFor(() => expect(channel.degraded!()).toEqual([]), { timeout: 10_000 });
  return network;
}

const settings = (port: number): SmppSettings =>
  providersSchema.parse({ sms: { kind: 'smpp', host: '127.0.0.1', port, systemId: 'laba', source: '10690000', timeoutMs: TIMEOUT_MS } }).sms as SmppSettings;

/** Whole messages by their reference, as a phone shows them. */
function assembled(pdus: readonly smpp.PDU[]): string[] {
  const parts = new Map<string, string[]>();
  for (const [i, { short_message: given }] of pdus.entries()) {
    const [, , reference, count, number] = given?.udh?.[0] ?? [0, 0, -1 - i, 1, 1];
    const all = parts.get(String(reference)) ?? Array.from<string>({ length: count! }).fill('');
    all[number! - 1] = String(given?.message);
    parts.set(String(reference), all);
  }
  return [...parts.values()].map((all) => all.join(''));
}

channelContract('SMS over SMPP', () => startNetwork());

describe('SMPP', () => {
  let network: Network;
  beforeEach(async () => {
    network = await startNetwork();
  });
  afterEach(() => network.stop());

  it('a long Chinese message goes in parts that no phone shows longer than its screen, and asks for one receipt', async () => {
    expect(await network.channel.send(outgoing({ phone: PHONE }))).toEqual({ outcome: 'sent', providerId: `n-${network.taken.length}` });
    expect(network.taken.length).toBeGreaterThan(1);
    expect(network.taken.map((pdu) => String(pdu.short_message?.message).length).every((units) => units <= 67)).toBe(true);
    expect(network.taken.map((pdu) => pdu.registered_delivery)).toEqual([...network.taken.slice(1).map(() => 0), 1]);
    expect(network.taken.map(({ source_addr: from, destination_addr: to, data_coding: coding }) => [from, to, coding])).toEqual(
      network.taken.map(() => ['10690000', PHONE, 8]),
    );
    expect(assembled(network.taken)[0]).toContain(WORDS);
  });

  it('70 characters are one message, 71 are two, and none is cut through a character', async () => {
    await network.channel.send(outgoing({ phone: PHONE }, { text: '走'.repeat(70), link: undefined as never }));
    expect(network.taken).toHaveLength(1);
    await network.channel.send(outgoing({ phone: PHONE }, { text: `${'走'.repeat(66)}😀走走走`, link: undefined as never }));
    expect(network.taken).toHaveLength(3);
    expect(assembled(network.taken.slice(1))).toEqual([`${'走'.repeat(66)}😀走走走`]);
  });

  it('receipts and replies come back on the same line', async () => {
    const receipt = (stat: string) => ({
      esm_class: 4,
      source_addr: PHONE,
      short_message: `id:n-1 sub:001 dlvrd:001 submit date:2607010300 stat:${stat} err:000`,
    });
    expect(await network.delivers(receipt('DELIVRD'))).toBe(0);
    expect(await network.delivers(receipt('UNDELIV'))).toBe(0);
    expect(await network.delivers(receipt('ENROUTE'))).toBe(0);
    expect(await network.delivers({ source_addr: `86${PHONE}`, data_coding: 8, short_message: '１。😀' })).toBe(0);
    expect(await network.delivers({ source_addr: PHONE, short_message: '' })).toBe(0);
    expect(network.incoming).toEqual([
      { kind: 'receipt', providerId: 'n-1', state: 'delivered' },
      { kind: 'receipt', providerId: 'n-1', state: 'failed' },
      { kind: 'reply', from: `86${PHONE}`, words: '１。😀' },
      { kind: 'reply', from: PHONE, words: '' },
    ]);
  });

  it('what the county could not write down is said again by the network', async () => {
    network.inbox = async () => {
      throw new LabaError('storage-failed');
    };
    expect(await network.delivers({ source_addr: PHONE, short_message: '1' })).toBe(0x64);
  });

  it('a line that breaks is seen, costs nobody his message, and comes back by itself', async () => {
    const other = smppChannel({ ...settings(network.port), passwordFile: undefined }, systemClock);
    expect(other.degraded!()).toHaveLength(1);
    expect(await other.send(outgoing({ phone: PHONE }))).toMatchObject({ outcome: 'failed-for-now', reason: 'provider-away' });
  });
});
