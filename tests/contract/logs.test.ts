// A whole story's logs, every level, read for people: there are ids of requests, jobs and alerts, and nobody's name, phone or words.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLog } from '@laba/runtime/log';
import { MOVE_NOW } from '../harness/officer.ts';
import { DASUO, GROUPS_CSV, HOUSEHOLDS_CSV, MEMBERS_CSV, OFFICERS, PERSONS_CSV, PLACES_CSV } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';

interface Line {
  level: number;
  msg: string;
  [fact: string]: unknown;
}

/** Whatever the small county knows of its people: names and numbers. */
function personal(): string[] {
  const rows = [MEMBERS_CSV, HOUSEHOLDS_CSV, PERSONS_CSV, PLACES_CSV].flatMap((csv) => csv.trim().split('\n').slice(1));
  const fields = rows.flatMap((row) => row.split(',')).filter((field) => /^\+86|[\u4e00-\u9fff]/.test(field));
  return [...new Set([...fields, ...fields.filter((field) => field.startsWith('+86')).map((field) => field.slice(3)), ...OFFICERS.map(({ name }) => name)])];
}

describe('the logs of a story', () => {
  let town: Town;
  let text = '';
  let lines: Line[];
  let alertId: string;

  beforeAll(async () => {
    town = await openTown(
      'night',
      openLog('trace', false, (line) => void (text += line)),
    );
    const cadre = await town.officer('cadre1');
    alertId = await cadre.orders({ at: [DASUO] });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await town.clock.pass('2 min');
    await cadre.cancels(alertId);
    await town.clock.pass('5 min');
    const url = town.house.url();
    await fetch(`${url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"username":"演示户一","password":"+8610000000011"}',
    });
    await fetch(`${url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': '演示'.length + '-from-the-proxy' },
      body: '{',
    });
    await fetch(`${url}/no/such/${encodeURIComponent('演示户一')}?phone=+8610000000011`);
    town.house.deps.log.error(
      { err: Object.assign(new Error('Failed query: insert\nparams: 演示户一,+8610000000011'), { detail: 'row (演示户一)' }) },
      'planted',
    );
    lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  });
  afterAll(() => town.close());

  test('hold no name, no number, no password and no token', () => {
    expect(personal().length).toBeGreaterThan(25);
    expect(lines.length).toBeGreaterThan(20);
    expect(text).toContain('Failed query: insert');
    for (const word of [...personal(), PASSWORD, MOVE_NOW, GROUPS_CSV.split('\n')[1]!.split(',')[1]!]) expect(text).not.toContain(word);
    expect(text).not.toMatch(/cookie|csrf|\/m\/[\w-]{10}|\bBearer\b/i);
  });

  test('name the requests, the jobs and the alerts', () => {
    const answered = lines.filter(({ msg }) => msg === 'a request was answered');
    expect(answered.length).toBeGreaterThan(3);
    for (const line of answered)
      expect(line).toMatchObject({ request: expect.stringMatching(/^[\w-]{8,64}$/), method: expect.any(String), status: expect.any(Number) });
    expect(answered.some(({ request }) => request === '2-from-the-proxy')).toBe(true);
    const reactions = lines.filter(({ msg, alert }) => msg === 'a reaction ended' && alert === alertId);
    expect(reactions.length).toBeGreaterThan(2);
    for (const line of reactions) expect(line).toMatchObject({ job: expect.any(String), consumer: expect.stringContaining('.') });
  });
});
