// Chapter 6, watch: the seam between replay and following, where a gap or a double would hide.
import { expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import type { EventView } from '@laba/domain/measures-view';
import { frame } from '@laba/runtime/server-sent';
import type { Told } from './event-view.ts';
import { LivePage, type LiveSource, type Sent } from './live-page.ts';
import { OFFICERS } from './watch.test-kit.ts';

function sent(seq: number): Sent {
  const told: Told = { view: { seq, type: 'site.back', gridCode: '533324', alertId: null } as EventView, codes: ['533324'] };
  return { told, seq, bytes: frame({ event: 'event', id: seq, data: {} }) };
}

function idsOf(page: LivePage): () => number[] {
  let text = '';
  page.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  return () => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('leaves to the replay what is offered while it still reads', async () => {
  let answer: (events: Sent[]) => void = () => {};
  const source: LiveSource = {
    position: 10,
    readAfter: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  };
  const page = new LivePage(source, OFFICERS.county, 8, {});
  const ids = idsOf(page);
  await turn();
  page.offer([sent(11)]);
  answer([sent(9), sent(10), sent(11)]);
  await turn();
  page.offer([sent(12)]);
  await turn();
  expect(ids()).toEqual([9, 10, 11, 12]);
});

it('does not repeat what the replay has read past the feed', async () => {
  const source: LiveSource = { position: 5, readAfter: async () => [sent(4), sent(5), sent(6), sent(7)] };
  const page = new LivePage(source, OFFICERS.county, 3, {});
  const ids = idsOf(page);
  await turn();
  page.offer([sent(6), sent(7), sent(8)]);
  await turn();
  expect(ids()).toEqual([4, 5, 6, 7, 8]);
});

it('reads a burst from the table at its reader’s pace instead of buffering it', async () => {
  const heavy = (seq: number): Sent => ({ ...sent(seq), bytes: frame({ event: 'event', id: seq, data: { x: 'x'.repeat(2_000) } }) });
  const all = Array.from({ length: 1_000 }, (_, i) => heavy(i + 1));
  const source = { position: 0, readAfter: async (seq: number) => all.slice(seq, seq + 100) };
  const page = new LivePage(source, OFFICERS.county, 0, {});
  source.position = 1_000;
  page.offer(all);
  await turn();
  expect(page.readableLength).toBeLessThan(LIMITS.liveBufferedBytes);
  const ids = idsOf(page);
  for (let n = 0; n < 40; n++) await turn();
  expect(ids()).toEqual(all.map((event) => event.seq));
  page.offer([sent(1_001)]);
  await turn();
  expect(ids().at(-1)).toBe(1_001);
});

it('drops a reader who takes nothing, when he is too far behind or four heartbeats have passed', async () => {
  const heavy = (seq: number): Sent => ({ ...sent(seq), bytes: Buffer.alloc(LIMITS.liveBufferedBytes) });
  const source = { position: 0, readAfter: async (seq: number) => [heavy(seq + 1)] };
  const [behind, stalled] = [new LivePage(source, OFFICERS.county, 0, {}), new LivePage(source, OFFICERS.county, 0, {})];
  source.position = 10;
  for (const page of [behind, stalled]) for (let seq = 1; seq <= 3; seq++) page.offer([heavy(seq)]);
  expect([behind.destroyed, stalled.destroyed]).toEqual([false, false]);
  behind.offer([sent(LIMITS.liveReplayEvents + 10)]);
  expect(behind.destroyed).toBe(true);
  for (let n = 0; n < 4; n++) stalled.beat(0);
  expect(stalled.destroyed).toBe(true);
});
