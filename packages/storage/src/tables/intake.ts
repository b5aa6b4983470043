// Tables of chapter 1: report.
import type { Hazard, ReportSource, ReportState } from '@laba/domain/report';
import type { Kit } from '../columns.sqlite.ts';

export function intakeTables({ table, text, int, number, index }: Kit) {
  return {
    report: table(
      'report',
      {
        id: text().primaryKey(),
        gridCode: text().notNull(),
        hazard: text().$type<Hazard>().notNull(),
        text: text().notNull(),
        source: text().$type<ReportSource>().notNull(),
        reporterCipher: text(),
        state: text().$type<ReportState>().notNull(),
        mergedInto: text(),
        mergedCount: int().notNull().default(0),
        receivedAtMs: int().notNull(),
        verifiedBy: text(),
        verifiedAtMs: int(),
        version: int().notNull().default(1),
      },
      (t) => [index('report_place').on(t.hazard, t.receivedAtMs), index('report_grid').on(t.gridCode)],
    ),
    reportLink: table('report_link', { token: text().primaryKey(), gridCode: text().notNull().unique() }),
    sensor: table('sensor', {
      id: text().primaryKey(),
      gridCode: text().notNull(),
      hazard: text().$type<Hazard>().notNull(),
      quantity: text().notNull(),
      threshold: number().notNull(),
      passwordHash: text().notNull(),
    }),
  };
}
