// Chapter 4, speaker: reports of many gateways in one commit; one that cannot be taken never holds up the others.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlayReport } from '@laba/domain/gateway-protocol';
import { any, type Database, type Op } from '@laba/storage/database';
import { TestCounty, VILLAGE } from './county.test-kit.ts';
import { onHeartbeats } from './on-heartbeat.ts';
import { onReports, type GatewayReports } from './on-report.ts';

const GATEWAYS = Array.from({ length: 20 }, (_, i) => ({ id: `g-${i}`, gridCode: VILLAGE, speakers: [`s-${i}`] }));

let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open(GATEWAYS);
  await county.raise();
  await county.clock.advance(500);
});
afterEach(() => county.close());

function reports(i: number, ...said: (Partial<PlayReport> & Pick<PlayReport, 'state'>)[]): GatewayReports {
  const all = said.map((one) => county.nextReport(`g-${i}`, { speakerId: `s-${i}`, ...one }));
  return { gatewayId: `g-${i}`, journalId: 'journal-1', reports: all.map((report) => ({ number: report.number, report })) };
}

/** The house's database, with a hand between the decision and the commit. */
function between(step: (ops: readonly Op[], rows: string) => Promise<void> | void): { db: Database; commits: () => number } {
  let commits = 0;
  const { db } = county;
  return {
    commits: () => commits,
    db: {
      read: (statement, values) => db.read(statement, values),
      atomically: async (ops) => {
        commits += 1;
        await step(ops, JSON.stringify(ops.map((op) => op.values)));
        return db.atomically(ops);
      },
      onCommit: (listener) => db.onCommit(listener),
      close: () => db.close(),
    },
  };
}

const eventsBySpeaker = async (type: string) => (await county.events(type)).map((event) => event.subjectId.split(':').at(-1)).toSorted();

describe('a round of many gateways', () => {
  it('is one commit with one event per report, each gateway held up to its own number', async () => {
    const { db, commits } = between(() => {});
    const round = GATEWAYS.map((_, i) =>
      i % 2 === 0 ? reports(i, { state: 'received' }) : reports(i, { state: 'received' }, { state: 'playing', repeat: 1 }),
    );
    expect(await onReports({ ...county.deps, db }, round)).toEqual([]);
    expect(commits()).toBe(1);
    const states = await county.states();
    for (const i of GATEWAYS.keys()) {
      expect(states[`s-${i}`]).toBe(i % 2 === 0 ? 'received' : 'playing');
      expect(await county.held(`g-${i}`)).toBe(i % 2 === 0 ? 1 : 2);
    }
    expect(await county.events('delivery.received')).toHaveLength(20);
    expect(await county.events('delivery.playing')).toHaveLength(10);
  });

  it('takes a number once that stands in it twice, beside a gap, and tells who repeated himself', async () => {
    const first = reports(1, { state: 'received' });
    const twice = { ...first, reports: [...first.reports, ...first.reports] };
    const gap = reports(2, { state: 'received', number: 3 });
    expect(await onReports(county.deps, [twice, gap, reports(3, { state: 'received' })])).toEqual([]);
    expect(await eventsBySpeaker('delivery.received')).toEqual(['s-1', 's-2', 's-3']);
    expect([await county.held('g-1'), await county.held('g-2'), await county.held('g-3')]).toEqual([1, 0, 1]);
    expect(county.heard('gateway/g-1/cmd')).toMatchObject([{ type: 'held', body: { reportsHeldUpTo: 1 } }]);
    await onReports(county.deps, [reports(2, { state: 'playing', repeat: 1, number: 1 }, { state: 'played', repeat: 1, number: 2 })]);
    expect(await county.held('g-2')).toBe(3);
  });

  it('is decided anew in halves when somebody moved a delivery meanwhile: all are taken, each event once', async () => {
    let moved = false;
    const { db, commits } = between(async () => {
      if (moved) return;
      moved = true;
      await county.db.atomically([
        any((q, t) => q.update(t.delivery).set({ state: 'expired', version: 9 }).where(eq(t.delivery.speakerId, 's-7')).returning({ id: t.delivery.id })),
      ]);
    });
    expect(
      await onReports(
        { ...county.deps, db },
        GATEWAYS.map((_, i) => reports(i, { state: 'received' })),
      ),
    ).toEqual([]);
    expect(commits()).toBe(3);
    const states = await county.states();
    for (const i of GATEWAYS.keys()) expect(states[`s-${i}`]).toBe(i === 7 ? 'expired' : 'received');
    expect(await eventsBySpeaker('delivery.received')).toEqual(GATEWAYS.map((_, i) => `s-${i}`).toSorted());
    expect((await county.events('delivery.received')).find((event) => event.subjectId.endsWith('s-7'))!.data).toMatchObject({ late: true });
  });

  it('names the one gateway that cannot be written, and takes all others', async () => {
    const { db } = between((_, rows) => {
      if (rows.includes('"s-13\\"')) throw new Error('poison');
    });
    const troubles = await onReports(
      { ...county.deps, db },
      GATEWAYS.map((_, i) => reports(i, { state: 'received' })),
    );
    expect(troubles.map((one) => one.gatewayId)).toEqual(['g-13']);
    const states = await county.states();
    for (const i of GATEWAYS.keys()) {
      expect(states[`s-${i}`]).toBe(i === 13 ? 'queued' : 'received');
      expect(await county.held(`g-${i}`)).toBe(i === 13 ? undefined : 1);
    }
    expect(await county.events('delivery.received')).toHaveLength(19);
  });

  it('holds a report that came by another way meanwhile only once', async () => {
    let came = false;
    const round = GATEWAYS.map((_, i) => reports(i, { state: 'received' }));
    const { db } = between(async () => {
      if (came) return;
      came = true;
      await onReports(county.deps, [round[4]!]);
    });
    expect(await onReports({ ...county.deps, db }, round)).toEqual([]);
    expect(await eventsBySpeaker('delivery.received')).toEqual(GATEWAYS.map((_, i) => `s-${i}`).toSorted());
    expect(await county.held('g-4')).toBe(1);
  });

  it('handles the heartbeats of many gateways in one commit, and mends one by one what one of them breaks', async () => {
    const { db, commits } = between(() => {});
    const beats = GATEWAYS.map(({ id }, i) => ({
      gatewayId: id,
      state: county.state(id, { speakers: [{ speakerId: `s-${i}`, player: i === 3 ? 'failed' : 'ok' }] }),
    }));
    expect(await onHeartbeats({ ...county.deps, db }, beats)).toEqual([]);
    expect(commits()).toBe(1);
    expect(await county.events('speaker.failed')).toMatchObject([{ subjectId: 's-3' }]);
    expect(county.heard('gateway/g-19/cmd')).toMatchObject([{ type: 'held', body: { reportsHeldUpTo: 0 } }]);
    const poisoned = between((_, rows) => {
      if (rows.includes('g-5\\"')) throw new Error('poison');
    });
    expect((await onHeartbeats({ ...county.deps, db: poisoned.db }, beats)).map((one) => one.gatewayId)).toEqual(['g-5']);
  });
});
