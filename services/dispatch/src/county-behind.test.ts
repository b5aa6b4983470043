// A county older than its devices hears from them what it does not know; a device's word alone ends and raises nothing.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topics, type GatewayHello } from '@laba/domain/gateway-protocol';
import { newKeyPair, seal, signingKey } from '@laba/messaging/envelope';
import { any } from '@laba/storage/database';
import { COUNTY, GROUP, TestCounty } from './county.test-kit.ts';
import { lastSeq } from './hold-store.ts';

let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open();
});
afterEach(() => county.close());

const hello = async (change: Partial<GatewayHello>) => {
  const said: GatewayHello = { nonce: 'n-1', highestSeq: 0, bootCounter: 1, journalId: 'j-1', ...change };
  await county.mqtt.deliver(topics.gatewayHello(COUNTY, 'gw-1'), said);
  await county.clock.advance(100);
};
const lastSnapshot = () => county.heard('gateway/gw-1/cmd').findLast((one) => one.type === 'snapshot');
/** The county forgets the alert and its command, as an older backup would; returns the bytes that the device still has. */
const raiseAndForget = async () => {
  await county.raise({ areaCodes: [GROUP] });
  await county.clock.advance(1_000);
  const [command] = await county.db.read((q, t) => q.select().from(t.command));
  await county.db.atomically([
    any((q, t) => q.delete(t.command).where(eq(t.command.id, command!.id)).returning({ id: t.command.id })),
    any((q, t) => q.delete(t.alert).where(eq(t.alert.id, command!.alertId)).returning({ id: t.alert.id })),
  ]);
  return command!;
};

describe('a hello that knows more than the county', () => {
  it('what sounds and is unknown is asked for, and the own signed command is taken up once, held', async () => {
    const command = await raiseAndForget();
    const inForce = [{ alertId: command.alertId, revision: 1 }];
    await hello({ inForce });
    expect(lastSnapshot()?.body).toMatchObject({ unknown: inForce });
    await hello({ inForce, commands: [command.envelope], nonce: 'n-2' });
    await hello({ inForce, commands: [command.envelope], nonce: 'n-3' });
    expect(lastSnapshot()?.body).not.toHaveProperty('unknown');
    expect(await county.db.read((q, t) => q.select({ id: t.command.id }).from(t.command))).toEqual([{ id: command.id }]);
    expect(await county.events('command.recovered')).toMatchObject([{ alertId: command.alertId, data: { revision: 1, areaCode: GROUP } }]);
  });

  it('a command that somebody else signed is not taken up', async () => {
    const command = await raiseAndForget();
    const payload = county.opened(command.envelope);
    const forged = seal(payload, signingKey(`${COUNTY}-live`, newKeyPair().privateKey));
    await hello({ inForce: [{ alertId: command.alertId, revision: 1 }], commands: [forged, 'no bytes at all'] });
    expect(await county.db.read((q, t) => q.select().from(t.command))).toEqual([]);
    expect(await county.events('command.recovered')).toEqual([]);
  });

  it('what is over there and raised here is told once, and stays raised', async () => {
    await county.raise({ areaCodes: [GROUP] });
    await county.clock.advance(1_000);
    const [alert] = await county.db.read((q, t) => q.select().from(t.alert));
    const over = [{ alertId: alert!.id, revision: 1, reason: 'cancelled' as const }];
    await hello({ over });
    await hello({ over, nonce: 'n-2' });
    expect(await county.events('alert.over-elsewhere')).toMatchObject([{ alertId: alert!.id, data: { reason: 'cancelled' } }]);
    expect((await county.db.read((q, t) => q.select().from(t.alert)))[0]?.state).toBe('raised');
  });

  it('numbers follow a higher one, but not one that would use them up', async () => {
    await hello({ highestSeq: 5_000 });
    expect(await lastSeq(county.db, COUNTY)).toBe(5_000);
    await hello({ highestSeq: Number.MAX_SAFE_INTEGER, nonce: 'n-2' });
    expect(await lastSeq(county.db, COUNTY)).toBe(5_000);
    expect(await county.events('county.behind')).toMatchObject([{ data: { known: 0, told: 5_000 } }]);
  });

  it('reports that were held once and are lost are named, and the rest is not waited for behind them', async () => {
    await hello({ reportsHeldUpTo: 40 });
    expect(lastSnapshot()?.body).toMatchObject({ reportsHeldUpTo: 40 });
    expect(await county.events('reports.lost')).toMatchObject([{ subjectId: 'gw-1', data: { from: 1, to: 40 } }]);
    await hello({ reportsHeldUpTo: 40, nonce: 'n-2' });
    expect(await county.events('reports.lost')).toHaveLength(1);
  });
});
