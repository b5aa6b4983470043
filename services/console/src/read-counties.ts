// Chapter 6, watch, at a prefecture's house: county by county what is on there, and whether the county is heard at all.
import { capTime } from '@laba/domain/cap';
import { isWithin, sharedCodes } from '@laba/domain/grid';
import type { Officer } from '@laba/domain/officer';
import { authorize } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { countPeople, toldPeople } from '@laba/storage/people';
import { countyHouses, currentAlerts, gridNodes, listSites } from './overview-store.ts';
import { judgeSites } from './read-coverage.ts';
import { silentHouses } from './status-overview-store.ts';

/** By code. `heardAt`: null for a county that has no line to this house, or is this house. */
export async function readCounties(deps: Deps, officer: Officer) {
  const { codes } = authorize(officer, 'alert.read', officer.scopes);
  const { db, clock, config } = deps;
  const [nodes, houses, { raised }, siteRows, silent, own, told] = await Promise.all([
    gridNodes(db, codes),
    countyHouses(db, codes),
    currentAlerts(db),
    listSites(db, codes),
    silentHouses(db, codes),
    countPeople(db, codes),
    toldPeople(db, codes),
  ]);
  const asOfMs = clock.now();
  const sites = judgeSites(siteRows, asOfMs);
  const people = [...own, ...told];
  const time = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : capTime(ms, config.utcOffsetMinutes));
  const counties = nodes
    .filter(({ tier }) => tier === 'county')
    .map(({ code, name }) => {
      const here = <T extends { gridCode: string }>(rows: readonly T[]) => rows.filter(({ gridCode }) => isWithin(code, gridCode));
      const sum = (what: 'households' | 'persons' | 'members') => here(people).reduce((all, row) => all + row[what], 0);
      return {
        code,
        name,
        heardAt: time(houses.get(code)),
        silentSince: time(silent.find(({ gridCode }) => gridCode === code)?.sinceMs),
        alerts: raised.filter(({ areaCodes }) => sharedCodes(areaCodes, [code]).length > 0).map(({ id, mode, level, order }) => ({ id, mode, level, order })),
        sites: { total: here(sites).length, silent: here(sites).filter((site) => site.silent).length },
        households: sum('households'),
        persons: sum('persons'),
        members: sum('members'),
      };
    });
  return { asOf: time(asOfMs), asOfMs, counties };
}
