// Chapter 4, speaker: messages wait in order, together, and never without a limit.
import { describe, expect, it } from 'vitest';
import { GatewayInbox } from './gateway-inbox.ts';

function inbox(
  handle: (gatewayId: string, messages: number[]) => Promise<void>,
  limits: Partial<{ limit: number; limitPerGateway: number; concurrency: number }> = {},
) {
  const errors: string[] = [];
  const box = new GatewayInbox<number>({
    handle,
    onError: (gatewayId) => void errors.push(gatewayId),
    limit: 100,
    limitPerGateway: 10,
    concurrency: 2,
    ...limits,
  });
  return { box, errors };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the inbox of gateways', () => {
  it('handles a first message at once and what comes meanwhile together, in order', async () => {
    const handled: number[][] = [];
    const { box } = inbox(async (_, messages) => {
      handled.push(messages);
      await turn();
    });
    for (const message of [1, 2, 3]) void box.offer('a', message);
    expect(handled).toEqual([[1]]);
    await box.drain();
    expect(handled).toEqual([[1], [2, 3]]);
    expect(box.size).toBe(0);
  });

  it('never handles one gateway twice at a time, and no more gateways than allowed', async () => {
    const running = new Set<string>();
    let most = 0;
    const { box } = inbox(async (gatewayId) => {
      expect(running.has(gatewayId)).toBe(false);
      running.add(gatewayId);
      most = Math.max(most, running.size);
      await turn();
      running.delete(gatewayId);
    });
    for (let i = 0; i < 30; i++) void box.offer(`g-${i % 6}`, i);
    await box.drain();
    expect(most).toBe(2);
  });

  it('refuses what is too much, of one gateway and of all', async () => {
    const { box } = inbox(turn, { limit: 4, limitPerGateway: 2, concurrency: 1 });
    const taken = [box.offer('a', 1), box.offer('b', 2), box.offer('b', 3), box.offer('b', 4), box.offer('c', 5), box.offer('d', 6), box.offer('e', 7)];
    expect(taken.map((one) => one !== undefined)).toEqual([true, true, true, false, true, true, false]);
    await box.drain();
    expect(box.offer('e', 8)).toBeDefined();
    await box.drain();
  });

  it('goes on after a message that could not be handled, and lets its sender go', async () => {
    const handled: number[] = [];
    const { box, errors } = inbox(async (_, messages) => {
      if (messages.includes(1)) throw new Error('disk full');
      handled.push(...messages);
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
