// Who would be reached, before the button: each by name where something is wrong, and nothing written.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SILENT_AFTER_MS } from '@laba/domain/gateway-protocol';
import type { Need } from '@laba/domain/member';
import { fakeOfficer, openRoom, type FakeRoom } from '@laba/runtime/fake-room';
import { any } from '@laba/storage/database';
import type { Forecast } from '@laba/domain/forecast-view';
import { alertingService } from './service.ts';

const COUNTY = '533324';
const VILLAGE = '533324100201';
const OTHER = '533324101201';
const GROUP1 = '53332410020101';
const GROUP2 = '53332410020102';
const HOUR = 3_600_000;

const duty1 = fakeOfficer('duty1', 'county-officer', COUNTY);
const duty2 = fakeOfficer('duty2', 'county-officer', COUNTY);
const cadre = fakeOfficer('cadre', 'village-cadre', VILLAGE);
let room: FakeRoom;

type Facts = { player?: 'ok' | 'failed'; provenAgoMs?: number; online?: boolean; seenAgoMs?: number; status?: 'active' | 'claimed'; gateway?: boolean };
const speakers: Record<string, { gridCode: string } & Facts> = {
  well: { gridCode: GROUP1, provenAgoMs: HOUR },
  'proven-long-ago': { gridCode: GROUP1, provenAgoMs: 48 * HOUR },
  'never-proven': { gridCode: GROUP2 },
  'dead-player': { gridCode: GROUP2, player: 'failed', provenAgoMs: 2 * HOUR },
  lost: { gridCode: VILLAGE, online: false, provenAgoMs: HOUR },
  stale: { gridCode: OTHER, seenAgoMs: SILENT_AFTER_MS + 1, player: 'failed', provenAgoMs: HOUR },
  unconfirmed: { gridCode: OTHER, status: 'claimed' },
  alone: { gridCode: OTHER, gateway: false },
};

beforeEach(async () => {
  room = await openRoom(alertingService, [duty1, duty2, cadre]);
  const nowMs = room.deps.clock.now();
  const node = (code: string, tier: 'county' | 'village' | 'group', languages: string[] | null = null) => ({ code, tier, name: `演示${code}`, languages });
  const list = Object.entries(speakers);
  const household = (id: string, gridCode: string, needs: Need[] = []) => ({ id, gridCode, doorplate: id, headName: id, needs });
  await room.deps.db.atomically([
    any((q, t) =>
      q
        .insert(t.gridNode)
        .values([
          node(COUNTY, 'county', ['lis']),
          node(VILLAGE, 'village'),
          node(GROUP1, 'group', ['duu', 'lis']),
          node(GROUP2, 'group', []),
          node(OTHER, 'village', ['nun']),
        ])
        .returning({ code: t.gridNode.code }),
    ),
    any((q, t) => q.insert(t.site).values({ id: 'site', name: '演示活动室', gridCode: VILLAGE }).returning({ id: t.site.id })),
    any((q, t) =>
      q
        .insert(t.speaker)
        .values(
          list.map(([id, one]) => ({ id, name: `喇叭${id}`, siteId: 'site', gridCode: one.gridCode, gatewayId: one.gateway === false ? null : `g-${id}` })),
        )
        .returning({ id: t.speaker.id }),
    ),
    any((q, t) =>
      q
        .insert(t.gateway)
        .values(
          list.map(([id, one]) => ({
            id: `g-${id}`,
            siteId: 'site',
            gridCode: one.gridCode,
            status: one.status ?? ('active' as const),
            passwordHash: '',
            publicKey: '',
            createdAtMs: 0,
          })),
        )
        .returning({ id: t.gateway.id }),
    ),
    any((q, t) =>
      q
        .insert(t.gatewayStatus)
        .values(
          list.map(([id, one]) => ({
            gatewayId: `g-${id}`,
            siteId: 'site',
            gridCode: one.gridCode,
            online: one.online ?? true,
            lastSeenAtMs: nowMs - (one.seenAgoMs ?? 1_000),
            bootCounter: 1,
            journalId: 'j',
            reportsHeldUpTo: 0,
          })),
        )
        .returning({ id: t.gatewayStatus.gatewayId }),
    ),
    any((q, t) =>
      q
        .insert(t.speakerStatus)
        .values(
          list
            .filter(([, one]) => one.player !== undefined || one.provenAgoMs !== undefined)
            .map(([speakerId, one]) => ({
              speakerId,
              player: one.player ?? ('ok' as const),
              reason: one.player === 'failed' ? 'no sound card' : null,
              lastPlayedAtMs: one.provenAgoMs === undefined ? null : nowMs - one.provenAgoMs,
            })),
        )
        .returning({ id: t.speakerStatus.speakerId }),
    ),
    any((q, t) =>
      q
        .insert(t.member)
        .values([
          { id: 'm1', name: '演示成员1', skills: [], phoneCipher: 'x' },
          { id: 'm2', name: '演示成员2', skills: [] },
          { id: 'm3', name: '演示成员3', skills: [], phoneCipher: 'x', available: false },
          { id: 'm4', name: '演示成员4', skills: [], phoneCipher: 'x' },
        ])
        .returning({ id: t.member.id }),
    ),
    any((q, t) =>
      q
        .insert(t.membership)
        .values([
          { memberId: 'm1', gridCode: GROUP1 },
          { memberId: 'm1', gridCode: GROUP2 },
          { memberId: 'm1', gridCode: OTHER },
          { memberId: 'm2', gridCode: GROUP2 },
          { memberId: 'm3', gridCode: GROUP1 },
          { memberId: 'm4', gridCode: OTHER },
        ])
        .returning({ id: t.membership.memberId }),
    ),
    any((q, t) =>
      q
        .insert(t.household)
        .values([household('h1', GROUP1, ['elderly']), household('h2', GROUP2), household('h3', OTHER)])
        .returning({ id: t.household.id }),
    ),
    any((q, t) =>
      q
        .insert(t.person)
        .values([
          { id: 'p1', householdId: 'h1', name: '演示', needs: ['elderly', 'alone'] },
          { id: 'p2', householdId: 'h2', name: '演示', needs: [] },
          { id: 'p3', householdId: 'h2', name: '演示', needs: ['elderly'] },
          { id: 'p4', householdId: 'h3', name: '演示', needs: ['infant'] },
        ])
        .returning({ id: t.person.id }),
    ),
    any((q, t) =>
      q
        .insert(t.place)
        .values([
          { id: 'x1', gridCode: GROUP1, kind: 'school', name: '演示小学', contactName: '演示', headCount: 40, headCountAtMs: nowMs - 25 * HOUR },
          { id: 'x2', gridCode: VILLAGE, kind: 'school', name: '演示幼儿园', contactName: '演示', headCount: 12 },
          { id: 'x3', gridCode: OTHER, kind: 'guesthouse', name: '演示客栈', contactName: '演示', headCount: 5, headCountAtMs: nowMs - HOUR },
        ])
        .returning({ id: t.place.id }),
    ),
  ]);
});
afterEach(() => room.close());

