// Before the button: members and responsible persons whom no channel reaches are named, and how many have never proven theirs.
import { describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import { ask, cadre, COUNTY, duty1, GROUP, inAlertRoom, OTHER, order, red, room, TOWNSHIP, VILLAGE } from './alert-room.test-kit.ts';

const DAY = 24 * 3_600_000;

interface Given {
  member?: string;
  rung?: string;
  phone?: string;
  email?: string;
  available?: boolean;
}

async function person(id: string, { member, rung, phone, email, available = true }: Given): Promise<void> {
  const row = { id, name: `演示${id}`, skills: [], available, phoneCipher: phone ?? null, phoneHash: phone ?? null, emailCipher: email ?? null };
  await room.deps.db.atomically([any((q, t) => q.insert(t.member).values(row).returning({ id: t.member.id }))]);
  if (member !== undefined)
    await room.deps.db.atomically([any((q, t) => q.insert(t.membership).values({ memberId: id, gridCode: member }).returning({ id: t.membership.memberId }))]);
  if (rung !== undefined)
    await room.deps.db.atomically([
      any((q, t) => q.insert(t.ladderRung).values({ gridCode: rung, position: 1, memberId: id, duty: 'responsible' }).returning({ id: t.ladderRung.memberId })),
    ]);
}

async function knows(memberId: string, channel: 'sms' | 'voice', state: 'proven' | 'failed', addressHash: string, daysAgo = 0): Promise<void> {
  const atMs = room.deps.clock.now() - daysAgo * DAY;
  const row = { memberId, channel, state, addressHash, step: 1, provenAtMs: state === 'proven' ? atMs : null, changedAtMs: atMs };
  await room.deps.db.atomically([any((q, t) => q.insert(t.channelProof).values(row).returning({ id: t.channelProof.memberId }))]);
}

const reach = async (body: unknown, who = duty1) =>
  ((await ask(who, 'POST', '/alerts/forecast', body)).body as unknown as { reach: { people: Record<string, unknown>[] } }).reach;

describe('the forecast of who can be reached', () => {
  inAlertRoom();

  it('names who has no channel, and whose numbers are all dead; responsible persons first', async () => {
    await person('m-1', { member: GROUP });
    await person('m-2', { member: GROUP, phone: 'two' });
    await person('m-3', { rung: VILLAGE, phone: 'three' });
    await person('m-4', { member: GROUP, phone: 'four' });
    await person('m-5', { member: OTHER });
    await person('m-6', { member: GROUP, available: false });
    for (const channel of ['sms', 'voice'] as const) await knows('m-3', channel, 'failed', 'three');
    await knows('m-4', 'sms', 'failed', 'four');
    expect(await reach(order({ areaCodes: [VILLAGE] }))).toMatchObject({
      unreached: 2,
      people: [
        { memberId: 'm-3', name: '演示m-3', gridCode: VILLAGE, gridName: `演示${VILLAGE}`, isRung: true, gap: 'dead' },
        { memberId: 'm-1', isRung: false, gap: 'no-channel' },
      ],
      unproven: 2,
      provenForDays: 180,
    });
    expect(await reach(red({ areaCodes: [COUNTY] }))).toMatchObject({ unreached: 3 });
  });

  it('a dead number does not count when another way is left, or when it is his no longer', async () => {
    await person('m-1', { member: GROUP, phone: 'one', email: 'sealed' });
    await person('m-2', { member: GROUP, phone: 'new' });
    for (const channel of ['sms', 'voice'] as const) {
      await knows('m-1', channel, 'failed', 'one');
      await knows('m-2', channel, 'failed', 'old');
    }
    expect(await reach(order())).toMatchObject({ unreached: 0, people: [], unproven: 2 });
  });

  it('proven is who answered by the number that he has now, within the half-year', async () => {
    await person('m-1', { member: GROUP, phone: 'one' });
    await person('m-2', { member: GROUP, phone: 'two' });
    await person('m-3', { member: GROUP, phone: 'three' });
    await knows('m-1', 'sms', 'proven', 'one', 179);
    await knows('m-2', 'sms', 'proven', 'two', 181);
    await knows('m-3', 'sms', 'proven', 'another', 1);
    expect(await reach(order())).toMatchObject({ unreached: 0, unproven: 2 });
  });

  it('an officer reads no names outside his scope: those above him are counted and unnamed', async () => {
    await person('m-1', { rung: TOWNSHIP });
    await person('m-2', { rung: VILLAGE });
    expect((await reach(order(), cadre)).people.map(({ gridCode, name }) => [gridCode, name])).toEqual([
      [TOWNSHIP, null],
      [VILLAGE, '演示m-2'],
    ]);
  });

  it('a test of the path calls nobody, so nobody is missing', async () => {
    await person('m-1', { member: GROUP });
    expect(await reach(order({ mode: 'test' }))).toMatchObject({ unreached: 0, people: [], unproven: 0 });
  });
});
