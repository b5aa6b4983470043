// A synthetic prefecture of members with telephones, and an alert that was raised for all of them.
import type { Deps } from '@laba/runtime/service';
import { any } from '@laba/storage/database';

const ROWS = 1_000;
const GROUPS = 144;
const AREA = '533324101201';

/** @returns the grid node under which all of them are */
export async function writeMembers({ db, vault }: Deps, count: number): Promise<string> {
  const phoneCipher = vault.encrypt('13800000001');
  for (let i = 0; i < count; i += ROWS) {
    const some = Array.from({ length: Math.min(ROWS, count - i) }, (_, n) => i + n);
    const members = some.map((n) => ({ id: `m-${count}-${n}`, name: `演示成员${n}`, phoneCipher, phoneHash: `h-${n}`, skills: [] }));
    const memberships = some.map((n) => ({
      memberId: `m-${count}-${n}`,
      gridCode: `${AREA}${String(n % GROUPS)
        .padStart(3, '0')
        .slice(-2)}`,
    }));
    await db.atomically([
      any((q, t) => q.insert(t.member).values(members).returning({ id: t.member.id })),
      any((q, t) => q.insert(t.membership).values(memberships).returning({ id: t.membership.memberId })),
    ]);
  }
  return AREA;
}

export async function writeRaised({ db, ids }: Deps, area: string): Promise<string> {
  const alertId = ids();
  const nowMs = Date.now();
  const subject = { mode: 'live', kind: 'order', level: null, order: 'move-now', eventCode: '11D00' } as const;
  const endTimeMs = nowMs + 3 * 3_600_000;
  const texts = [{ language: 'zh-CN', title: '立即转移', text: '泥石流来了，立即往两边山坡高处转移。' }];
  await db.atomically([
    any((q, t) =>
      q
        .insert(t.alert)
        .values({ id: alertId, ...subject, state: 'raised', revision: 1, draftedBy: 'bench', createdAtMs: nowMs, raisedAtMs: nowMs, endTimeMs })
        .returning({ id: t.alert.id }),
    ),
    any((q, t) =>
      q
        .insert(t.alertRevision)
        .values({
          ...{ alertId, revision: 1, ...subject, issuer: '演示县', texts, endTexts: [], cancelTexts: [], areaCodes: [area], draftedBy: 'bench' },
          ...{ siren: true, playTimes: 0, intervalSeconds: 60, volume: 80, startTimeMs: nowMs, endTimeMs, raisedAtMs: nowMs },
        })
        .returning({ id: t.alertRevision.alertId }),
    ),
  ]);
  return alertId;
}
