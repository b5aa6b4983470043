// Chapter 4, speaker: messages wait in order, together, and never without a limit.
import { describe, expect, it } from 'vitest';
import { GatewayInbox, type Taken } from './gateway-inbox.ts';

function inbox(
  handle: (round: Taken<number>[]) => Promise<void>,
  limits: Partial<{ limit: number; limitPerGateway: number; roundsAtOnce: number; round: { gateways: number; size: number; sizePerGateway: number } }> = {},
) {
  const errors: string[] = [];
  const box = new GatewayInbox<number>({
    handle,
    onError: (gatewayIds) => void errors.push(...gatewayIds),
    sizeOf: () => 1,
    limit: 100,
    limitPerGateway: 10,
    round: { gateways: 3, size: 6, sizePerGateway: 4 },
    roundsAtOnce: 2,
    ...limits,
  });
  return { box, errors };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the inbox of gateways', () => {
  it('handles a first message at once and what comes meanwhile together, in order', async () => {
    const handled: number[][] = [];
    const { box } = inbox(async ([first]) => {
      handled.push(first!.messages);
      await turn();
    });
    for (const message of [1, 2, 3]) void box.offer('a', message);
    expect(handled).toEqual([[1]]);
    await box.drain();
    expect(handled).toEqual([[1], [2, 3]]);
    expect(box.size).toBe(0);
  });

  it('never handles one gateway twice at a time, and no more rounds and gateways than allowed', async () => {
    const running = new Set<string>();
    const seen: number[] = [];
    let most = 0;
    const { box } = inbox(async (round) => {
      expect(round.length).toBeLessThanOrEqual(3);
      for (const { gatewayId, messages } of round) {
        expect(running.has(gatewayId)).toBe(false);
        running.add(gatewayId);
        seen.push(...messages);
      }
      most = Math.max(most, running.size);
      await turn();
      for (const { gatewayId } of round) running.delete(gatewayId);
    });
    for (let i = 0; i < 60; i++) void box.offer(`g-${i % 12}`, i);
    await box.drain();
    expect(most).toBeGreaterThan(3);
    expect(most).toBeLessThanOrEqual(6);
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
    for (let g = 0; g < 12; g++) expect(seen.filter((i) => i % 12 === g)).toEqual([0, 1, 2, 3, 4].map((k) => k * 12 + g));
  });

  it('gives one gateway no more of a round than its share, and puts it behind those who wait', async () => {
    const rounds: string[] = [];
    const { box } = inbox(
      async (round) => {
        rounds.push(round.map((one) => `${one.gatewayId}:${one.messages.length}`).join(' '));
        await turn();
      },
      { roundsAtOnce: 1 },
    );
    for (let i = 0; i < 10; i++) void box.offer('loud', i);
    for (const gatewayId of ['b', 'c', 'd']) void box.offer(gatewayId, 1);
    await box.drain();
    expect(rounds).toEqual(['loud:1', 'b:1 c:1 d:1', 'loud:4', 'loud:4', 'loud:1']);
  });

  it('refuses what is too much, of one gateway and of all', async () => {
    const { box } = inbox(turn, { limit: 4, limitPerGateway: 2, roundsAtOnce: 1 });
    const taken = [box.offer('a', 1), box.offer('b', 2), box.offer('b', 3), box.offer('b', 4), box.offer('c', 5), box.offer('d', 6), box.offer('e', 7)];
    expect(taken.map((one) => one !== undefined)).toEqual([true, true, true, false, true, true, false]);
    await box.drain();
    expect(box.offer('e', 8)).toBeDefined();
    await box.drain();
  });

  it('goes on after a round that could not be handled, and lets its senders go', async () => {
    const handled: number[] = [];
    const { box, errors } = inbox(async ([one]) => {
      if (one!.messages.includes(1)) throw new Error('disk full');
      handled.push(...one!.messages);
    });
    await box.offer('a', 1);
    await box.offer('a', 2);
    expect(errors).toEqual(['a']);
    expect(handled).toEqual([2]);
  });

  it('is drained at once when nothing waits', async () => {
    await inbox(turn).box.drain();
  });
});
