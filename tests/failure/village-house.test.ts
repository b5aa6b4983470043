// What can go wrong at a village's own house: a copied data folder, an old backup, a dead sound card, a revoked key. The officers see it, the village sounds.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { writeLetter } from '@laba/messaging/letter';
import { ownHouse } from '@laba/sharing/own-house';
import { wrapParcel } from '@laba/sharing/parcel';
import { listName } from '@laba/storage/sharing/peers';
import { ALL_CLEAR, MOVE_NOW } from '../harness/officer.ts';
import { DASUO, NEIGHBOUR, VILLAGE } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Site, type Town } from '../harness/town.ts';
import { VillageHouse } from '../harness/village-house.ts';

/** Of a list that is newer than any true one. */
const LATER = 1_000;

interface Now {
  degraded: { words: string[] };
}
interface Houses {
  houses: { id: string; gridCode: string; trouble: string | null }[];
}

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
  const sounds = () => dasuo().pole.heard.length;
  const hears = (words: string, from = 0) =>
    town.eventually(
      `Dasuo hears '${words}'`,
      async () => {
        await town.clock.pass('1 s');
        return dasuo()
          .pole.heard.slice(from)
          .some((heard) => heard.words.includes(words));
      },
      10_000,
    );
  const troubles = async () => (await (await town.officer('duty1')).api.get<Now>('/api/v1/now')).degraded.words;
  const troubleAt = async () => (await (await town.officer('duty1')).api.get<Houses>('/api/v1/houses')).houses.map(({ trouble }) => trouble);
  const stateAt = async (where: 'county' | 'village', alertId: string) => {
    const { db } = where === 'county' ? town.house.deps : village.house.deps;
    const [row] = await db.read((q, t) => q.select({ state: t.alert.state }).from(t.alert).where(eq(t.alert.id, alertId)));
    return row?.state;
  };
  const cadre = () => village.officer('cadre1', [VILLAGE]);

  it('a copied data folder: both houses speak as one, the county’s officers see it, each of the two can sound, and with one left both agree', async () => {
    const before = await cadre();
    const folder = mkdtempSync(join(tmpdir(), 'laba-copy-'));
    cpSync(join(dir, VILLAGE), join(folder, VILLAGE), { recursive: true });
    const copy = new VillageHouse(town, folder);
    await copy.start();
    await copy.house.start();
    await town.eventually(
      'the county knows that they are two',
      async () => {
        await town.clock.pass('5 s');
        return (await troubles()).includes(`below: ${VILLAGE}: two houses speak as one: switch the copy off, or revoke both and enrol one anew`);
      },
      30_000,
    );
    expect(await troubleAt()).toEqual(['two-houses']);
    const alert = await before.orders({ at: [DASUO] });
    await hears(MOVE_NOW);
    await copy.house.stop();
    rmSync(folder, { recursive: true, force: true });
    await town.clock.pass('12 min');
    await village.agree();
    expect(await troubleAt()).toEqual([null]);
    expect(await stateAt('county', alert)).toBe('raised');
    expect(await village.differences()).toEqual([]);
  });

  it('the village’s house comes back out of an old backup: what the county knows of it is told to it again', async () => {
    await village.house.stop();
    cpSync(join(dir, VILLAGE), join(dir, 'backup'), { recursive: true });
    await village.start();
    await village.house.start();
    await town.clock.pass('1 min');
    const alert = await (await cadre()).orders({ at: [DASUO] });
    await village.agree();
    await village.house.stop();
    rmSync(join(dir, VILLAGE), { recursive: true });
    cpSync(join(dir, 'backup'), join(dir, VILLAGE), { recursive: true });
    await village.start();
    await village.house.start();
    expect(await stateAt('village', alert)).toBeUndefined();
    await village.agree();
    expect(await stateAt('village', alert)).toBe('raised');
    expect(await village.differences()).toEqual([]);
  });

  it('the county’s house comes back out of an old backup while the village is ahead: it is told all again, and the village sounds on', async () => {
    const { config } = town.house.deps;
    const county = await town.officer('admin');
    const startsAgain = async (meanwhile: () => void) => {
      const { port } = town.house.broker;
      await town.house.stop();
      meanwhile();
      await town.startHouse(port);
      await county.signIn(PASSWORD);
    };
    await startsAgain(() => cpSync(config.dataDir, join(dir, 'old'), { recursive: true }));
    const officer = await cadre();
    const alert = await officer.orders({ at: [DASUO] });
    await village.agree();
    expect(await stateAt('county', alert)).toBe('raised');
    await startsAgain(() => {
      rmSync(config.dataDir, { recursive: true });
      cpSync(join(dir, 'old'), config.dataDir, { recursive: true });
    });
    expect(await stateAt('county', alert)).toBeUndefined();
    await hears(MOVE_NOW, sounds());
    await village.agree();
    expect(await stateAt('county', alert)).toBe('raised');
    expect((await county.api.get<{ alerts: { id: string }[] }>('/api/v1/alerts')).alerts.map(({ id }) => id)).toContain(alert);
    await officer.ends(alert);
    await hears(ALL_CLEAR);
    await village.agree();
    expect(await stateAt('county', alert)).toBe('ended');
    expect(await village.differences()).toEqual([]);
  });

  it('what the county tells comes cut off, altered, for another node, and older than what is known: the cadre reads it, nothing goes back, the village sounds', async () => {
    const { api } = await town.officer('admin');
    const officer = await cadre();
    const fromAbove = () => api.download(`/api/v1/houses/${village.id}/parcel`);
    const brings = (bytes: Buffer) => officer.api.upload('/api/v1/parcels', 'application/octet-stream', bytes);
    const older = await fromAbove();
    const known = await (await town.officer('cadre1')).orders({ at: [DASUO], order: 'prepare' });
    await village.agree();
    village.cut();
    const letter = await fromAbove();
    const altered = Buffer.from(letter);
    altered[altered.length - 1]! ^= 1;
    const elsewhere = Buffer.from(letter.toString('latin1').replace(village.id, `h-${'x'.repeat(village.id.length - 2)}`), 'latin1');
    for (const [bytes, said, shown] of [
      [letter.subarray(0, -9), 'cut off', undefined],
      [altered, 'altered', 'signature'],
      [elsewhere, 'for another house', 'addressee'],
    ] as const) {
      await expect(brings(bytes)).rejects.toThrow(said);
      if (shown !== undefined) expect((await officer.api.get<Now>('/api/v1/now')).degraded.words).toContain(`above: its last letter was not taken: ${shown}`);
    }
    await brings(older);
    expect(await stateAt('village', known)).toBe('raised');
    const before = sounds();
    const alone = await officer.orders({ at: [DASUO] });
    await hears(MOVE_NOW, before);
    await village.heal();
    expect(await stateAt('county', alone)).toBe('raised');
    expect(await village.differences()).toEqual([]);
  });

  it('a stick with strangers’ events, signed by the village’s own house: they are left out and told by name, and the village sounds', async () => {
    const { api } = await town.officer('admin');
    const own = await ownHouse(village.house.deps);
    const [above] = await village.house.deps.db.read((q, t) => q.select().from(t.peer).where(eq(t.peer.side, 'above')));
    const event = { type: 'house.alone', atMs: town.clock.now(), who: 'system', via: 'job', gridCode: NEIGHBOUR, alertId: null, subjectId: 'h', data: {} };
    const rows = [['event', '["theirs"]', { id: 'theirs', ...event }]];
    const page = { listId: listName(LATER, 'stick'), after: 0, upTo: rows.length, rows, more: false };
    const letter = writeLetter({ page }, { from: own.id, to: above!.id }, own.keys, above!);
    village.cut();
    await api.upload('/api/v1/parcels', 'application/octet-stream', wrapParcel([letter]));
    expect(await troubles()).toContain(`below: ${VILLAGE}: it spoke of rows that are not its own, which were left out: event`);
    expect(await troubleAt()).toEqual(['out-of-scope']);
    expect(await town.house.deps.db.read((q, t) => q.select().from(t.event).where(eq(t.event.id, 'theirs')))).toEqual([]);
    await (await cadre()).orders({ at: [DASUO] });
    await hears(MOVE_NOW);
    await village.heal();
    expect(await village.differences()).toEqual([]);
  });

  it('a dead sound card: the county’s officers see that nothing sounds, and with the card back it does', async () => {
    dasuo().pole.broken = 'no sound card';
    const county = await town.officer('cadre1');
    const alert = await county.orders({ at: [DASUO] });
    await town.eventually(
      'the county sees that it failed',
      async () => {
        await town.clock.pass('10 s');
        return (await town.deliveryStates(alert))['failed'] === 1;
      },
      10_000,
    );
    dasuo().pole.broken = undefined;
    await (await cadre()).orders({ at: [DASUO], order: 'prepare' });
    await hears(MOVE_NOW);
    await village.agree();
    expect(await village.differences()).toEqual([]);
  });

  it('a parcel for another house, one with a stranger’s letters and one of a revoked house are refused, and the village orders on', async () => {
    const { api } = await town.officer('admin');
    const officer = await cadre();
    const { code } = await api.post<{ code: string }>('/api/v1/houses/claim-codes', { gridCode: NEIGHBOUR });
    expect(code).not.toBe('');
    const own = (await officer.api.get<Houses>('/api/v1/houses')).houses[0]!.id;
    const up = await officer.api.download(`/api/v1/houses/${own}/parcel`);
    const down = await api.download(`/api/v1/houses/${village.id}/parcel`);
    const brings = (to: typeof api, bytes: Buffer) => to.upload('/api/v1/parcels', 'application/octet-stream', bytes);
    // Its own letters, brought back to who wrote them.
    await expect(brings(api, down)).rejects.toThrow('knows no such house');
    const stranger = Buffer.from(up.toString('latin1').replace(village.id, `h-${'x'.repeat(village.id.length - 2)}`), 'latin1');
    await expect(brings(api, stranger)).rejects.toThrow('knows no such house');
    const elsewhere = Buffer.from(up.toString('latin1').replace(own, `h-${'x'.repeat(own.length - 2)}`), 'latin1');
    await expect(brings(api, elsewhere)).rejects.toThrow('for another house');
    expect(await troubles()).toContain(`below: ${VILLAGE}: its last letter was not taken: addressee`);
    await api.post(`/api/v1/houses/${village.id}/revoke`);
    await expect(brings(api, up)).rejects.toThrow('speaks with it no more');
    const alert = await officer.orders({ at: [DASUO] });
    await town.clock.pass('2 min');
    expect(await stateAt('village', alert)).toBe('raised');
    expect(await stateAt('county', alert)).toBeUndefined();
  });

  it('its keys are revoked: nothing more is signed with them, its cadre and the county’s officers see it, and new keys sound again', async () => {
    const { api } = await town.officer('admin');
    const keys = async () => (await api.get<{ keys: { kid: string; scope: string; state: string }[] }>('/api/v1/keys')).keys;
    const own = (await keys()).filter(({ scope }) => scope === VILLAGE);
    village.cut();
    for (const { kid } of own) await api.post(`/api/v1/keys/${kid}/revoke`);
    const officer = await cadre();
    // Its own boxes have not heard of it: it sounds as before.
    const alone = await officer.orders({ at: [DASUO] });
    await hears(MOVE_NOW);
    await officer.ends(alone);
    await hears(ALL_CLEAR);
    await village.heal();
    expect((await keys()).filter(({ scope }) => scope === VILLAGE).map(({ state }) => state)).toEqual(['revoked', 'revoked']);
    await town.clock.pass('1 min');
    const before = sounds();
    // Raised, but nobody believes it: both houses say why.
    const mute = await officer.orders({ at: [DASUO] });
    await town.clock.pass('1 min');
    const keyless = `keys: ${VILLAGE} has none, so what its house orders sounds nowhere: ./laba keys new ${VILLAGE}, at the county`;
    expect(await troubles()).toContain(keyless);
    expect((await officer.api.get<Now>('/api/v1/now')).degraded.words).toContain(keyless);
    expect(sounds()).toBe(before);
    await api.post('/api/v1/keys', { scope: VILLAGE });
    await village.agree();
    await hears(MOVE_NOW, before);
    await town.eventually('it sounds at last', async () => (await town.clock.pass('1 s'), (await town.deliveryStates(mute))['playing'] === 1), 10_000);
  });
});
