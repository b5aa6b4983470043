// Tables of peacetime: what is watched, who was there, and when nobody was. When a round is due stands in no table: see the domain's round-clock.
import type { Hazard } from '@laba/domain/report';
import type { RoundKind, RoundMeans, RoundResult } from '@laba/domain/round';
import type { Kit } from '../columns.sqlite.ts';

export function roundTables(kit: Kit) {
  return { ...watchedTables(kit), ...doneTables(kit) };
}

function watchedTables({ table, text, int, index }: Kit) {
  return {
    // A place that somebody patrols because it may slide, fall or flood.
    hazardPoint: table(
      'hazard_point',
      {
        id: text().primaryKey(),
        gridCode: text().notNull(),
        name: text().notNull(),
        hazard: text().$type<Hazard>().notNull(),
        patrolName: text().notNull(),
        phoneCipher: text(),
        phoneHash: text(),
        /** Where he is one of the county's members. */
        patrolMemberId: text(),
      },
      (t) => [index('hazard_point_grid').on(t.gridCode)],
    ),
    // One row for each hazard point, household in need and activity room: each house makes it from the lists that it holds.
    roundPlan: table(
      'round_plan',
      {
        /** Made of kind and subject: the same at every house. */
        id: text().primaryKey(),
        kind: text().$type<RoundKind>().notNull(),
        subjectId: text().notNull(),
        gridCode: text().notNull(),
        /** Whoever goes there, as his link names him; null: nobody is named. */
        walkerId: text(),
        /** Nobody is late for what was asked before this. */
        sinceMs: int().notNull(),
      },
      (t) => [index('round_plan_grid').on(t.gridCode), index('round_plan_walker').on(t.walkerId)],
    ),
  };
}

function doneTables({ table, text, int, json, primaryKey, index }: Kit) {
  return {
    // Somebody was there.
    round: table(
      'round',
      {
        id: text().primaryKey(),
        planId: text().notNull(),
        kind: text().$type<RoundKind>().notNull(),
        subjectId: text().notNull(),
        gridCode: text().notNull(),
        /** When he was there. */
        doneAtMs: int().notNull(),
        result: text().$type<RoundResult>().notNull(),
        means: text().$type<RoundMeans>().notNull(),
        toldBy: text().notNull(),
        toldAtMs: int().notNull(),
        wordsCipher: text(),
        reportId: text(),
        /** Of a room: the items that are missing. Null: of something else. */
        lacking: json<string[]>(),
        /** The township looked at this check of the village. */
        checkId: text(),
      },
      (t) => [index('round_of_plan').on(t.planId, t.doneAtMs), index('round_done').on(t.kind, t.doneAtMs)],
    ),
    // Nobody was there in time. Found once for each deadline.
    roundMissed: table(
      'round_missed',
      {
        planId: text().notNull(),
        toMs: int().notNull(),
        fromMs: int().notNull(),
        kind: text().$type<RoundKind>().notNull(),
        gridCode: text().notNull(),
      },
      (t) => [primaryKey({ columns: [t.planId, t.toMs] }), index('round_missed_at').on(t.kind, t.toMs)],
    ),
  };
}
