// Chapter 2, alert: a drill gives way to what is real, on its own ground only, whichever of the two was first.
import { expect, it } from 'vitest';
import type { Job } from '@laba/storage/jobs';
import {
  act,
  cadre,
  draft,
  duty1,
  events,
  GROUP,
  headOf,
  inAlertRoom,
  OTHER,
  order,
  raised,
  room,
  TOWNSHIP,
  VILLAGE,
  withRelay,
} from './alert-room.test-kit.ts';

inAlertRoom();

const drill = (areaCodes: string[]) => order({ mode: 'drill', areaCodes });
const settled = () => room.deps.clock.advance(2_000);

it.each([
  ['wider', [TOWNSHIP]],
  ['the same', [GROUP]],
])('a drill on %s ground ends when a live alert is raised, one elsewhere goes on', async (_how, areaCodes) => {
  await withRelay(async () => {
    const [here, elsewhere] = [await raised(duty1, drill(areaCodes)), await raised(duty1, drill([OTHER]))];
    const live = await raised(cadre, order());
    await settled();
    expect(await headOf(here.id)).toMatchObject({ state: 'expired', overBy: 'system', overReason: expect.stringContaining('实警') as string });
    expect((await headOf(elsewhere.id)).state).toBe('raised');
    expect((await events('alert.expired')).map(({ subjectId, data }) => [subjectId, data])).toEqual([
      [here.id, { revision: 1, mode: 'drill', reason: 'overtaken', overtakenBy: live.id, unreached: 0 }],
    ]);
  });
});

it('an update that widens a live alert over a drill ends it; a test ends none', async () => {
  await withRelay(async () => {
    const { id } = await raised(duty1, drill([OTHER]));
    await raised(duty1, order({ mode: 'test', areaCodes: [OTHER] }));
    const live = await raised(duty1, order());
    await settled();
    expect((await headOf(id)).state).toBe('raised');
    await act(duty1, live.id, 'update', order({ areaCodes: [GROUP, OTHER] }));
    await settled();
    expect((await headOf(id)).state).toBe('expired');
  });
});

it('a drill cannot begin on a live alert’s ground, and its draft says why; raised in the same moment it gives way', async () => {
  const waiting = await draft(duty1, drill([VILLAGE]));
  const both = await raised(duty1, drill([VILLAGE]));
  await raised(cadre, order());
  expect((await act(duty1, waiting.id, 'raise')).body).toMatchObject({ code: 'live-goes-on', why: { zh: '这里正在发布实警，演练不能开始' } });
  // Nothing has run yet. Should the live alert's job have missed it, the drill's own sees both.
  const [event] = (await events('alert.raised')).filter(({ subjectId }) => subjectId === both.id);
  const job = { id: 'job', dueAtMs: 0, attempts: 0, event } as unknown as Job;
  const { ops = [] } = await room.service.consumers!['alerting.end-drills']!(job);
  await room.deps.db.atomically(ops);
  expect((await headOf(both.id)).state).toBe('expired');
  await withRelay(settled);
  expect(await events('alert.expired')).toHaveLength(1);
});
