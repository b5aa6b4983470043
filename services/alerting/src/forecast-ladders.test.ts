// Before the button: villages that would not answer are named, with the reason, the worst first.
import { describe, expect, it } from 'vitest';
import type { Duty } from '@laba/domain/ladder';
import { any } from '@laba/storage/database';
import { ask, COUNTY, cadre, duty1, GROUP, inAlertRoom, OTHER, order, red, room, TOWNSHIP, VILLAGE } from './alert-room.test-kit.ts';

async function stands(gridCode: string, position: number, memberId: string, has: { phone?: boolean; available?: boolean } = {}): Promise<void> {
  const { phone = true, available = true } = has;
  const member = { id: memberId, name: `演示${memberId}`, skills: [], available, phoneCipher: phone ? 'sealed' : null };
  await room.deps.db.atomically([
    any((q, t) => q.insert(t.member).values(member).returning({ id: t.member.id })),
    any((q, t) =>
      q
        .insert(t.ladderRung)
        .values({ gridCode, position, memberId, duty: 'responsible' as Duty })
        .returning({ id: t.ladderRung.memberId }),
    ),
  ]);
}
const forecast = async (body: unknown, who = duty1) =>
  (await ask(who, 'POST', '/alerts/forecast', body)).body as unknown as { ladders: Record<string, unknown> };

describe('the forecast of ladders', () => {
  inAlertRoom();

  it('names a village without rungs, and whether anybody above could be asked', async () => {
    expect((await forecast(red())).ladders).toMatchObject({
      answerMinutes: 5,
      villages: 2,
      count: 2,
      gaps: [
        { code: VILLAGE, reason: 'no-rungs', nobody: true },
        { code: OTHER, reason: 'no-rungs', nobody: true },
      ],
    });
    await stands(TOWNSHIP, 1, 'm-1');
    await stands(OTHER, 1, 'm-2');
    expect((await forecast(red())).ladders).toMatchObject({ count: 1, gaps: [{ code: VILLAGE, name: `演示${VILLAGE}`, reason: 'no-rungs', nobody: false }] });
  });

  it('names a village whose people have no channel, are away, or are no longer on the lists', async () => {
    await stands(VILLAGE, 1, 'm-1', { phone: false });
    await stands(VILLAGE, 2, 'm-2', { available: false });
    expect((await forecast(order({ areaCodes: [GROUP] }), cadre)).ladders).toMatchObject({ count: 1, gaps: [{ code: VILLAGE, reason: 'no-channel' }] });
    await stands(VILLAGE, 3, 'm-3');
    expect((await forecast(order({ areaCodes: [GROUP] }), cadre)).ladders).toMatchObject({ villages: 1, count: 0, gaps: [] });
  });

  it('says that nobody would be asked below the policy’s degree and in a test', async () => {
    expect((await forecast(red({ level: 'yellow', areaCodes: [COUNTY] }))).ladders).toMatchObject({ answerMinutes: null, count: 0 });
    expect((await forecast({ ...order({ areaCodes: [GROUP] }), mode: 'test' })).ladders).toMatchObject({ answerMinutes: null, count: 0 });
  });
});
