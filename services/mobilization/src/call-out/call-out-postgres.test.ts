// Chapter 5, call-out: on a database with several writers an answer that comes while a step is taken is not written over.
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callOutPolicySchema } from '@laba/domain/call-out';
import { installed } from '@laba/messaging/installed.test-kit';
import { any } from '@laba/storage/database';
import { command, freshPostgres, type FreshDatabase } from '@laba/storage/postgres.test-kit';
import { stepOps } from './call-out-store.ts';

const NOW = 1_782_842_400_000;

describe.skipIf(!installed('pg_dump', 'postgres'))('a step of the call-out', () => {
  let under: FreshDatabase;
  beforeEach(async () => {
    under = await freshPostgres();
    const call = (id: string) => ({ id, alertId: 'a', revision: 1, memberId: `m-${id}`, gridCode: '53332410020001', mode: 'live' as const });
    await under.db.atomically([
      any((q, t) =>
        q
          .insert(t.member)
          .values(['1', '2'].map((id) => ({ id: `m-${id}`, name: '演示成员', phoneCipher: 'sealed', phoneHash: id, skills: [] })))
          .returning({ id: t.member.id }),
      ),
      any((q, t) =>
        q
          .insert(t.call)
          .values(['1', '2'].map((id) => ({ ...call(id), state: 'queued' as const, nextAtMs: NOW, changedAtMs: NOW })))
          .returning({ id: t.call.id }),
      ),
    ]);
  });
  afterEach(() => under.stop());

  const sleeps = async () => {
    const [row] = await under.db.read((q) =>
      q.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(sql`pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`),
    );
    return row!.n > 0;
  };

  it('leaves alone whom another process writes an answer for in the same moment, and takes all others', async () => {
    const answering = command(
      under.url,
      `BEGIN; UPDATE call SET state = 'answered', answer = 'arrived', next_at_ms = NULL, version = version + 1 WHERE id = '1'; SELECT pg_sleep(1); COMMIT`,
    );
    let over = false;
    void answering.then(() => (over = true));
    while (!over && !(await sleeps())) await new Promise((resolve) => setTimeout(resolve, 20));
    const policy = callOutPolicySchema.parse({});
    const round = { alertId: 'a', policy, nowMs: NOW, nextAtMs: NOW + 60_000, notAfterMs: NOW + 3_600_000, urgent: true, limit: 100 };
    await Promise.all([answering, under.db.atomically(stepOps(round))]);
    const calls = await under.db.read((q, t) => q.select().from(t.call).orderBy(t.call.id));
    expect(calls.map(({ state, step, nextAtMs }) => [state, step, nextAtMs])).toEqual([
      ['answered', 0, null],
      ['queued', 2, NOW + 60_000],
    ]);
    expect((await under.db.read((q, t) => q.select().from(t.message))).map(({ subjectId }) => subjectId)).toEqual(['2']);
  });
});
