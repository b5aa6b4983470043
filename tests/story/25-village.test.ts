// Any chapter, in a village alone: its own house, its own loudspeakers, and one truth with the county when the line is back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { topics } from '@laba/domain/gateway-protocol';
import { ALL_CLEAR, MOVE_NOW } from '../harness/officer.ts';
import { COUNTY, DASUO, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Site, type Town } from '../harness/town.ts';
import { VillageHouse } from '../harness/village-house.ts';

describe('a village with a house of its own', () => {
  let town: Town;
  let village: VillageHouse;
  let dir: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-village-'));
    town = await openTown();
    village = await new VillageHouse(town, dir).open();
    await village.hang('site-dasuo');
    await village.agree();
  });
  afterEach(async () => {
    await village.close();
    await town.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const dasuo = (): Site => village.sites.get('site-dasuo')!;
  const hears = (words: string) =>
    town.eventually(
      `Dasuo hears '${words}'`,
      async () => {
        await town.clock.pass('1 s');
        return dasuo().pole.heard.some((heard) => heard.words.includes(words));
      },
      10_000,
    );
  const toldAt = async (where: 'county' | 'village', type: string) => {
    const { db } = where === 'county' ? town.house.deps : village.house.deps;
    return db.read((q, t) => q.select({ data: t.event.data }).from(t.event).where(eq(t.event.type, type)));
  };
  const countySees = (alertId: string, state: string) =>
    town.eventually(
      `the county sees that it is ${state}`,
      async () => {
        await town.clock.pass('1 s');
        return (await town.deliveryStates(alertId))[state] === 1;
      },
      10_000,
    );
  const stateAt = async (where: 'county' | 'village', alertId: string) => {
    const { db } = where === 'county' ? town.house.deps : village.house.deps;
    const [row] = await db.read((q, t) => q.select().from(t.alert).where(eq(t.alert.id, alertId)));
    return row?.state;
  };

  it('knows its own ground and nothing of its neighbour', async () => {
    const codes = await village.house.deps.db.read((q, t) => q.select({ code: t.gridNode.code }).from(t.gridNode));
    expect(codes.map(({ code }) => code).sort()).toEqual(['533324', '533324101', VILLAGE, DASUO, '53332410120102'].sort());
    const households = await village.house.deps.db.read((q, t) => q.select({ id: t.household.id }).from(t.household));
    expect(households.map(({ id }) => id).sort()).toEqual(['h-1', 'h-2']);
    const officers = await village.house.deps.db.read((q, t) => q.select().from(t.officer));
    expect(officers).toEqual([]);
    const keys = await village.house.deps.db.read((q, t) => q.select({ scope: t.signingKey.scope }).from(t.signingKey));
    expect(new Set(keys.map(({ scope }) => scope))).toEqual(new Set([VILLAGE]));
  });

  it('sounds what the county orders, and the county sees that it did; the end is heard as well', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await village.agree();
    await hears(MOVE_NOW);
    await countySees(alert, 'playing');
    await (await town.officer('cadre1')).ends(alert);
    await village.agree();
    await hears(ALL_CLEAR);
    expect(await stateAt('village', alert)).toBe('ended');
  });

  it('the line is cut: the village orders, sounds, counts and ends by itself, and both hold one truth when it is back', async () => {
    village.cut();
    await town.clock.pass('2 min');
    expect(await toldAt('village', 'house.alone')).toHaveLength(1);
    const cadre = await village.officer('cadre1', [VILLAGE]);
    const alert = await cadre.orders({ at: [DASUO] });
    await hears(MOVE_NOW);
    await town.clock.pass('5 min');
    const repeats = dasuo().pole.heard.length;
    expect(repeats).toBeGreaterThan(3);
    const counted = await village.house.deps.db.read((q, t) => q.select({ id: t.rollcallPerson.personId }).from(t.rollcallPerson));
    expect(counted.map(({ id }) => id).sort()).toEqual(['p-1', 'p-2', 'p-3']);
    expect(await stateAt('county', alert)).toBeUndefined();
    await cadre.ends(alert);
    await hears(ALL_CLEAR);
    await village.heal();
    expect(await stateAt('county', alert)).toBe('ended');
    expect(await village.differences()).toEqual([]);
    expect(await toldAt('village', 'house.together')).toHaveLength(1);
    // What was over before the county heard of it is not sounded by it.
    for (const pole of ['upper-1', 'office-1', 'across-1'] as const) await town.speaker(pole).neverHeard(MOVE_NOW);
  });

  it('an order of the county goes on when the line is cut in the middle of it; its clocks run in the village, and are given back', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await hears(MOVE_NOW);
    await village.agree();
    village.cut();
    await town.clock.pass('2 min');
    expect(await toldAt('village', 'alert.taken-over')).toHaveLength(1);
    const before = dasuo().pole.heard.length;
    await town.clock.pass('5 min');
    expect(dasuo().pole.heard.length).toBeGreaterThan(before);
    await (await town.officer('cadre1')).ends(alert);
    expect(await stateAt('village', alert)).toBe('raised');
    await village.heal();
    expect(await stateAt('village', alert)).toBe('ended');
    await hears(ALL_CLEAR);
    const ended = dasuo().pole.heard.length;
    await town.clock.pass('5 min');
    expect(
      dasuo()
        .pole.heard.slice(ended)
        .filter(({ words }) => words.includes(MOVE_NOW)),
    ).toEqual([]);
    await village.agree();
    expect(await village.differences()).toEqual([]);
  });

  it('what the county raised is the county’s to change and end: the village says so, and has its own order beside it', async () => {
    const theirs = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await village.agree();
    village.cut();
    await town.clock.pass('2 min');
    const cadre = await village.officer('cadre1', [VILLAGE]);
    const acts = { end: { checkedBy: '演示站长' }, cancel: { reason: '误发' }, quieten: {}, extend: { endTime: '2099-01-01T00:00:00Z' } };
    for (const [act, body] of Object.entries(acts))
      await expect(cadre.api.post(`/api/v1/alerts/${theirs}/${act}`, body)).rejects.toThrow('The house above raised this');
    await cadre.ends(await cadre.orders({ at: [DASUO] }));
    expect(await stateAt('village', theirs)).toBe('raised');
    await hears(MOVE_NOW);
    await village.heal();
    expect(await village.differences()).toEqual([]);
    // The other way round the county decides, and its word counts in the village.
    const ours = await cadre.orders({ at: [DASUO] });
    await village.agree();
    const duty = await town.officer('cadre1');
    await duty.ends(theirs);
    await duty.ends(ours);
    await village.agree();
    expect([await stateAt('village', theirs), await stateAt('village', ours)]).toEqual(['ended', 'ended']);
    await hears(ALL_CLEAR);
  });

  it('both houses change the village’s alert while they do not hear each other: the words of both stand, and one of them sounds', async () => {
    const cadre = await village.officer('cadre1', [VILLAGE]);
    const alert = await cadre.orders({ at: [DASUO], intervalSeconds: 60 });
    await village.agree();
    village.cut();
    await cadre.updates(alert, { at: [DASUO], intervalSeconds: 60, says: '往东边山坡走。' });
    await (await town.officer('cadre1')).updates(alert, { at: [DASUO], intervalSeconds: 60, says: '往西边山坡走。' });
    await hears('往东边山坡走。');
    await village.heal();
    await hears('往西边山坡走。');
    for (const { deps } of [town.house, village.house]) {
      const revisions = await deps.db.read((q, t) =>
        q.select().from(t.alertRevision).where(eq(t.alertRevision.alertId, alert)).orderBy(t.alertRevision.revision),
      );
      expect(revisions.map(({ texts }) => texts[0]!.text)).toEqual([MOVE_NOW, '往东边山坡走。', '往西边山坡走。']);
    }
    const before = dasuo().pole.heard.length;
    await town.clock.pass('3 min');
    const after = dasuo().pole.heard.slice(before);
    expect(after.length).toBeGreaterThan(1);
    expect([...new Set(after.map(({ words }) => words))]).toEqual(['往西边山坡走。']);
    expect(await village.differences()).toEqual([]);
  });

  it('ended at one house while the other changed it: it is over at both, and the loudspeaker is silent', async () => {
    const cadre = await village.officer('cadre1', [VILLAGE]);
    const duty = await town.officer('cadre1');
    const [endedAbove, endedBelow] = [await cadre.orders({ at: [DASUO], intervalSeconds: 60 }), await cadre.orders({ at: [DASUO], intervalSeconds: 60 })];
    await village.agree();
    village.cut();
    await duty.ends(endedAbove);
    await cadre.updates(endedAbove, { at: [DASUO], intervalSeconds: 60, says: '往东边山坡走。' });
    await cadre.ends(endedBelow);
    await duty.updates(endedBelow, { at: [DASUO], intervalSeconds: 60, says: '往西边山坡走。' });
    await hears('往东边山坡走。');
    await village.heal();
    for (const alert of [endedAbove, endedBelow]) expect([await stateAt('county', alert), await stateAt('village', alert)]).toEqual(['ended', 'ended']);
    expect(await dasuo().alertsInForce()).toEqual([]);
    await village.agree();
    // Nor when somebody brings what the county had signed before it knew.
    const signed = await town.house.deps.db.read((q, t) => q.select().from(t.command).where(eq(t.command.alertId, endedBelow)).orderBy(t.command.seq));
    for (const { envelope } of signed.filter(({ action }) => action === 'play'))
      await village.house.deps.mqtt.publish(topics.areaCommand(COUNTY, DASUO), envelope);
    await town.clock.pass('1 min');
    expect(dasuo().pole.heard.some(({ words }) => words.includes('往西边山坡走。'))).toBe(false);
    await village.agree();
    expect(await village.differences()).toEqual([]);
  });

  it('extended by the county while the village, alone, let it run out: it sounds again when the line is back', async () => {
    const duty = await town.officer('cadre1');
    const alert = await duty.orders({ at: [DASUO], minutes: 6, intervalSeconds: 60 });
    await hears(MOVE_NOW);
    await village.agree();
    village.cut();
    await town.clock.pass('2 min');
    await duty.api.post(`/api/v1/alerts/${alert}/extend`, { endTime: new Date(town.clock.now() + 3_600_000).toISOString() });
    await town.clock.pass('5 min');
    expect([await stateAt('county', alert), await stateAt('village', alert)]).toEqual(['raised', 'expired']);
    const before = dasuo().pole.heard.length;
    await village.heal();
    expect([await stateAt('county', alert), await stateAt('village', alert)]).toEqual(['raised', 'raised']);
    await town.clock.pass('2 min');
    expect(dasuo().pole.heard.length).toBeGreaterThan(before);
    expect(await village.differences()).toEqual([]);
  });

  it('a stolen house is told nothing more, nothing of it is taken, and its keys sound no loudspeaker that the county reaches', async () => {
    const { api } = await town.officer('admin');
    const cadre = await village.officer('cadre1', [VILLAGE]);
    await api.post(`/api/v1/houses/${village.id}/revoke`);
    await town.clock.pass('1 min');
    const alert = await cadre.orders({ at: [DASUO] });
    await town.clock.pass('2 min');
    expect(await stateAt('county', alert)).toBeUndefined();
    const { keys } = await api.get<{ keys: { scope: string; state: string }[] }>('/api/v1/keys');
    expect(keys.filter(({ scope }) => scope === VILLAGE).map(({ state }) => state)).toEqual(['revoked', 'revoked']);
  });

  it('a runner carries the letters on a stick, both ways, twice and altered', async () => {
    village.cut();
    const cadre = await village.officer('cadre1', [VILLAGE]);
    const alert = await cadre.orders({ at: [DASUO] });
    await town.clock.pass('2 min');
    const above = (await cadre.api.get<{ houses: { id: string }[] }>('/api/v1/houses')).houses[0]!.id;
    const parcel = await cadre.api.download(`/api/v1/houses/${above}/parcel`);
    const { api } = await town.officer('admin');
    const brings = (bytes: Buffer) => api.upload('/api/v1/parcels', 'application/octet-stream', bytes);
    const altered = Buffer.from(parcel);
    altered[altered.length - 40]! ^= 1;
    await expect(brings(altered)).rejects.toThrow('altered');
    await expect(brings(parcel.subarray(0, parcel.length - 10))).rejects.toThrow('cut off');
    await expect(brings(Buffer.from('holiday photos'))).rejects.toThrow('no parcel');
    await expect(cadre.api.upload('/api/v1/parcels', 'application/octet-stream', parcel)).rejects.toThrow('knows no such house');
    expect(await stateAt('county', alert)).toBeUndefined();
    await brings(parcel);
    await brings(parcel);
    expect(await stateAt('county', alert)).toBe('raised');
    const back = await api.download(`/api/v1/houses/${village.id}/parcel`);
    await cadre.api.upload('/api/v1/parcels', 'application/octet-stream', back);
    expect(await village.differences()).toEqual([]);
    await village.heal();
    expect(await village.differences()).toEqual([]);
  });
});

describe('a village whose first way to the county is gone', () => {
  it('takes the second address by itself', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'laba-village-'));
    const town = await openTown();
    // Nobody listens there.
    const village = await new VillageHouse(town, dir).open(VILLAGE, ['mqtt://127.0.0.1:9']);
    const households = await village.house.deps.db.read((q, t) => q.select({ id: t.household.id }).from(t.household));
    expect(households).toHaveLength(2);
    await village.close();
    await town.close();
    rmSync(dir, { recursive: true, force: true });
  });
});
