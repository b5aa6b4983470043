// Tables of chapter 2: the decision.
import type { AlertState, AlertText, Kind, Level, Mode, Order } from '@laba/domain/alert';
import type { Policy } from '@laba/domain/policy';
import type { Hazard } from '@laba/domain/report';
import type { CapAlert } from '@laba/domain/cap';
import type { Kit } from '../columns.sqlite.ts';

export function alertingTables({ table, text, int, flag, json, primaryKey, index }: Kit) {
  return {
    alert: table(
      'alert',
      {
        id: text().primaryKey(),
        mode: text().$type<Mode>().notNull(),
        kind: text().$type<Kind>().notNull(),
        level: text().$type<Level>(),
        order: text().$type<Order>(),
        eventCode: text().notNull(),
        state: text().$type<AlertState>().notNull(),
        revision: int().notNull(),
        quiet: flag().notNull().default(false),
        reportId: text(),
        templateId: text(),
        draftedBy: text().notNull(),
        raisedBy: text(),
        createdAtMs: int().notNull(),
        raisedAtMs: int(),
        overAtMs: int(),
        overBy: text(),
        overReason: text(),
        slopeCheckedBy: text(),
        endTimeMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [index('alert_state').on(t.state)],
    ),
    alertRevision: table(
      'alert_revision',
      {
        alertId: text().notNull(),
        revision: int().notNull(),
        mode: text().$type<Mode>().notNull(),
        kind: text().$type<Kind>().notNull(),
        level: text().$type<Level>(),
        order: text().$type<Order>(),
        eventCode: text().notNull(),
        issuer: text().notNull(),
        texts: json<AlertText[]>().notNull(),
        endTexts: json<AlertText[]>().notNull(),
        cancelTexts: json<AlertText[]>().notNull(),
        areaCodes: json<string[]>().notNull(),
        siren: flag().notNull(),
        playTimes: int().notNull(),
        intervalSeconds: int().notNull(),
        volume: int().notNull(),
        startTimeMs: int().notNull(),
        endTimeMs: int().notNull(),
        /** Immutable CAP message; null while it is a draft. */
        cap: json<CapAlert>(),
        draftedBy: text().notNull(),
        raisedAtMs: int(),
        /** The grid node of the house that raised it: only a key that reaches as far takes it back from a loudspeaker. */
        raisedAtCode: text(),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.revision] })],
    ),
    alertArea: table(
      'alert_area',
      {
        alertId: text().notNull(),
        revision: int().notNull(),
        code: text().notNull(),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.revision, t.code] })],
    ),
    approval: table(
      'approval',
      {
        alertId: text().notNull(),
        revision: int().notNull(),
        officerId: text().notNull(),
        /** `screen` or `telephone-call-back`. */
        means: text().notNull(),
        /** Who wrote it down, for a call-back. */
        recordedBy: text().notNull(),
        words: text().notNull(),
        countersignedAtMs: int(),
        atMs: int().notNull(),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.revision, t.officerId] })],
    ),
    template: table('template', {
      id: text().primaryKey(),
      title: text().notNull(),
      titleEn: text().notNull(),
      hazard: text().$type<Hazard>().notNull(),
      stage: text().notNull(),
      kind: text().$type<Kind>().notNull(),
      level: text().$type<Level>(),
      order: text().$type<Order>(),
      eventCode: text().notNull(),
      texts: json<AlertText[]>().notNull(),
      endTexts: json<AlertText[]>().notNull(),
      cancelTexts: json<AlertText[]>().notNull(),
      durationMinutes: int().notNull(),
    }),
    policy: table('policy', { county: text().primaryKey(), policy: json<Policy>().notNull(), version: int().notNull().default(1) }),
  };
}
