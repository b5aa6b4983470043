// What the house asks of any channel, tried against a real peer of its protocol: only what the provider took is sent, and its trouble is named.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import type { Channel, OutgoingMessage, Recipient } from '@laba/runtime/channel';

export type Behaviour = 'takes' | 'fails' | 'is busy' | 'refuses' | 'is silent';

/** A provider that runs in the test, and the channel that speaks to it. */
export interface Peer {
  channel: Channel;
  to: Recipient;
  /** What arrived, as the one whom it is for reads it. */
  arrived(): string[];
  does(what: Behaviour): void;
  /** From now on nobody listens there. */
  goesAway(): Promise<void>;
  stop(): Promise<void>;
}

/** Short, so that silence is found out soon, and long enough for a busy machine. */
export const TIMEOUT_MS = 4_000;

export const WORDS = '立即转移：泥石流来了，往两边山坡高处走，不要回头拿东西。😀 "引号" <b> {phone} & \\ 回复1收到来 2出发 3到位 4来不了。';

export function outgoing(to: Recipient, change: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const link = 'https://laba.example/m/AZYLkHLYcAC0vX0nF4lXsg1a.abcdefghijklmnop';
  return { id: 'm-1', purpose: 'call', mode: 'live', to, title: '集结 立即转移', text: WORDS, link, urgent: true, language: 'zh-CN', ...change };
}

/** Every promise of the port, asked of what `start` brings. */
export function channelContract(name: string, start: () => Promise<Peer>): void {
  describe(`the channel ${name}`, () => {
    let peer: Peer;
    beforeEach(async () => {
      peer = await start();
    });
    afterEach(() => peer.stop());

    it('brings the words whole, with their link, and says that they were taken', async () => {
      expect(await peer.channel.send(outgoing(peer.to))).toMatchObject({ outcome: 'sent' });
      expect(peer.arrived()).toHaveLength(1);
      expect(peer.arrived()[0]).toContain(WORDS);
      expect(peer.arrived()[0]).toContain('https://laba.example/m/AZYLkHLYcAC0vX0nF4lXsg1a.abcdefghijklmnop');
    });

    it('brings as many as are sent at once, each once', async () => {
      const texts = Array.from({ length: 20 }, (_, i) => `第${i}条`);
      const said = await Promise.all(texts.map((text) => peer.channel.send(outgoing(peer.to, { id: text, text }))));
      expect(said.map(({ outcome }) => outcome)).toEqual(texts.map(() => 'sent'));
      expect(peer.arrived()).toHaveLength(20);
      for (const text of texts) expect(peer.arrived().filter((words) => words.includes(text)).length).toBeGreaterThan(0);
    });

    it('a provider that fails has not sent, and is asked again', async () => {
      peer.does('fails');
      expect(await peer.channel.send(outgoing(peer.to))).toMatchObject({ outcome: 'failed-for-now' });
      peer.does('takes');
      expect(await peer.channel.send(outgoing(peer.to))).toMatchObject({ outcome: 'sent' });
    });

    it('a provider that is busy is asked later', async () => {
      peer.does('is busy');
      expect(await peer.channel.send(outgoing(peer.to))).toMatchObject({ outcome: 'failed-for-now', reason: 'provider-busy' });
    });

    it('a provider that refuses is not asked again, so that the next channel is tried', async () => {
      peer.does('refuses');
      expect(await peer.channel.send(outgoing(peer.to))).toMatchObject({ outcome: 'failed-for-good', reason: 'provider-refused' });
    });

    it('a provider that says nothing may have sent it: not again within the interval', async () => {
      peer.does('is silent');
      const said = await peer.channel.send(outgoing(peer.to));
      expect(said).toEqual({ outcome: 'failed-for-now', reason: 'no-answer', afterMs: LIMITS.messageLeaseMs });
    });

    it('a provider that is away was never asked, and no reason holds an address', async () => {
      await peer.goesAway();
      const said = await peer.channel.send(outgoing(peer.to));
      expect(said).toEqual({ outcome: 'failed-for-now', reason: 'provider-away' });
    });
  });
}
