// The line to the county: will, hello, snapshot, numbered reports.
import { describe, expect, it } from 'vitest';
import { gatewayStateSchema, HEARTBEAT_MS, topics } from '@laba/domain/gateway-protocol';
import { makeIds } from '@laba/domain/ids';
import { SqliteDatabase } from '@laba/storage/sqlite';
import { Journal } from './journal.ts';
import { Spool } from './spool-store.ts';
import * as migrationSource from './spool-migration-source.ts';
import { SPOOL, spoolTables } from './spool-tables.ts';
import { COUNTY, GROUP, START_MS, spoolFile, Village } from './village.test-kit.ts';

const iso = (ms: number) => new Date(ms).toISOString();

describe('the line', () => {
  it('carries a last will, a state and a hello on every connect', async () => {
    const v = await new Village().start();
    const { will, clientId, username } = v.line.connection!;
    expect(will!.topic).toBe(topics.gatewayState(COUNTY, 'gw-1'));
    expect(gatewayStateSchema.parse(JSON.parse(will!.payload))).toMatchObject({ state: 'lost', bootCounter: 1 });
    expect([clientId, username]).toEqual(['gw-1', 'gw-1']);
    v.line.up(false);
    v.line.up(true);
    await v.clock.settle();
    expect(v.line.states.map((s) => s.state)).toEqual(['online', 'online']);
    expect(new Set(v.line.hellos.map((h) => h.nonce)).size).toBe(2);
  });

  it('has a heartbeat, and speaks up when the player falls ill', async () => {
    const v = await new Village().start();
    await v.advance(3 * HEARTBEAT_MS);
    expect(v.line.states.length).toBe(4);
    v.player.dead = 'unplugged';
    await v.advance(HEARTBEAT_MS);
    expect(v.line.states.at(-1)!.speakers[0]).toMatchObject({ player: 'failed', reason: 'unplugged' });
  });

  it('asks again until it is answered', async () => {
    const v = await new Village({ answers: false }).start();
    await v.advance(12_000);
    expect(v.line.hellos.length).toBe(3);
    v.answer(v.line.hellos.at(-1)!);
    await v.advance(60_000);
    expect(v.line.hellos.length).toBe(3);
  });

  it('asks when the county has sent something it did not see', async () => {
    const v = await new Village().start();
    v.snapshot = { commands: [v.wire({ seq: 40, playTimes: 1 })], highestSeq: 40 };
    v.held(0, { highestSeq: 40 });
    await v.clock.settle();
    expect(v.line.hellos.length).toBe(2);
    expect(v.said()).toEqual(['received', 'playing 1']);
    v.held(0, { highestSeq: 40 });
    await v.clock.settle();
    expect(v.line.hellos.length).toBe(2);
  });

  it('shows what is asked for at once, and what is asked for again only after a minute: no talk without end', async () => {
    const v = await new Village().start();
    const wire = v.wire({ seq: 40 });
    await v.hears(wire);
    v.snapshot = { highestSeq: 40, unknown: [{ alertId: 'alert-1', revision: 1 }] };
    v.line.up(false);
    v.line.up(true);
    await v.clock.settle(200);
    const since = () => v.line.hellos.slice(1).map(({ commands }) => commands?.length ?? 0);
    expect(since(), 'asked on connecting, then shown once').toEqual([0, 1]);
    v.held(0, { highestSeq: 40 });
    await v.advance(30_000);
    expect(since(), 'it did not help').toEqual([0, 1]);
    await v.advance(31_000);
    v.held(0, { highestSeq: 40 });
    await v.clock.settle(200);
    expect(since()).toEqual([0, 1, 1]);
  });

  it('tells a county that knows less than it does what it knows: with every word while something is in force here, and else once for each time that it was set back', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ seq: 40 }));
    const asked = v.line.hellos.length;
    const toldAfter = async (highestSeq: number) => {
      v.held(0, { highestSeq });
      await v.clock.settle();
      return v.line.hellos.length - asked;
    };
    expect([await toldAfter(12), await toldAfter(12), await toldAfter(40)]).toEqual([1, 2, 2]);
    expect(v.line.hellos.at(-1)).toMatchObject({ highestSeq: 40, inForce: [{}] });
    await v.hears(v.wire({ seq: 41, action: 'stop' }));
    expect([await toldAfter(12), await toldAfter(12), await toldAfter(41), await toldAfter(12), await toldAfter(7)]).toEqual([3, 3, 3, 4, 5]);
  });
});

describe('a snapshot', () => {
  it('brings what was raised and what was over while the line was down', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ alertId: 'old' }));
    v.line.up(false);
    v.snapshot = {
      commands: [v.wire({ alertId: 'new', playTimes: 1 })],
      tombstones: [{ alertId: 'old', revision: 1, reason: 'ended', until: iso(START_MS + 3_600_000) }],
    };
    v.line.up(true);
    await v.clock.settle();
    await v.advance(2_000);
    expect(v.said()).toContain('old stopped 1 ended');
    expect(v.player.starts.at(-1)!.alertId).toBe('new');
    await v.hears(v.wire({ alertId: 'old' }));
    expect(v.said().at(-1)).toBe('old refused ended');
  });

  it('does not make it complain about what is not for it, and is harmless when it comes again', async () => {
    const v = new Village();
    v.snapshot = { commands: [v.wire({ alertId: 'else', scope: ['533324101'], areaCode: ['533324101'] }), v.wire({ playTimes: 1 })] };
    await v.start();
    v.line.up(false);
    v.line.up(true);
    await v.advance(10_000);
    expect(v.said()).toEqual(['received', 'playing 1', 'played 1']);
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it('carries forged bytes in vain', async () => {
    const v = new Village();
    v.snapshot = { commands: ['a.b.c', new Village().wire()] };
    await v.start();
    expect(v.player.starts).toEqual([]);
  });
});

