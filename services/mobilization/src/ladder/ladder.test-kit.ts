// Ladders in the small town: rungs with telephones, alerts of every degree, and time that runs as the relay lets it.
import { and, asc, eq } from 'drizzle-orm';
import type { Level, Mode, Order } from '@laba/domain/alert';
import type { Duty } from '@laba/domain/ladder';
import { any } from '@laba/storage/database';
import { COUNTY, GROUP_A, Town, VILLAGE } from '../town.test-kit.ts';

export class LadderTown {
  readonly town: Town;
  readonly #revisions = new Map<string, number>();

  private constructor(town: Town) {
    this.town = town;
  }

  /** Two people in the village, one at the county, each with a telephone. */
  static async found(): Promise<LadderTown> {
    const here = new LadderTown(await Town.found());
    await here.rung(VILLAGE, 1, 'm-1');
    await here.rung(VILLAGE, 2, 'm-2', 'village-lead');
    await here.rung(COUNTY, 1, 'm-9', 'work-team');
    return here;
  }

  /** A new member of the first group, with a telephone, who stands there. */
  async rung(
    gridCode: string,
    position: number,
    memberId: string,
    duty: Duty = 'responsible',
    has: { phone?: boolean; available?: boolean } = {},
  ): Promise<void> {
    const { phone = true, available = true } = has;
    const { db, vault } = this.town.deps;
    await this.town.member(memberId, [GROUP_A], available);
    const number = `139${memberId.replace(/\D/g, '').padStart(8, '0')}`;
    if (phone)
      await db.atomically([
        any((q, t) =>
          q
            .update(t.member)
            .set({ phoneCipher: vault.encrypt(number), phoneHash: vault.hash('phone', number) })
            .where(eq(t.member.id, memberId))
            .returning({ id: t.member.id }),
        ),
      ]);
    await db.atomically([any((q, t) => q.insert(t.ladderRung).values({ gridCode, position, memberId, duty }).returning({ id: t.ladderRung.memberId }))]);
  }

  async raised(codes: string[], said: { order?: Order; level?: Level; mode?: Mode } = {}): Promise<string> {
    const alertId = await this.town.raised(codes, said.mode);
    this.#revisions.set(alertId, 1);
    await this.says(alertId, codes, said);
    return alertId;
  }

  /** The revision in force is of this degree from now on. */
  async says(alertId: string, areaCodes: string[], { order, level }: { order?: Order; level?: Level }): Promise<void> {
    const subject = { areaCodes, order: level === undefined ? (order ?? 'move-now') : null, level: level ?? null };
    await this.town.deps.db.atomically([
      any((q, t) =>
        q
          .update(t.alertRevision)
          .set(subject)
          .where(and(eq(t.alertRevision.alertId, alertId), eq(t.alertRevision.revision, this.#revisions.get(alertId) ?? 1)))
          .returning({ id: t.alertRevision.alertId }),
      ),
    ]);
  }

  /** The next revision, as alerting raises it. */
  async updated(alertId: string, codes: string[], said: { order?: Order; level?: Level }): Promise<void> {
    const { db } = this.town.deps;
    const [row] = await db.read((q, t) =>
      q.select().from(t.alertRevision).where(eq(t.alertRevision.alertId, alertId)).orderBy(asc(t.alertRevision.revision)).limit(1),
    );
    const revision = (this.#revisions.get(alertId) ?? 1) + 1;
    this.#revisions.set(alertId, revision);
    await db.atomically([
      any((q, t) =>
        q
          .insert(t.alertRevision)
          .values({ ...row!, revision })
          .returning({ id: t.alertRevision.alertId }),
      ),
      any((q, t) => q.update(t.alert).set({ revision }).where(eq(t.alert.id, alertId)).returning({ id: t.alert.id })),
      any((q, t) =>
        q
          .insert(t.alertArea)
          .values(codes.map((code) => ({ alertId, revision, code })))
          .returning({ id: t.alertArea.code }),
      ),
    ]);
    await this.says(alertId, codes, said);
  }

  /** One round of the job of this revision; the one in force when none is named. Answers with when it wants to run again. */
  async climb(alertId: string, revision = this.#revisions.get(alertId) ?? 1, mode: Mode = 'live'): Promise<number | undefined> {
    const type = revision === 1 ? 'alert.raised' : 'alert.updated';
    const { againAtMs } = await this.town.react('mobilization.run-ladders', type, alertId, { revision, mode, areaCodes: [], officers: ['o-county'] });
    return againAtMs;
  }

  /** Lets so many minutes pass; the job runs whenever it asked to. */
  async pass(alertId: string, minutes: number): Promise<void> {
    const { clock } = this.town;
    const endMs = clock.now() + minutes * 60_000;
    for (let atMs = await this.climb(alertId); atMs !== undefined && atMs <= endMs; atMs = await this.climb(alertId)) await clock.advance(atMs - clock.now());
    await clock.advance(endMs - clock.now());
  }

  async over(alertId: string, how: 'ended' | 'cancelled' | 'expired'): Promise<void> {
    await this.town.over(alertId, how);
    await this.town.react('mobilization.close-ladders', `alert.${how}`, alertId, { revision: 1, mode: 'live', reason: how });
  }

  ladders() {
    return this.town.deps.db.read((q, t) => q.select().from(t.ladder).orderBy(asc(t.ladder.gridCode)));
  }

  /** Who was asked or passed over, oldest first: `minute place question`. */
  async steps(): Promise<string[]> {
    const rows = await this.town.deps.db.read((q, t) =>
      q
        .select({ step: t.ladderStep, openedAtMs: t.ladder.openedAtMs })
        .from(t.ladderStep)
        .innerJoin(t.ladder, eq(t.ladder.id, t.ladderStep.ladderId))
        .orderBy(asc(t.ladder.gridCode), asc(t.ladderStep.number)),
    );
    return rows.map(({ step, openedAtMs }) => {
      const who = step.skipped === null ? (step.memberId ?? 'screen') : `${step.memberId ?? step.rungCode} ${step.skipped}`;
      return `${(step.atMs - openedAtMs) / 60_000} ${who}${step.question === 'moving' ? ' moving' : ''}`;
    });
  }

  messages() {
    return this.town.deps.db.read((q, t) =>
      q.select().from(t.message).where(eq(t.message.purpose, 'ladder')).orderBy(asc(t.message.dueAtMs), asc(t.message.id)),
    );
  }

  /** How many events of each of the ladders' types. */
  async told(): Promise<Record<string, number>> {
    const types = (await this.town.events()).map(({ type }) => type).filter((type) => type.startsWith('ladder.'));
    return Object.fromEntries([...Map.groupBy(types, (type) => type)].map(([type, all]) => [type, all.length]));
  }
}
