// The spool of the activity room: what a gateway must still know after a power cut. Many gateways of one process share one file.
import { fileURLToPath } from 'node:url';
import type { Mode, StopReason } from '@laba/domain/alert';
import type { Purpose } from '@laba/domain/delivery';
import type { PlayReport } from '@laba/domain/gateway-protocol';
import { kit as sqliteKit, type Kit } from '@laba/storage/columns.sqlite';
import type { Schema } from '@laba/storage/sqlite';

export type StoredReport = Omit<PlayReport, 'number'>;

/** How a repeat ended. A repeat without an outcome was cut by a crash: it is burnt, never played again. */
export type RepeatOutcome = 'played' | 'failed' | 'crashed' | 'shutdown' | StopReason;

export function defineSpoolTables(c: Kit) {
  const { table, text, int, flag, json, primaryKey, index } = c;
  return {
    spoolMeta: table('spool_meta', {
      gatewayId: text().primaryKey(),
      bootCounter: int().notNull(),
      journalId: text().notNull(),
      nextNumber: int().notNull(),
      highestSeq: int().notNull(),
      /** The latest time a signed message proved: the device's own time is never before it. */
      floorMs: int().notNull(),
    }),
    spoolCommand: table(
      'spool_command',
      {
        gatewayId: text().notNull(),
        alertId: text().notNull(),
        revision: int().notNull(),
        purpose: text().$type<Purpose>().notNull(),
        commandId: text().notNull(),
        seq: int().notNull(),
        /** The signed bytes: checked again at every boot, so that a key revoked meanwhile plays nothing. */
        wire: text().notNull(),
        active: flag().notNull(),
        quietened: flag().notNull(),
        endMs: int().notNull(),
      },
      (t) => [primaryKey({ columns: [t.gatewayId, t.alertId, t.revision, t.purpose] }), index('spool_command_active').on(t.gatewayId, t.active)],
    ),
    /** The key book that this box goes by. */
    spoolKeyBook: table('spool_key_book', {
      gatewayId: text().primaryKey(),
      wire: text().notNull(),
      /** The book by which a box from before key books learned of the root: a key of its identity signed it. */
      introduction: text(),
    }),
    spoolSeen: table(
      'spool_seen',
      {
        gatewayId: text().notNull(),
        commandId: text().notNull(),
        expMs: int().notNull(),
      },
      (t) => [primaryKey({ columns: [t.gatewayId, t.commandId] }), index('spool_seen_exp').on(t.gatewayId, t.expMs)],
    ),
    spoolTombstone: table(
      'spool_tombstone',
      {
        gatewayId: text().notNull(),
        alertId: text().notNull(),
        /** `quietened` silences what was signed before it; every other reason refuses. */
        reason: text().$type<StopReason>().notNull(),
        /** With what right it was signed: a drill never ends a live alert, a township never silences the county. */
        mode: text().$type<Mode>().notNull(),
        keyScope: text().notNull(),
        /** Up to and with this revision. */
        revision: int().notNull(),
        seq: int().notNull(),
        untilMs: int().notNull(),
      },
      (t) => [primaryKey({ columns: [t.gatewayId, t.alertId, t.reason, t.mode, t.keyScope] })],
    ),
    spoolRepeat: table(
      'spool_repeat',
      {
        gatewayId: text().notNull(),
        speakerId: text().notNull(),
        alertId: text().notNull(),
        revision: int().notNull(),
        purpose: text().$type<Purpose>().notNull(),
        repeat: int().notNull(),
        startedMs: int().notNull(),
        endedMs: int(),
        outcome: text().$type<RepeatOutcome>(),
      },
      (t) => [primaryKey({ columns: [t.gatewayId, t.alertId, t.revision, t.purpose, t.speakerId, t.repeat] })],
    ),
    spoolReport: table(
      'spool_report',
      {
        gatewayId: text().notNull(),
        /** Position in the gateway's journal, from 1, without gaps. */
        number: int().notNull(),
        alertId: text().notNull(),
        report: json<StoredReport>().notNull(),
      },
      (t) => [primaryKey({ columns: [t.gatewayId, t.number] })],
    ),
  };
}

export type SpoolTables = ReturnType<typeof defineSpoolTables>;

export const spoolTables = defineSpoolTables(sqliteKit);

/** What a spool file holds. Open it with `SqliteDatabase.open(file, SPOOL)`. */
export const SPOOL: Schema<SpoolTables> = {
  tables: spoolTables,
  migrations: fileURLToPath(new URL('./migrations', import.meta.url)),
  // A repeat takes less than a kB: on a full disk it is burnt and sounds for a day and longer.
  reserveBytes: 2_097_152,
};