const order = (over: Record<string, unknown> = {}) => ({
  mode: 'live',
  kind: 'order',
  order: 'move-now',
  templateId: 'debris-flow-move-now',
  areaCodes: [COUNTY],
  ...over,
});
const forecast = async (over: Record<string, unknown> = {}, who = duty1) =>
  (await room.ask<Forecast & { code: string }>(who, 'POST', '/api/v1/alerts/forecast', order(over))).body;
const ids = (list: { speakerId: string }[]) => list.map((one) => one.speakerId).sort();

describe('the forecast', () => {
  it('names every speaker that would stay silent, once, with its place', async () => {
    const { speakers: found } = await forecast();
    expect(found).toMatchObject({
      total: 8,
      online: 4,
      proven24h: 4,
      lastProven: '2026-07-01T07:00:00+08:00',
      counts: { offline: 2, playerFailed: 1, noGateway: 2, neverProven: 3 },
    });
    expect(ids(found.offline)).toEqual(['lost', 'stale']);
    expect(ids(found.playerFailed)).toEqual(['dead-player']);
    expect(ids(found.noGateway)).toEqual(['alone', 'unconfirmed']);
    expect(ids(found.neverProven)).toEqual(['alone', 'never-proven', 'unconfirmed']);
    expect(found.playerFailed[0]).toEqual({
      speakerId: 'dead-player',
      name: '喇叭dead-player',
      siteId: 'site',
      siteName: '演示活动室',
      gridCode: GROUP2,
      gridName: `演示${GROUP2}`,
      lastSeen: '2026-07-01T07:59:59+08:00',
      reason: 'no sound card',
    });
  });

  it('counts members once, by channel, and who is away', async () => {
    expect((await forecast()).members).toEqual({ total: 3, byChannel: { page: 2, none: 1 }, away: 1 });
    expect((await forecast({ areaCodes: [VILLAGE] }, cadre)).members).toEqual({ total: 2, byChannel: { page: 1, none: 1 }, away: 1 });
  });

  it('counts households, persons, their needs, and places', async () => {
    expect(await forecast()).toMatchObject({ households: 3, persons: 4, needs: { elderly: 2, alone: 1, infant: 1 }, householdNeeds: { elderly: 1 } });
    expect((await forecast()).oldPlaces.map(({ placeId }) => placeId)).toEqual(['x2', 'x1']);
    const village = await forecast({ areaCodes: [VILLAGE] });
    expect(village).toMatchObject({ households: 2, persons: 3, needs: { elderly: 2, alone: 1 } });
    expect(village.places).toEqual([{ kind: 'school', places: 2, headCount: 52 }]);
    expect(village.oldPlaces.map(({ placeId, headCountAt }) => [placeId, headCountAt])).toEqual([
      ['x2', null],
      ['x1', expect.stringContaining('2026') as string],
    ]);
  });

  it('says for each language of the area whether anybody would understand', async () => {
    const { languages, withoutClip, noVoice } = await forecast();
    expect(languages).toEqual([
      { language: 'zh-CN', how: 'clip', codes: [COUNTY] },
      { language: 'lis', how: 'no-words', codes: [COUNTY] },
      { language: 'duu', how: 'no-words', codes: [GROUP1] },
      { language: 'nun', how: 'no-words', codes: [OTHER] },
    ]);
    const drill = await forecast({ mode: 'drill' });
    expect(drill.languages.map((one) => [one.language, one.how])).toEqual([
      ['zh-CN', 'clip'],
      ['lis', 'placeholder'],
      ['duu', 'placeholder'],
      ['nun', 'no-words'],
    ]);
    expect(withoutClip).toEqual(['lis', 'duu', 'nun']);
    expect(noVoice).toEqual(['lis', 'duu', 'nun']);
    const words = (language: string) => ({ language, title: '泥石流', text: '快往高处走。' });
    const own = await forecast({ templateId: undefined, areaCodes: [GROUP1, GROUP2], texts: [words('zh-CN'), words('lis')] });
    expect(own.languages).toEqual([
      { language: 'zh-CN', how: 'voice', codes: [GROUP1, GROUP2] },
      { language: 'duu', how: 'no-words', codes: [GROUP1] },
      { language: 'lis', how: 'no-voice', codes: [GROUP1] },
    ]);
    expect((await forecast({ areaCodes: [VILLAGE] })).languages.map((one) => [one.language, one.codes])).toEqual([
      ['zh-CN', [VILLAGE]],
      ['lis', [VILLAGE]],
      ['duu', [GROUP1]],
    ]);
  });

  it('sums up per village', async () => {
    expect((await forecast()).villages).toEqual([
      { code: VILLAGE, name: `演示${VILLAGE}`, speakers: 5, online: 4, members: 2, households: 2, persons: 3 },
      { code: OTHER, name: `演示${OTHER}`, speakers: 3, online: 0, members: 1, households: 1, persons: 1 },
    ]);
  });

  it('says who may press the button, and what is missing', async () => {
    expect((await forecast()).decision).toMatchObject({
      mayRaise: false,
      officersNeeded: 2,
      missing: ['second-officer'],
      why: { zh: expect.stringContaining('另一位') as string, en: expect.stringContaining('second officer') as string },
    });
    expect((await forecast({ areaCodes: [VILLAGE] }, cadre)).decision).toMatchObject({ mayRaise: true, officersNeeded: 1 });
  });

  it('of a draft counts its approvals', async () => {
    const { body } = await room.ask<{ id: string }>(duty1, 'POST', '/api/v1/alerts', order());
    await room.ask(duty2, 'POST', `/api/v1/alerts/${body.id}/approve`, { means: 'screen' });
    const answer = await room.ask<Forecast>(duty1, 'POST', '/api/v1/alerts/forecast', { alertId: body.id });
    expect(answer.body).toMatchObject({ speakers: { total: 8 }, decision: { mayRaise: true, officers: ['duty1', 'duty2'] } });
    expect((await room.ask(cadre, 'POST', '/api/v1/alerts/forecast', { alertId: body.id })).body['code']).toBe('out-of-scope');
    expect((await room.ask(duty1, 'POST', '/api/v1/alerts/forecast', { alertId: 'nothing' })).body['code']).toBe('not-found');
  });

  it('sends nothing, writes nothing, and holds no personal data but the names of those whom nothing would reach', async () => {
    const before = await room.deps.db.read((q, t) => q.select().from(t.event));
    const answer = await room.ask(duty1, 'POST', '/api/v1/alerts/forecast', order());
    expect(await room.deps.db.read((q, t) => q.select().from(t.event))).toEqual(before);
    expect(await room.deps.db.read((q, t) => q.select().from(t.alert))).toEqual([]);
    expect(room.deps.mqtt.published).toEqual([]);
    expect(answer.text.match(/演示成员\d/g)).toEqual(['演示成员2']);
  });

  it('refuses what a draft would be refused for', async () => {
    expect((await forecast({ mode: undefined })).code).toBe('mode-required');
    expect((await forecast({ kind: undefined })).code).toBe('kind-required');
    expect((await forecast({ areaCodes: [] })).code).toBe('empty-area');
    expect((await forecast({ areaCodes: ['533324999'] })).code).toBe('unknown-code');
    expect((await forecast({}, cadre)).code).toBe('out-of-scope');
    expect((await forecast({ templateId: 'nothing' })).code).toBe('unknown-template');
  });

  it('says until when no speaker sounds, of what heeds the quiet hours', async () => {
    expect((await forecast({ mode: 'drill' })).quietUntil).toBeNull();
    await room.deps.clock.advance(14 * HOUR);
    expect((await forecast({ mode: 'drill' })).quietUntil).toBe('2026-07-02T07:00:00+08:00');
    expect((await forecast()).quietUntil).toBeNull();
    expect((await forecast({ mode: 'test', order: 'prepare', templateId: undefined })).quietUntil).toBeNull();
  });

  it('of a test asks for no language', async () => {
    expect((await forecast({ mode: 'test', order: 'prepare', templateId: undefined })).languages).toEqual([]);
  });
});
