// The demo county has the story's figures, and an import would find nothing wrong in it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tierOf } from '@laba/domain/grid';
import { NEEDS, POSTS, SKILLS } from '@laba/domain/member';
import { ROLES } from '@laba/domain/officer';
import { csvRows } from './csv-lines.ts';
import { demoCounty } from './demo-county.ts';

const DIVISIONS = readFileSync(new URL('../../../../infra/divisions/533324.csv', import.meta.url), 'utf8');
const county = demoCounty(DIVISIONS, 20200525);
const divisions = csvRows(DIVISIONS);
const groups = csvRows(county.groupsCsv);
const sites = csvRows(county.sitesCsv);
const members = csvRows(county.membersCsv);
const households = csvRows(county.householdsCsv);
const persons = csvRows(county.personsCsv);
const places = csvRows(county.placesCsv);
const points = csvRows(county.hazardPointsCsv);
const nodes = new Set([...divisions, ...groups].map((row) => row['code']));
const list = (cell: string | undefined) => (cell ?? '').split('|').filter(Boolean);
const distinct = (rows: Record<string, string>[], column: string) => new Set(rows.map((row) => row[column])).size;

describe('the demo county', () => {
  it('has the figures of the story', () => {
    expect(groups).toHaveLength(144);
    expect(distinct(groups, 'code')).toBe(144);
    expect(distinct(groups, 'party_branch')).toBe(144);
    expect(distinct(groups, 'parent_code')).toBe(29);
    expect(sites).toHaveLength(211);
    expect(distinct(sites, 'site_id')).toBe(211);
    expect(distinct(sites, 'speaker_id')).toBe(211);
    expect(distinct(members, 'member_id')).toBe(2_000);
  });

  it('has 65 households and 199 persons in Dasuo, under a village of Cikai town, with one room and one speaker', () => {
    const { groupCode, villageCode, siteId, speakerId } = county.dasuo;
    expect(groups.find((row) => row['code'] === groupCode)).toMatchObject({ name: '打所小组', parent_code: villageCode });
    expect(villageCode.startsWith('533324101')).toBe(true);
    const homes = households.filter((row) => row['grid_code'] === groupCode);
    expect(homes).toHaveLength(65);
    const ids = new Set(homes.map((row) => row['household_id']));
    expect(persons.filter((row) => ids.has(row['household_id']))).toHaveLength(199);
    expect(sites.filter((row) => row['grid_code'] === groupCode)).toMatchObject([{ site_id: siteId, speaker_id: speakerId }]);
    expect(county.assumptions.some((line) => line.includes('打所') && line.includes("Dasuo's village"))).toBe(true);
  });

  it('has Dasuo right and every helper at hand whatever the seed', () => {
    for (let seed = 0; seed < 40; seed++) {
      const other = demoCounty(DIVISIONS, seed);
      const ids = new Set(
        csvRows(other.householdsCsv)
          .filter((row) => row['grid_code'] === other.dasuo.groupCode)
          .map((row) => row['household_id']),
      );
      expect(ids.size).toBe(65);
      const theirs = csvRows(other.personsCsv).filter((row) => ids.has(row['household_id']));
      expect(theirs).toHaveLength(199);
      expect(theirs.some((row) => list(row['needs']).includes('bedridden'))).toBe(true);
    }
  });

  it('is the same byte for byte from the same seed, and another from another', () => {
    expect(demoCounty(DIVISIONS, 20200525)).toEqual(county);
    const other = demoCounty(DIVISIONS, 20200526);
    for (const file of ['membersCsv', 'householdsCsv', 'personsCsv'] as const) expect(other[file]).not.toBe(county[file]);
    expect(other.groupsCsv).toBe(county.groupsCsv);
  });

  it('puts every code under its parent and every row on a node there is', () => {
    for (const row of groups) {
      expect(tierOf(row['code']!)).toBe('group');
      expect(row['code']!.startsWith(row['parent_code']!)).toBe(true);
      expect(nodes).toContain(row['parent_code']);
      expect(Intl.getCanonicalLocales(list(row['languages']))).toEqual(list(row['languages']));
      expect(list(row['languages']).length).toBeGreaterThan(0);
    }
    for (const row of [...sites, ...members, ...households, ...places, ...points]) expect(nodes).toContain(row['grid_code']);
    for (const row of [...households]) expect(tierOf(row['grid_code']!)).toBe('group');
  });

  it('knows every post, skill and need, and who is away', () => {
    for (const row of members) {
      if (row['post'] !== '') expect(POSTS).toHaveProperty([row['post']!]);
      for (const skill of list(row['skills'])) expect(SKILLS).toHaveProperty([skill]);
    }
    for (const row of [...households, ...persons]) for (const need of list(row['needs'])) expect(NEEDS).toHaveProperty([need]);
    const away = new Set(members.filter((row) => row['available'] === '0').map((row) => row['member_id'])).size;
    expect(away).toBeGreaterThan(100);
    expect(away).toBeLessThan(400);
    for (const need of Object.keys(NEEDS))
      expect(
        persons.some((row) => list(row['needs']).includes(need)),
        need,
      ).toBe(true);
  });

  it('gives every household with needs a helper of its own group who is at hand, and no other one', () => {
    const present = new Set(members.filter((row) => row['available'] === '1').map((row) => `${row['member_id']} ${row['grid_code']}`));
    for (const row of households) {
      if (row['needs'] === '') expect(row['helper_member_id']).toBe('');
      else expect(present).toContain(`${row['helper_member_id']} ${row['grid_code']}`);
    }
    const homes = new Set(households.map((row) => row['household_id']));
    for (const row of persons) expect(homes).toContain(row['household_id']);
    expect(distinct(households, 'household_id')).toBe(households.length);
    expect(distinct(persons, 'person_id')).toBe(persons.length);
  });

  it('has members in several groups, the same person in every row, and one of Dasuo who moved away', () => {
    const byId = Map.groupBy(members, (row) => row['member_id']);
    const several = [...byId.values()].filter((rows) => rows.length > 1);
    expect(several.length).toBeGreaterThan(20);
    for (const rows of several) {
      expect(new Set(rows.map((row) => `${row['name']} ${row['phone']} ${row['skills']} ${row['available']}`)).size).toBe(1);
      expect(new Set(rows.map((row) => row['grid_code'])).size).toBe(rows.length);
    }
    expect(several.filter((rows) => rows.some((row) => row['grid_code'] === county.dasuo.groupCode && row['available'] === '0'))).toHaveLength(1);
  });

  it('is obviously invented: names say 演示, telephones lie where no network routes, none twice', () => {
    for (const row of [...members, ...places, ...points]) expect(row['name']).toMatch(/^演示/);
    for (const row of households) expect(row['head_name']).toMatch(/^演示/);
    for (const row of persons) expect(row['name']).toMatch(/^演示/);
    const ofMembers = new Map(members.map((row) => [row['member_id'], row['phone']])).values();
    const phones = [...ofMembers, ...[...households, ...places].map((row) => row['phone'])];
    for (const phone of phones) expect(phone).toMatch(/^\+861000000\d{4}$/);
    expect(new Set(phones).size).toBe(phones.length);
  });

  it('has officers of every role inside the county, and places with heads to count', () => {
    expect(new Set(county.officers.map((officer) => officer.role))).toEqual(new Set(ROLES.filter((role) => role !== 'prefecture-officer')));
    for (const officer of county.officers) for (const scope of officer.scopes) expect(nodes).toContain(scope);
    expect(county.officers.find((officer) => officer.username === 'cadre1')?.scopes).toEqual([county.dasuo.villageCode]);
    for (const row of places) expect(Number(row['head_count'])).toBeGreaterThan(0);
  });

  it('names two or three people for every village, and some for every township and the county, nobody twice', () => {
    const rungs = Map.groupBy(csvRows(county.laddersCsv), (row) => row['grid_code']!);
    const nodesOf = (level: string) => divisions.filter((row) => row['level'] === level).map((row) => row['code']!);
    for (const code of nodesOf('village')) expect([2, 3]).toContain(rungs.get(code)?.length);
    for (const code of [...nodesOf('township'), ...nodesOf('county')]) expect(rungs.get(code)).toHaveLength(2);
    const people = [...rungs.values()].flat().map((row) => row['member_id']!);
    expect(new Set(people).size).toBe(people.length);
    for (const id of people) expect(members.some((row) => row['member_id'] === id)).toBe(true);
  });

  it('refuses the divisions of another county', () => {
    expect(() => demoCounty('code,name,parent_code,level\n630123,湟源县,,county\n', 1)).toThrow('533324');
  });
});
