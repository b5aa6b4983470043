// A town with hazard points, households in need and rooms, whose rounds are watched as the relay would run them.
import type { Need } from '@laba/domain/member';
import { DEFAULT_POLICY, type Policy } from '@laba/domain/policy';
import { any } from '@laba/storage/database';
import { finishJob, loadJob, postponeJob } from '@laba/storage/jobs';
import { COUNTY, GROUP_A, GROUP_B, OFFICERS, OTHER_VILLAGE, Town, VILLAGE } from '../town.test-kit.ts';
import type { Plan } from './plan-store.ts';
import { planRounds, startRoundWatch, watchRounds } from './watch-rounds.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export class RoundTown {
  readonly town: Town;

  private constructor(town: Town) {
    this.town = town;
  }

  /** Two points, one household in need and one without, one room, all long on the lists; nobody has been anywhere, and nothing is missed so far. */
  static async found(nowMs: number): Promise<RoundTown> {
    const town = await Town.found();
    town.clock.set(nowMs);
    const rounds = new RoundTown(town);
    await town.member('m-1', [GROUP_A], true, { phone: '13800000001' });
    await rounds.point('p-1', GROUP_A, { patrolMemberId: 'm-1' });
    await rounds.point('p-2', OTHER_VILLAGE, {});
    await rounds.household('h-1', GROUP_A, ['bedridden'], 'm-1');
    await rounds.household('h-2', GROUP_B, []);
    await town.deps.db.atomically([any((q, t) => q.insert(t.site).values({ id: 's-1', name: '演示活动室', gridCode: VILLAGE }).returning({ id: t.site.id }))]);
    await startRoundWatch(town.deps);
    await rounds.run();
    await rounds.listedLongAgo();
    return rounds;
  }

  get deps() {
    return this.town.deps;
  }

  async point(id: string, gridCode: string, more: { patrolMemberId?: string; name?: string }): Promise<void> {
    const { vault } = this.deps;
    const phone = more.patrolMemberId === undefined ? { phoneCipher: vault.encrypt('13900000002'), phoneHash: vault.hash('phone', '13900000002') } : {};
    const row = { id, gridCode, name: `演示隐患点${id}`, hazard: 'landslide' as const, patrolName: '演示监测员', ...phone, ...more };
    await this.deps.db.atomically([any((q, t) => q.insert(t.hazardPoint).values(row).returning({ id: t.hazardPoint.id }))]);
  }

  async household(id: string, gridCode: string, needs: Need[], helperMemberId?: string): Promise<void> {
    const row = { id, gridCode, doorplate: `门牌${id}`, headName: '演示户主', needs, helperMemberId: helperMemberId ?? null };
    await this.deps.db.atomically([any((q, t) => q.insert(t.household).values(row).returning({ id: t.household.id }))]);
  }

  async policy(rounds: Partial<Policy['rounds']>): Promise<void> {
    const policy = { ...DEFAULT_POLICY, rounds: { ...DEFAULT_POLICY.rounds, ...rounds } };
    await this.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.policy)
          .values({ county: COUNTY, policy })
          .onConflictDoUpdate({ target: t.policy.county, set: { policy } })
          .returning({ c: t.policy.county }),
      ),
      ...((await planRounds(this.deps)).ops ?? []),
    ]);
  }

  /** The lists changed: the reaction to that. */
  async planned(): Promise<void> {
    await this.deps.db.atomically((await planRounds(this.deps)).ops ?? []);
  }

  async listedLongAgo(): Promise<void> {
    await this.deps.db.atomically([any((q, t) => q.update(t.roundPlan).set({ sinceMs: 0 }).returning({ id: t.roundPlan.id }))]);
  }

  jobs() {
    return this.deps.db.read((q, t) => q.select().from(t.job));
  }

  /** Runs the watch as often as it is due; how often that was. */
  async run(): Promise<number> {
    const [row] = (await this.jobs()).filter(({ consumer }) => consumer === 'mobilization.watch-rounds');
    for (let runs = 0; ; runs++) {
      const job = (await loadJob(this.deps.db, row!.id))!;
      if (job.dueAtMs > this.town.clock.now()) return runs;
      const { ops = [], againAtMs } = await watchRounds(this.deps, job);
      const last = againAtMs === undefined ? finishJob(job.id, this.town.clock.now()) : postponeJob(job.id, Math.max(againAtMs, job.dueAtMs + 1), job.dueAtMs);
      await this.deps.db.atomically([last, ...ops]);
    }
  }

  /** Time goes on hour by hour, and what falls due meanwhile is looked at. */
  async pass(hours: number): Promise<void> {
    for (let hour = 0; hour < hours; hour++) {
      await this.town.clock.advance(HOUR);
      await this.run();
    }
  }

  plans(): Promise<Plan[]> {
    return this.deps.db.read((q, t) => q.select().from(t.roundPlan).orderBy(t.roundPlan.kind, t.roundPlan.subjectId));
  }

  async plan(subjectId: string): Promise<Plan> {
    return (await this.plans()).find((plan) => plan.subjectId === subjectId)!;
  }

  /** What was missed, as it stands in the timeline. */
  async missed(): Promise<string[]> {
    const events = await this.town.events('round.missed');
    return events.map(({ subjectId, data }) => `${subjectId} ${this.said(Number(data['toMs']))}`);
  }

  said(ms: number): string {
    return new Date(ms + 480 * 60_000).toISOString().slice(5, 16).replace('T', ' ');
  }

  async get(url: string, officer: keyof typeof OFFICERS = 'county') {
    const answer = await this.town.app.inject({ url: `/api/v1/rounds${url}`, ...this.town.as(officer) });
    return { status: answer.statusCode, ...(answer.json() as Record<string, never>) } as Record<string, never> & { status: number };
  }

  async post(url: string, payload: object, officer: keyof typeof OFFICERS = 'county') {
    const answer = await this.town.app.inject({ method: 'POST', url: `/api/v1/rounds${url}`, ...this.town.as(officer), payload });
    return { status: answer.statusCode, ...(answer.json() as Record<string, never>) } as Record<string, never> & { status: number };
  }
}
