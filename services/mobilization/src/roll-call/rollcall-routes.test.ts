// Chapter 5, roll-call: marks by officers, each told once, in scope only; complete and reopened in the commit that caused it.
import { beforeEach, describe, expect, it } from 'vitest';
import { GROUP_A, GROUP_B, OTHER_VILLAGE, Town, VILLAGE, type OFFICERS } from '../town.test-kit.ts';

const HOUR = 3_600_000;

describe('marking', () => {
  let town: Town;
  let alertId: string;
  beforeEach(async () => {
    town = await Town.found();
    await town.household('h1', GROUP_A, ['p1', 'p2', 'p3']);
    await town.household('h2', GROUP_B, ['p4']);
    await town.place('pl1', GROUP_A, 6);
    alertId = await town.raised([VILLAGE]);
    await town.freeze(alertId, [VILLAGE]);
  });

  const post = async (path: string, payload: Record<string, unknown>, by: keyof typeof OFFICERS = 'village') => {
    const { cookies, headers } = town.as(by);
    const response = await town.app.inject({ method: 'POST', url: `/api/v1/alerts/${alertId}/rollcall/${path}`, cookies, headers, payload });
    return { status: response.statusCode, body: response.json<Record<string, unknown> & { code?: string }>() };
  };
  const mark = (personId: string, status: string, version = 1, more: Record<string, unknown> = {}, by: keyof typeof OFFICERS = 'village') =>
    post(`persons/${personId}/mark`, { status, means: 'face-to-face', version, ...more }, by);
  const household = (householdId: string, status: string, version: number) => post(`households/${householdId}/mark`, { status, means: 'by-list', version });
  const count = (counted: number, version = 1, more: Record<string, unknown> = {}) =>
    post('places/pl1/count', { counted, means: 'telephone', version, ...more });
  const find = (more: Record<string, unknown> = {}) => post('found', { name: '演示游客', gridCode: GROUP_A, status: 'safe', means: 'face-to-face', ...more });
  const statuses = async () => Object.fromEntries((await town.listed()).map((row) => [row.personId, row.status]));
  const told = async () => (await town.events()).map((event) => event.type).filter((type) => type !== 'rollcall.frozen');
  const everybodyMoved = async () => {
    await household('h1', 'moved', 3);
    await mark('p4', 'moved');
    await count(6);
  };

  it('writes who said it, how and when, and tells it once without a name or a word', async () => {
    const { status, body } = await mark('p1', 'moved', 1, { words: '在演示表姐家' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ personId: 'p1', status: 'moved', words: '在演示表姐家', means: 'face-to-face', markedBy: 'officer:o-village', version: 2 });
    const [event] = await town.events('person.marked');
    expect(event).toMatchObject({
      who: 'officer:o-village',
      gridCode: GROUP_A,
      subjectId: 'p1',
      data: { status: 'moved', was: 'unreached', means: 'face-to-face' },
    });
    expect(JSON.stringify([await town.listed(), await town.events()])).not.toContain('演示');
  });

  it('takes the same mark at once again without a second event, whatever version it saw; later it is said anew', async () => {
    await mark('p1', 'moved');
    expect((await mark('p1', 'moved')).status).toBe(200);
    expect((await mark('p1', 'moved', 2, {}, 'county')).body).toMatchObject({ markedBy: 'officer:o-village', version: 2 });
    expect(await town.events('person.marked')).toHaveLength(1);
    await town.clock.advance(3_000);
    expect((await mark('p1', 'moved', 2, {}, 'county')).body).toMatchObject({ markedBy: 'officer:o-county', version: 3 });
    expect(await town.events('person.marked')).toHaveLength(2);
  });

  it('tells who comes second who marked it meanwhile', async () => {
    await mark('p1', 'moved');
    const second = await mark('p1', 'missing', 1, {}, 'county');
    expect([second.status, second.body.code]).toEqual([409, 'changed-meanwhile']);
    expect(JSON.stringify(second.body)).toContain('o-village');
    expect(await statuses()).toMatchObject({ p1: 'moved' });
    expect((await mark('p1', 'missing', 2, {}, 'county')).status).toBe(200);
  });

  it('lets one of two different marks at once through', async () => {
    const both = await Promise.all([mark('p1', 'moved'), mark('p1', 'missing')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await town.events('person.marked')).toHaveLength(1);
  });

  it('is refused outside the grid scope, for every way to mark, and leaves nothing', async () => {
    expect((await mark('p1', 'moved', 1, {}, 'other')).body.code).toBe('out-of-scope');
    expect((await post('households/h1/mark', { status: 'moved', means: 'by-list', version: 3 }, 'other')).body.code).toBe('out-of-scope');
    expect((await post('places/pl1/count', { counted: 1, means: 'radio', version: 1 }, 'other')).body.code).toBe('out-of-scope');
    expect((await post('found', { name: '甲', gridCode: GROUP_A, status: 'safe', means: 'radio' }, 'other')).body.code).toBe('out-of-scope');
    expect(await told()).toEqual([]);
  });

  it('marks a whole household with one word, but for who was spoken of by name', async () => {
    await mark('p2', 'away');
    const all = await household('h1', 'moved', 4);
    expect(all.body).toMatchObject({ changed: 2, version: 6 });
    expect(await statuses()).toEqual({ p1: 'moved', p2: 'away', p3: 'moved', p4: 'unreached' });
    expect((await household('h1', 'moved', 1)).body).toMatchObject({ changed: 0 });
    expect(await town.events('person.marked')).toHaveLength(3);
  });

  it('refuses a word about a household that somebody marked meanwhile, and changes nobody', async () => {
    await mark('p2', 'needs-help');
    const late = await household('h1', 'moved', 3);
    expect([late.status, late.body.code]).toEqual([409, 'changed-meanwhile']);
    expect(await statuses()).toMatchObject({ p1: 'unreached', p2: 'needs-help', p3: 'unreached' });
  });

  it('adds who was found and is on no list, his name encrypted, in no household', async () => {
    const { status, body } = await find();
    expect(status).toBe(201);
    expect(body).toMatchObject({ householdId: null, isFound: true, status: 'safe', gridCode: GROUP_A });
    const row = (await town.listed()).find(({ personId }) => personId === body['personId'])!;
    expect(town.deps.vault.decrypt(row.nameCipher!)).toBe('演示游客');
    expect((await town.events('person.found')).map((event) => event.data)).toEqual([{ status: 'safe', means: 'face-to-face' }]);
    expect(JSON.stringify([row, await town.events()])).not.toContain('演示游客');
    expect((await find({ name: '  ' })).status).toBe(400);
    expect((await find({ gridCode: '53332410020099' })).body.code).toBe('unknown-code');
    expect((await post('found', { name: '甲', gridCode: OTHER_VILLAGE, status: 'safe', means: 'radio' }, 'county')).body.code).toBe('bad-input');
  });

  it('is complete with the last mark, and open again when somebody goes back', async () => {
    await everybodyMoved();
    expect(await told()).toEqual([...Array<string>(4).fill('person.marked'), 'place.counted', 'rollcall.completed']);
    await mark('p1', 'returned', 2);
    await mark('p2', 'missing', 2);
    await mark('p1', 'moved', 3);
    expect((await town.events('rollcall.completed')).length).toBe(1);
    await mark('p2', 'safe', 3);
    expect((await told()).filter((type) => type.startsWith('rollcall.'))).toEqual(['rollcall.completed', 'rollcall.reopened', 'rollcall.completed']);
    const completed = (await town.events('rollcall.completed'))[0]!;
    expect([completed.subjectId, completed.who, completed.data]).toEqual([alertId, 'officer:o-village', {}]);
  });

  it('is opened by a found person who is missing, and by a wider area', async () => {
    await everybodyMoved();
    await find({ status: 'missing' });
    const personId = (await town.listed()).find((row) => row.householdId === null)!.personId;
    await mark(personId, 'dead');
    await town.household('h9', OTHER_VILLAGE, ['p9']);
    await town.freeze(alertId, [VILLAGE, OTHER_VILLAGE], 2);
    expect((await told()).filter((type) => type.startsWith('rollcall.'))).toEqual([
      'rollcall.completed',
      'rollcall.reopened',
      'rollcall.completed',
      'rollcall.reopened',
    ]);
  });

  it('never overlooks completion when the last marks come at once', async () => {
    await household('h1', 'moved', 3);
    const last = await Promise.all([mark('p4', 'moved'), count(6)]);
    expect(last.map(({ status }) => status)).toEqual([200, 200]);
    expect((await town.events('rollcall.completed')).length).toBe(1);
  });

  it('never overlooks completion when everybody is marked at once', async () => {
    const all = await Promise.all([mark('p1', 'moved'), mark('p2', 'safe'), mark('p3', 'away'), mark('p4', 'refused'), count(6)]);
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await told()).toSorted()).toEqual([...Array<string>(4).fill('person.marked'), 'place.counted', 'rollcall.completed']);
  });

  it('leaves a place open until as many were counted as were expected tonight', async () => {
    await household('h1', 'moved', 3);
    await mark('p4', 'moved');
    expect((await count(5)).body).toMatchObject({ counted: 5, expected: 6, version: 2 });
    expect(await town.events('rollcall.completed')).toEqual([]);
    expect((await count(4, 1)).body.code).toBe('changed-meanwhile');
    expect((await count(5, 1)).status).toBe(200);
    await count(5, 2, { expected: 5 });
    expect(await town.events('rollcall.completed')).toHaveLength(1);
    expect((await town.events('place.counted')).map((event) => event.data)).toEqual([
      { counted: 5, expected: 6, means: 'telephone' },
      { counted: 5, expected: 5, means: 'telephone' },
    ]);
  });

  it('still takes marks for 24 hours after the end, each told as late, and then no more', async () => {
    await town.over(alertId, 'ended');
    await town.clock.advance(23 * HOUR);
    expect((await mark('p1', 'moved')).status).toBe(200);
    expect((await town.events('person.marked'))[0]!.data).toMatchObject({ late: true });
    await town.clock.advance(HOUR + 1);
    expect((await mark('p2', 'moved')).body.code).toBe('transition-refused');
    expect((await find()).body.code).toBe('transition-refused');
  });

  it('names what is not there', async () => {
    expect((await mark('p99', 'moved')).body.code).toBe('not-found');
    expect((await household('h99', 'moved', 1)).body.code).toBe('not-found');
    expect((await mark('p1', 'unreached')).status).toBe(400);
    expect((await mark('p1', 'flown')).status).toBe(400);
    expect((await count(-1)).status).toBe(400);
  });
});
