// Places at night: tonight's number by an officer or the place's own telephone; muster points; a shelter for the time of one alert.
import { beforeEach, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { authorize, type Act } from '@laba/runtime/auth';
import { any } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import { queueMessages } from '@laba/storage/messages';
import { endShelters, openShelter } from './open-shelter.ts';
import { takeHeadCount, tellHeadCount } from './tell-head-count.ts';
import { bringIn, COUNTY, csv, eventsOf, furnish, GROUP, openHouse, VILLAGE, type TestHouse } from './test-house.ts';

const PLACES = 'place_id,grid_code,kind,name,contact_name,phone,head_count';
const POINTS = 'muster_point_id,grid_code,name,capacity';
const GROUP_HEAD = 'code,name,parent_code,party_branch,languages';
const PHONE = '13800000021';

let house: TestHouse;
let act: Act;
beforeEach(async () => {
  house = openHouse();
  await furnish(house);
  act = { who: 'officer:o1', via: 'http', once: [] };
});

const raise = async (state: 'raised' | 'ended' = 'raised', mode: 'live' | 'test' = 'live') => {
  const row = { id: `a-${state}-${mode}`, mode, kind: 'order' as const, order: 'move-now' as const, eventCode: '11D00', state, revision: 1 };
  const times = { draftedBy: 'o1', createdAtMs: 0, raisedAtMs: 0, endTimeMs: 1 };
  await house.db.atomically([
    any((q, t) =>
      q
        .insert(t.alert)
        .values({ ...row, ...times })
        .returning({ id: t.alert.id }),
    ),
  ]);
  return row.id;
};
const permit = authorize({ id: 'o1', username: 'o1', name: 'o1', role: 'county-officer', scopes: [COUNTY] }, 'rollcall.mark', [COUNTY]);
const shelter = (alertId: string, more = {}) => openShelter(house, { alertId, villageCode: VILLAGE, name: '演示安置点', capacity: 40, ...more }, permit, act);
const place = async () => (await house.db.read((q, t) => q.select().from(t.place)))[0]!;
const sms = async (words: string, phone = PHONE, receivedAtMs = house.clock.now(), messageId: string | null = null) => {
  const id = house.ids();
  const row = { id, channel: 'sms' as const, providerId: id, fromCipher: house.vault.encrypt(phone), memberId: null, gridCode: COUNTY, messageId };
  await house.db.atomically([
    any((q, t) =>
      q
        .insert(t.inboundMessage)
        .values({ ...row, wordsCipher: house.vault.encrypt(words), receivedAtMs })
        .returning({ id: t.inboundMessage.id }),
    ),
  ]);
  const job = { event: { type: 'message.replied', subjectId: id, alertId: null, data: { channel: 'sms' } } } as unknown as Job;
  await house.db.atomically([...((await takeHeadCount(house, job)).ops ?? [])]);
};

test('tonight’s number comes with the list, from an officer, or from the place’s own telephone, and its age with it', async () => {
  await bringIn(house, 'places', csv(PLACES, `pl1,${GROUP},guesthouse,演示客栈,演示店主,${PHONE},6`));
  expect(await place()).toMatchObject({ headCount: 6, headCountAtMs: house.clock.now() });
  const allow = (codes: readonly string[]) =>
    authorize({ id: 'o1', username: 'o1', name: 'o1', role: 'village-cadre', scopes: [VILLAGE] }, 'rollcall.mark', codes);
  await tellHeadCount(house, 'pl1', 9, allow, act);
  await expect(tellHeadCount(house, 'nothing', 9, allow, act)).rejects.toMatchObject({ code: 'not-found' });
  const later = house.clock.now() + 60_000;
  await sms('今晚１２人', PHONE, later);
  expect(await place()).toMatchObject({ headCount: 12, headCountAtMs: later });
  await sms('5人', PHONE, later - 1);
  await sms('99999999人', PHONE, later + 1);
  await sms('客满', PHONE, later + 1);
  await sms('7人', '13900000000', later + 1);
  expect(await place()).toMatchObject({ headCount: 12, headCountAtMs: later });
  const told = (await eventsOf(house)).filter(({ type }) => type === 'place.head-count-told');
  expect(told.map(({ who, data }) => [who, data])).toEqual([
    ['officer:o1', { headCount: 9 }],
    ['place:pl1', { headCount: 12 }],
  ]);
});

test('the key that answers the test of a number is no number of guests; one guest is', async () => {
  await bringIn(house, 'places', csv(PLACES, `pl1,${GROUP},guesthouse,演示客栈,演示店主,${PHONE},6`));
  const about = { alertId: null, purpose: 'number-check', subjectId: 'number sms m1', memberId: 'm1', gridCode: GROUP, channel: 'sms' } as const;
  const times = { dueAtMs: 0, notAfterMs: house.clock.now() + 60_000, changedAtMs: 0 };
  await house.db.atomically(queueMessages([{ id: 'test-1', ...about, step: 1, urgent: false, facts: {}, ...times }]));
  const later = house.clock.now() + 60_000;
  await sms('1', PHONE, later, 'test-1');
  expect(await place()).toMatchObject({ headCount: 6 });
  await sms('1', PHONE, later + 1);
  expect(await place()).toMatchObject({ headCount: 1 });
});

test('who keeps two places is not guessed at', async () => {
  await bringIn(house, 'places', csv(PLACES, `pl1,${GROUP},guesthouse,一号店,演示,${PHONE},6`, `pl2,${GROUP},guesthouse,二号店,演示,${PHONE},7`));
  await sms('12人', PHONE, house.clock.now() + 1);
  expect((await house.db.read((q, t) => q.select().from(t.place).orderBy(t.place.id))).map(({ headCount }) => headCount)).toEqual([6, 7]);
});

test('muster points come in by list; unknown nodes and counts beyond the limit are named', async () => {
  expect(await bringIn(house, 'muster-points', csv(POINTS, `mp1,${GROUP},演示小学操场,300`))).toMatchObject({ inserted: 1 });
  expect(await bringIn(house, 'muster-points', csv(POINTS, `mp1,${GROUP},演示小学操场,350`))).toMatchObject({ inserted: 0, updated: 1 });
  const bad = csv(POINTS, 'mp2,533324999999,操场,3', `mp3,${GROUP},操场,1000000`, `mp3,${GROUP},,3`);
  const { errors } = await bringIn(house, 'muster-points', bad, { dryRun: true });
  expect(errors.map(({ row, column }) => `${row}:${column}`).toSorted()).toEqual(['2:grid_code', '3:capacity', '4:muster_point_id', '4:name']);
});

test('a shelter has a code of its own inside the village, for its alert only; no list takes it over', async () => {
  const alertId = await raise();
  const [first, second] = await Promise.all([shelter(alertId), shelter(alertId, { name: '演示第二安置点' })]);
  expect([first.gridCode, second.gridCode].toSorted()).toEqual([`${VILLAGE}98`, `${VILLAGE}99`]);
  const node = (await house.db.read((q, t) => q.select().from(t.gridNode).where(eq(t.gridNode.code, first.gridCode))))[0];
  expect(node).toMatchObject({ tier: 'group', parentCode: VILLAGE, alertId, closedAtMs: null });
  expect((await bringIn(house, 'groups', csv(GROUP_HEAD, `${first.gridCode},新组,${VILLAGE},,`), { dryRun: true })).errors).toMatchObject([
    { row: 2, column: 'code' },
  ]);
  const job = { event: { type: 'alert.ended', subjectId: alertId, alertId, data: {} } } as unknown as Job;
  for (let run = 0; run < 2; run++) await house.db.atomically([...((await endShelters(house, job)).ops ?? [])]);
  const events = (await eventsOf(house)).map(({ type }) => type).filter((type) => type.startsWith('shelter.'));
  expect(events).toEqual(['shelter.opened', 'shelter.opened', 'shelter.closed', 'shelter.closed']);
  expect((await shelter(alertId)).gridCode).toBe(`${VILLAGE}97`);
});

test('no shelter without an alert that moves people, nor outside a village', async () => {
  await expect(shelter(await raise('ended'))).rejects.toMatchObject({ code: 'transition-refused' });
  await expect(shelter(await raise('raised', 'test'))).rejects.toMatchObject({ code: 'transition-refused' });
  const alertId = await raise();
  for (const villageCode of [COUNTY, GROUP, '533324999999']) await expect(shelter(alertId, { villageCode })).rejects.toMatchObject({ code: 'unknown-code' });
});