describe('reports', () => {
  it('are numbered from 1 without gaps, and sent again until the county holds them', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ playTimes: 1 }));
    await v.advance(11_000);
    expect([...new Set(v.line.reports.map((r) => r.number))]).toEqual([1, 2, 3]);
    const sent = v.line.reports.length;
    await v.advance(6_000);
    expect(v.line.reports.slice(sent).map((r) => r.number)).toEqual([1, 2, 3]);
    v.held(2);
    await v.advance(6_000);
    expect(v.line.reports.at(-1)!.number).toBe(3);
    expect(v.gateway.reportsWaiting).toBe(1);
    v.held(3);
    await v.clock.settle();
    const quiet = v.line.reports.length;
    await v.advance(30_000);
    expect(v.line.reports.length).toBe(quiet);
  });

  it('are said again at once on a new connection, and are not given up for another journal', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ playTimes: 1 }));
    v.held(2, { journalId: 'another' });
    await v.clock.settle();
    const before = v.line.reports.length;
    v.line.up(false);
    v.line.up(true);
    await v.clock.settle();
    expect(v.line.reports.slice(before).map((r) => r.number)).toEqual([1, 2]);
  });

  it('written while the line was down are sent when it is up, also after a restart, fifty at most at once', async () => {
    const file = spoolFile();
    const first = await new Village({ file }).start();
    await first.hears(first.wire({ intervalSeconds: 1, endTime: iso(START_MS + 3_600_000) }));
    first.line.up(false);
    await first.advance(30 * 60_000);
    await first.db.close();
    const journal = first.line.batches[0]!.journalId;
    const v = await new Village({ file, signers: first.signers, startMs: START_MS + 2 * 3_600_000 }).start();
    await v.clock.settle(60);
    const numbers = v.line.batches.flatMap((batch) => batch.numbers);
    expect(numbers.length).toBeGreaterThan(300);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    expect(Math.max(...v.line.batches.map((batch) => batch.numbers.length))).toBe(50);
    expect(new Set(v.line.batches.map((batch) => batch.journalId))).toEqual(new Set([journal]));
  });

  it('held by the county beyond what this spool ever wrote start a new journal: the spool is an older copy', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ playTimes: 1 }));
    const { journalId } = v.line.batches[0]!;
    v.held(500, { journalId });
    await v.advance(6_000);
    const last = v.line.batches.at(-1)!;
    expect(last.journalId).not.toBe(journalId);
    expect(last.numbers).toEqual([1, 2]);
  });

  it('that do not fit are shed, those of alerts in force last, and the numbers stay without gaps', async () => {
    const db = SqliteDatabase.open(':memory:', SPOOL);
    const spool = new Spool(db, 'gw-9');
    const journal = new Journal(
      spool,
      makeIds(
        () => START_MS,
        () => new Uint8Array(16),
      ),
      () => 0,
      100,
    );
    const first = await spool.boot('j-1');
    journal.open(first);
    journal.activeAlerts = () => new Set(['live']);
    const report = (alertId: string, repeat: number) => ({
      commandId: 'c',
      alertId,
      revision: 1,
      purpose: 'alert' as const,
      speakerId: 'p',
      state: 'played' as const,
      repeat,
    });
    await Promise.all(Array.from({ length: 101 }, (_, i) => journal.write([report(i < 50 ? 'live' : 'over', i)])));
    const kept = await spool.reportsAfter(0, 1_000);
    expect(kept.map((row) => row.number)).toEqual(kept.map((_, i) => i + 1));
    expect(kept.filter((row) => row.report.alertId === 'live').length).toBe(50);
    expect(kept.length).toBe(90);
    expect(journal.waiting).toBe(90);
    expect(journal.journalId).not.toBe('j-1');
  });
});

describe('the spool', () => {
  it('has every table in its migrations', () => {
    expect(Object.keys(migrationSource).sort()).toEqual(Object.keys(spoolTables).sort());
  });

  it('forgets only what the signed floor has passed', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ exp: START_MS / 1000 + 60, playTimes: 1 }));
    await v.hears(v.wire({ alertId: 'b', action: 'stop', stopReason: 'ended', scope: [GROUP] }));
    const spool = new Spool(v.db, 'gw-1');
    await spool.prune(START_MS);
    expect((await v.db.read((q, t) => q.select().from(t.spoolSeen))).length).toBe(2);
    await spool.prune(START_MS + 10 * 86_400_000);
    expect(await v.db.read((q, t) => q.select().from(t.spoolSeen))).toEqual([]);
    expect(await v.db.read((q, t) => q.select().from(t.spoolTombstone))).toEqual([]);
  });

  it('keeps its floor of time and its highest number: neither goes back', async () => {
    const db = SqliteDatabase.open(':memory:', SPOOL);
    const spool = new Spool(db, 'gw-9');
    await spool.boot('j');
    await spool.commit([spool.raise({ floorMs: 500, highestSeq: 7 })]);
    await spool.commit([spool.raise({ floorMs: 400, highestSeq: 6 })]);
    expect(await spool.boot('other')).toMatchObject({ floorMs: 500, highestSeq: 7, bootCounter: 2, journalId: 'j' });
  });

  it('holds many gateways side by side', async () => {
    const db = SqliteDatabase.open(':memory:', SPOOL);
    const [a, b] = [new Spool(db, 'a'), new Spool(db, 'b')];
    await Promise.all([a.boot('ja'), b.boot('jb')]);
    await a.commit([a.see('c', 1)]);
    expect([await a.isSeen('c'), await b.isSeen('c')]).toEqual([true, false]);
  });
});
