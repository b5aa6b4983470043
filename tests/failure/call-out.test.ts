// The county's host dies by SIGKILL in the midst of a call-out of 500: every member is called, no answer is lost, no step is taken twice.
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { join } from 'node:path';
import { tellFault } from '../harness/fault-report.ts';
import { raiseOrder } from '../harness/live-alert.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { PASSWORD, RealTown } from '../harness/real-town.ts';
import { DASUO } from '../harness/small-county.ts';

const MEMBERS = 500;
const START_MS = 120_000;

describe('the host dies in a call-out of 500', () => {
  let town: RealTown;
  let host: ChildProcess;

  beforeAll(async () => {
    town = await new RealTown().layOut();
    await manyMembers(town);
    host = await town.startHost({ death: {} });
  }, START_MS);
  afterAll(() => town.close());

  const messagesOf = (alertId: string) =>
    town.read(async (db) =>
      (
        await db.read((q, t) =>
          q.select({ alertId: t.message.alertId, callId: t.message.subjectId, purpose: t.message.purpose, step: t.message.step }).from(t.message),
        )
      ).filter((one) => one.alertId === alertId && one.purpose === 'call'),
    );
  const callsOf = (alertId: string) => town.read(async (db) => (await db.read((q, t) => q.select().from(t.call))).filter((call) => call.alertId === alertId));

  it.each([2, 3, 5, 8])('after commit %i from the button on', async (n) => {
    const cadre = await new PersistentOfficer(town, 'cadre1', PASSWORD).signIn();
    const died = new Promise((resolve) => host.once('exit', resolve));
    town.decree(host, { afterCommit: n });
    const raised = raiseOrder(cadre);
    await died;
    host = await town.startHost({ death: {} });
    const begun = performance.now();
    const alertId = await raised;
    const reachable = async () => (await callsOf(alertId)).filter((call) => call.reason !== 'no-channel');
    await town.until('every member is called', async () => {
      const calls = await reachable();
      const called = new Set((await messagesOf(alertId)).map((message) => message.callId));
      return calls.length >= MEMBERS && calls.every((call) => called.has(call.id));
    });
    const firstSteps = (await messagesOf(alertId)).filter((message) => message.step <= 3).map((message) => `${message.callId} ${message.step}`);
    expect(new Set(firstSteps).size).toBe(firstSteps.length);

    const [call] = await reachable();
    await (await town.officer('cadre1')).post(`/api/v1/calls/${call!.id}/answer-for`, { answer: 'arrived', means: 'telephone' });
    await town.kill(host);
    host = await town.startHost({ death: {} });
    expect((await callsOf(alertId)).find((one) => one.id === call!.id)).toMatchObject({ answer: 'arrived', state: 'answered' });
    tellFault({
      fault: `host: kill -9 after commit ${n} of a call-out of ${MEMBERS}`,
      profile: 'embedded',
      seen: 'every member called, the answer kept, no step twice',
      recoveryMs: performance.now() - begun,
    });
  });
});

/** Written while nothing runs, as an import would leave them. */
async function manyMembers(town: RealTown): Promise<void> {
  const db = SqliteDatabase.open(join(town.dataDir, 'laba.db'), HOUSE);
  const ids = Array.from({ length: MEMBERS }, (_, i) => `many-${i}`);
  await db.atomically([
    any((q, t) =>
      q
        .insert(t.member)
        .values(ids.map((id) => ({ id, name: `演示${id}`, phoneCipher: 'sealed', phoneHash: id, skills: [] })))
        .returning({ id: t.member.id }),
    ),
    any((q, t) =>
      q
        .insert(t.membership)
        .values(ids.map((memberId) => ({ memberId, gridCode: DASUO })))
        .returning({ id: t.membership.memberId }),
    ),
  ]);
  await db.close();
}
