// The village alone, at the centre, with the village's own real house: silent, heard by telephone, back with what it did alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DASUO, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';
import { VillageHouse } from '../harness/village-house.ts';

interface Now {
  houses: { silent: { gridCode: string }[] };
}
interface Status {
  id: string;
  alertId: string | null;
  differences: { what: string; said: number; marked: number }[];
}
interface Alone {
  spells: { backMs: number | null; of: { kind: string }[] }[];
  events: { type: string; isFromThere: boolean; alertId: string | null }[];
}

describe('a village whose own house the county no longer hears', () => {
  let town: Town;
  let village: VillageHouse;
  let dir: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-silent-'));
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

  it('is red, is heard by telephone, and tells its own night in order; what the county believed is known there too', async () => {
    const { api } = await town.officer('duty1');
    await town.clock.pass('3 min');
    expect((await api.get<Now>('/api/v1/now')).houses.silent).toEqual([]);
    village.cut();
    await town.clock.pass('90 s');
    expect((await api.get<Now>('/api/v1/now')).houses.silent.map(({ gridCode }) => gridCode)).toEqual([VILLAGE]);
    const cadre = await village.officer('cadre1', [VILLAGE]);
    const alert = await cadre.orders({ at: [DASUO] });
    await town.clock.pass('3 min');
    const said = await api.post<Status>('/api/v1/statuses', { gridCode: DASUO, lines: ['阿依 卫星', '转移 响了', '2 3 3 0 0'] });
    expect(said).toMatchObject({ alertId: null, differences: [] });
    await town.clock.pass('2 min');
    await village.heal();
    await town.clock.pass('30 s');
    expect((await api.get<Now>('/api/v1/now')).houses.silent).toEqual([]);
    // The order that they gave by themselves has come; what was said of it stands beside it.
    const { statuses } = await api.get<{ statuses: Status[] }>(`/api/v1/statuses?alertId=${alert}`);
    expect(statuses.map(({ id }) => id)).toEqual([said.id]);
    expect(statuses[0]!.differences.map(({ what }) => what)).toEqual(['households', 'persons', 'moved']);
    const { spells, events } = await api.get<Alone>(`/api/v1/alone/${VILLAGE}`);
    expect(spells[0]!.backMs).not.toBeNull();
    expect(spells[0]!.of.map(({ kind }) => kind)).toEqual(['house']);
    const types = events.filter(({ isFromThere }) => isFromThere).map(({ type }) => type);
    const places = ['alert.drafted', 'alert.raised', 'audience.frozen', 'delivery.playing'].map((type) => types.indexOf(type));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(events.findIndex(({ type }) => type === 'status.received')).toBeGreaterThan(events.findIndex(({ type }) => type === 'alert.raised'));
    const known = await village.house.deps.db.read((q, t) => q.select({ id: t.spokenStatus.id, lines: t.spokenStatus.linesCipher }).from(t.spokenStatus));
    expect(known.map(({ id }) => id)).toEqual([said.id]);
    expect(JSON.parse(village.house.deps.vault.decrypt(known[0]!.lines))).toContain('阿依 卫星');
  });
});
