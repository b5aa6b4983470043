// The spool's statements: everything a gateway writes before it acts.
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Mode, StopReason } from '@laba/domain/alert';
import type { Purpose } from '@laba/domain/delivery';
import { LIMITS } from '@laba/domain/limits';
import { any, one, type Database, type Op } from '@laba/storage/database';
import type { RepeatOutcome, SpoolTables, StoredReport } from './spool-tables.ts';
import {
  deleteHeld,
  insertRepeat,
  insertReport,
  insertSeen,
  raiseMarks,
  selectRepeats,
  selectReports,
  selectSeen,
  selectTombstones,
  takeNumber,
  updateRepeat,
  upsertCommand,
  upsertTombstone,
} from './statement-store.ts';

export type SpoolDatabase = Database<SpoolTables>;
export type SpoolOp = Op<unknown, SpoolTables>;

export interface PlayKey {
  alertId: string;
  revision: number;
  purpose: Purpose;
}

export interface Tombstone {
  alertId: string;
  reason: StopReason;
  mode: Mode;
  keyScope: string;
  revision: number;
  seq: number;
  untilMs: number;
}

export interface SpooledCommand extends PlayKey {
  commandId: string;
  seq: number;
  wire: string;
  quietened: boolean;
  endMs: number;
}

export interface SpooledRepeat {
  speakerId: string;
  repeat: number;
  endedMs: number | null;
  outcome: RepeatOutcome | null;
}

/** As they came: they prove themselves again at every start. */
export interface KeptBook {
  wire: string;
  introduction: string | null;
}

export interface Boot {
  bootCounter: number;
  journalId: string;
  nextNumber: number;
  highestSeq: number;
  floorMs: number;
  reportsWaiting: number;
}

/** One gateway's part of a spool file. Methods that return an op write nothing by themselves: `commit` does, all or none. */
export class Spool {
  readonly gatewayId: string;
  readonly #db: SpoolDatabase;

  constructor(db: SpoolDatabase, gatewayId: string) {
    this.#db = db;
    this.gatewayId = gatewayId;
  }

  /** Resolves when it is durable. @throws `storage-failed` */
  async commit(ops: readonly SpoolOp[]): Promise<void> {
    if (ops.length > 0) await this.#db.atomically(ops);
  }

