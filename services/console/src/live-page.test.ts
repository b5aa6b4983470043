// Chapter 6, watch: the seam between replay and following, where a gap or a double would hide.
import { expect, it } from 'vitest';
import type { EventView, Told } from './event-view.ts';
import { frame, LivePage, type LiveSource, type Sent } from './live-page.ts';
import { OFFICERS } from './watch.test-kit.ts';

function sent(seq: number): Sent {
  const told: Told = { view: { seq, type: 'site.back', gridCode: '533324', alertId: null } as EventView, codes: ['533324'] };
  return { told, seq, bytes: frame({ event: 'event', id: seq, data: {} }) };
}

function idsOf(page: LivePage): () => number[] {
  let text = '';
  page.on('data', (bytes: Buffer) => { text += bytes.toString(); });
  return () => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('leaves to the replay what is offered while it still reads', async () => {
  let answer: (events: Sent[]) => void = () => {};
  const source: LiveSource = { position: 10, readAfter: () => new Promise((resolve) => { answer = resolve; }) };
  const page = new LivePage(source, OFFICERS.county, 8, undefined);
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
  const page = new LivePage(source, OFFICERS.county, 3, undefined);
  const ids = idsOf(page);
  await turn();
  page.offer([sent(6), sent(7), sent(8)]);
  await turn();
  expect(ids()).toEqual([4, 5, 6, 7, 8]);
});
