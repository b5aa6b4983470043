// The spool's hot statements, prepared once per file.
import { and, asc, eq, gt, isNull, lte, sql } from 'drizzle-orm';
import { prepared } from '@laba/storage/database';
import type { SpoolTables } from './spool-tables.ts';

const p = sql.placeholder;

export const selectSeen = prepared('spool-seen', (q, t: SpoolTables) =>
  q
    .select({ id: t.spoolSeen.commandId })
    .from(t.spoolSeen)
    .where(and(eq(t.spoolSeen.gatewayId, p('gatewayId')), eq(t.spoolSeen.commandId, p('commandId')))),
);

export const selectTombstones = prepared('spool-tombstones', (q, t: SpoolTables) =>
  q
    .select()
    .from(t.spoolTombstone)
    .where(and(eq(t.spoolTombstone.gatewayId, p('gatewayId')), eq(t.spoolTombstone.alertId, p('alertId')))),
);

export const selectRepeats = prepared('spool-repeats', (q, t: SpoolTables) =>
  q
    .select()
    .from(t.spoolRepeat)
    .where(
      and(
        eq(t.spoolRepeat.gatewayId, p('gatewayId')),
        eq(t.spoolRepeat.alertId, p('alertId')),
        eq(t.spoolRepeat.revision, p('revision')),
        eq(t.spoolRepeat.purpose, p('purpose')),
      ),
    )
    .orderBy(asc(t.spoolRepeat.repeat)),
);

export const insertSeen = prepared('spool-see', (q, t: SpoolTables) =>
  q
    .insert(t.spoolSeen)
    .values({ gatewayId: p('gatewayId'), commandId: p('commandId'), expMs: p('expMs') })
    .returning({ id: t.spoolSeen.commandId }),
);

export const upsertCommand = prepared('spool-keep', (q, t: SpoolTables) =>
  q
    .insert(t.spoolCommand)
    .values({
      gatewayId: p('gatewayId'),
      alertId: p('alertId'),
      revision: p('revision'),
      purpose: p('purpose'),
      commandId: p('commandId'),
      seq: p('seq'),
      wire: p('wire'),
      active: true,
      quietened: p('quietened'),
      endMs: p('endMs'),
    })
    .onConflictDoUpdate({
      target: [t.spoolCommand.gatewayId, t.spoolCommand.alertId, t.spoolCommand.revision, t.spoolCommand.purpose],
      set: {
        commandId: sql`excluded.command_id`,
        seq: sql`excluded.seq`,
        wire: sql`excluded.wire`,
        active: true,
        quietened: sql`excluded.quietened`,
        endMs: sql`excluded.end_ms`,
      },
    })
    .returning({ id: t.spoolCommand.commandId }),
);

export const upsertTombstone = prepared('spool-bury', (q, t: SpoolTables) =>
  q
    .insert(t.spoolTombstone)
    .values({
      gatewayId: p('gatewayId'),
      alertId: p('alertId'),
      reason: p('reason'),
      mode: p('mode'),
      keyScope: p('keyScope'),
      revision: p('revision'),
      seq: p('seq'),
      untilMs: p('untilMs'),
    })
    .onConflictDoUpdate({
      target: [t.spoolTombstone.gatewayId, t.spoolTombstone.alertId, t.spoolTombstone.reason, t.spoolTombstone.mode, t.spoolTombstone.keyScope],
      set: {
        revision: sql`max(${t.spoolTombstone.revision}, excluded.revision)`,
        seq: sql`max(${t.spoolTombstone.seq}, excluded.seq)`,
        untilMs: sql`max(${t.spoolTombstone.untilMs}, excluded.until_ms)`,
      },
    })
    .returning({ id: t.spoolTombstone.alertId }),
);

// The primary key is invariant I3: a second start of the same repeat cannot be written, so it cannot sound.
export const insertRepeat = prepared('spool-start-repeat', (q, t: SpoolTables) =>
  q
    .insert(t.spoolRepeat)
    .values({
      gatewayId: p('gatewayId'),
      speakerId: p('speakerId'),
      alertId: p('alertId'),
      revision: p('revision'),
      purpose: p('purpose'),
      repeat: p('repeat'),
      startedMs: p('startedMs'),
    })
    .returning({ repeat: t.spoolRepeat.repeat }),
);

export const updateRepeat = prepared('spool-end-repeat', (q, t: SpoolTables) =>
  q
    .update(t.spoolRepeat)
    .set({ endedMs: sql`${p('endedMs')}`, outcome: sql`${p('outcome')}` })
    .where(
      and(
        eq(t.spoolRepeat.gatewayId, p('gatewayId')),
        eq(t.spoolRepeat.alertId, p('alertId')),
        eq(t.spoolRepeat.revision, p('revision')),
        eq(t.spoolRepeat.purpose, p('purpose')),
        eq(t.spoolRepeat.speakerId, p('speakerId')),
        eq(t.spoolRepeat.repeat, p('repeat')),
        isNull(t.spoolRepeat.outcome),
      ),
    )
    .returning({ repeat: t.spoolRepeat.repeat }),
);

// The number is taken inside the commit: a commit that fails leaves no gap in the journal.
export const insertReport = prepared('spool-report', (q, t: SpoolTables) =>
  q
    .insert(t.spoolReport)
    .values({
      gatewayId: p('gatewayId'),
      alertId: p('alertId'),
      report: p('report'),
      number: sql`(select ${t.spoolMeta.nextNumber} from ${t.spoolMeta} where ${t.spoolMeta.gatewayId} = ${p('gatewayId')})`,
    })
    .returning({ number: t.spoolReport.number }),
);

export const takeNumber = prepared('spool-next-number', (q, t: SpoolTables) =>
  q
    .update(t.spoolMeta)
    .set({ nextNumber: sql`${t.spoolMeta.nextNumber} + 1` })
    .where(eq(t.spoolMeta.gatewayId, p('gatewayId')))
    .returning({ next: t.spoolMeta.nextNumber }),
);

export const raiseMarks = prepared('spool-raise-marks', (q, t: SpoolTables) =>
  q
    .update(t.spoolMeta)
    .set({ floorMs: sql`max(${t.spoolMeta.floorMs}, ${p('floorMs')})`, highestSeq: sql`max(${t.spoolMeta.highestSeq}, ${p('highestSeq')})` })
    .where(eq(t.spoolMeta.gatewayId, p('gatewayId')))
    .returning({ id: t.spoolMeta.gatewayId }),
);

export const selectReports = prepared('spool-reports-after', (q, t: SpoolTables) =>
  q
    .select({ number: t.spoolReport.number, report: t.spoolReport.report })
    .from(t.spoolReport)
    .where(and(eq(t.spoolReport.gatewayId, p('gatewayId')), gt(t.spoolReport.number, p('after'))))
    .orderBy(asc(t.spoolReport.number))
    .limit(p('limit')),
);

export const deleteHeld = prepared('spool-held', (q, t: SpoolTables) =>
  q
    .delete(t.spoolReport)
    .where(and(eq(t.spoolReport.gatewayId, p('gatewayId')), lte(t.spoolReport.number, p('upTo'))))
    .returning({ number: t.spoolReport.number }),
);