  /** Counts this start. A new spool is a new journal. */
  async boot(freshJournalId: string): Promise<Boot> {
    const fresh = { gatewayId: this.gatewayId, bootCounter: 1, journalId: freshJournalId, nextNumber: 1, highestSeq: 0, floorMs: 0 };
    const [[meta]] = await this.#db.atomically([
      one((q, t: SpoolTables) =>
        q
          .insert(t.spoolMeta)
          .values(fresh)
          .onConflictDoUpdate({ target: t.spoolMeta.gatewayId, set: { bootCounter: sql`${t.spoolMeta.bootCounter} + 1` } })
          .returning(),
      ),
    ]);
    const [waiting] = await this.#db.read((q, t) =>
      q
        .select({ n: sql<number>`count(*)` })
        .from(t.spoolReport)
        .where(eq(t.spoolReport.gatewayId, this.gatewayId)),
    );
    return { ...meta!, reportsWaiting: waiting?.n ?? 0 };
  }

  async keyBook(): Promise<KeptBook | undefined> {
    const [row] = await this.#db.read((q, t) => q.select().from(t.spoolKeyBook).where(eq(t.spoolKeyBook.gatewayId, this.gatewayId)));
    return row;
  }

  keepBook(book: KeptBook): SpoolOp {
    return one((q, t: SpoolTables) =>
      q
        .insert(t.spoolKeyBook)
        .values({ ...book, gatewayId: this.gatewayId })
        .onConflictDoUpdate({ target: t.spoolKeyBook.gatewayId, set: book })
        .returning({ id: t.spoolKeyBook.gatewayId }),
    );
  }

  async isSeen(commandId: string): Promise<boolean> {
    return (await this.#db.read(selectSeen, { gatewayId: this.gatewayId, commandId })).length > 0;
  }

  tombstones(alertId: string): Promise<Tombstone[]> {
    return this.#db.read(selectTombstones, { gatewayId: this.gatewayId, alertId });
  }

  /** What is over for good, the latest first; an end by a new revision is none. */
  graves(limit: number): Promise<Tombstone[]> {
    return this.#db.read((q, t) =>
      q
        .select()
        .from(t.spoolTombstone)
        .where(and(eq(t.spoolTombstone.gatewayId, this.gatewayId), inArray(t.spoolTombstone.reason, ['ended', 'cancelled', 'expired'])))
        .orderBy(desc(t.spoolTombstone.seq))
        .limit(limit),
    );
  }

  activeCommands(): Promise<SpooledCommand[]> {
    return this.#db.read((q, t) =>
      q
        .select()
        .from(t.spoolCommand)
        .where(and(eq(t.spoolCommand.gatewayId, this.gatewayId), eq(t.spoolCommand.active, true))),
    );
  }

  repeats(key: PlayKey): Promise<SpooledRepeat[]> {
    return this.#db.read(selectRepeats, { gatewayId: this.gatewayId, alertId: key.alertId, revision: key.revision, purpose: key.purpose });
  }

  see(commandId: string, expMs: number): SpoolOp {
    return one(insertSeen, { values: { gatewayId: this.gatewayId, commandId, expMs } });
  }

  keep(command: SpooledCommand): SpoolOp {
    return one(upsertCommand, { values: { ...command, gatewayId: this.gatewayId } });
  }

  bury(tombstone: Tombstone): SpoolOp {
    return one(upsertTombstone, { values: { ...tombstone, gatewayId: this.gatewayId } });
  }

  /** The command plays no more, also not after a restart. */
  close(key: PlayKey): SpoolOp {
    return any((q, t: SpoolTables) =>
      q
        .update(t.spoolCommand)
        .set({ active: false })
        .where(
          and(
            eq(t.spoolCommand.gatewayId, this.gatewayId),
            eq(t.spoolCommand.alertId, key.alertId),
            eq(t.spoolCommand.revision, key.revision),
            eq(t.spoolCommand.purpose, key.purpose),
          ),
        )
        .returning({ id: t.spoolCommand.commandId }),
    );
  }

  quieten(key: PlayKey): SpoolOp {
    return any((q, t: SpoolTables) =>
      q
        .update(t.spoolCommand)
        .set({ quietened: true })
        .where(
          and(
            eq(t.spoolCommand.gatewayId, this.gatewayId),
            eq(t.spoolCommand.alertId, key.alertId),
            eq(t.spoolCommand.revision, key.revision),
            eq(t.spoolCommand.purpose, key.purpose),
          ),
        )
        .returning({ id: t.spoolCommand.commandId }),
    );
  }

  startRepeat(key: PlayKey, speakerId: string, repeat: number, startedMs: number): SpoolOp {
    return one(insertRepeat, { values: { ...keyOf(key), gatewayId: this.gatewayId, speakerId, repeat, startedMs } });
  }

  endRepeat(key: PlayKey, speakerId: string, repeat: number, endedMs: number, outcome: RepeatOutcome): SpoolOp {
    return any(updateRepeat, { values: { ...keyOf(key), gatewayId: this.gatewayId, speakerId, repeat, endedMs, outcome } });
  }

  /** Neither mark ever goes back. */
  raise(marks: { floorMs?: number; highestSeq?: number }): SpoolOp {
    return one(raiseMarks, { values: { gatewayId: this.gatewayId, floorMs: Math.floor(marks.floorMs ?? 0), highestSeq: marks.highestSeq ?? 0 } });
  }

  report(report: StoredReport): SpoolOp[] {
    return [
      one(insertReport, { values: { gatewayId: this.gatewayId, alertId: report.alertId, report } }),
      one(takeNumber, { values: { gatewayId: this.gatewayId } }),
    ];
  }

  reportsAfter(number: number, limit: number): Promise<{ number: number; report: StoredReport }[]> {
    return this.#db.read(selectReports, { gatewayId: this.gatewayId, after: number, limit });
  }

  /** Deletes what the county holds; returns how many those were. */
  async dropHeld(upTo: number): Promise<number> {
    const [rows] = await this.#db.atomically([any(deleteHeld, { values: { gatewayId: this.gatewayId, upTo } })]);
    return rows.length;
  }

  async nextNumber(): Promise<number> {
    const [meta] = await this.#db.read((q, t) => q.select({ next: t.spoolMeta.nextNumber }).from(t.spoolMeta).where(eq(t.spoolMeta.gatewayId, this.gatewayId)));
    return meta?.next ?? 1;
  }

  /** A new journal that holds exactly these reports, numbered from 1. */
  async renewJournal(journalId: string, reports: readonly StoredReport[]): Promise<void> {
    await this.commit([
      any((q, t: SpoolTables) => q.delete(t.spoolReport).where(eq(t.spoolReport.gatewayId, this.gatewayId)).returning({ n: t.spoolReport.number })),
      one((q, t: SpoolTables) =>
        q.update(t.spoolMeta).set({ journalId, nextNumber: 1 }).where(eq(t.spoolMeta.gatewayId, this.gatewayId)).returning({ n: t.spoolMeta.nextNumber }),
      ),
      ...reports.flatMap((report) => this.report(report)),
    ]);
  }

  /** Forgets what the signed time floor has passed for good: it would be refused as expired. */
  async prune(floorMs: number): Promise<void> {
    const id = this.gatewayId;
    const longAgoMs = floorMs - LIMITS.alertDurationMs - LIMITS.tombstoneFloorMs;
    await this.commit([
      any((q, t: SpoolTables) =>
        q
          .delete(t.spoolSeen)
          .where(and(eq(t.spoolSeen.gatewayId, id), lt(t.spoolSeen.expMs, floorMs)))
          .returning({ n: t.spoolSeen.expMs }),
      ),
      any((q, t: SpoolTables) =>
        q
          .delete(t.spoolTombstone)
          .where(and(eq(t.spoolTombstone.gatewayId, id), lt(t.spoolTombstone.untilMs, floorMs)))
          .returning({ n: t.spoolTombstone.seq }),
      ),
      any((q, t: SpoolTables) =>
        q
          .delete(t.spoolCommand)
          .where(and(eq(t.spoolCommand.gatewayId, id), eq(t.spoolCommand.active, false), lt(t.spoolCommand.endMs, longAgoMs)))
          .returning({ n: t.spoolCommand.seq }),
      ),
      any((q, t: SpoolTables) =>
        q
          .delete(t.spoolRepeat)
          .where(and(eq(t.spoolRepeat.gatewayId, id), lt(t.spoolRepeat.startedMs, longAgoMs)))
          .returning({ n: t.spoolRepeat.repeat }),
      ),
    ]);
  }
}

function keyOf(key: PlayKey): PlayKey {
  return { alertId: key.alertId, revision: key.revision, purpose: key.purpose };
}
