// Chapter 6, reporting upward: a report as programs get it: whole, or one line of a list.
import { z } from 'zod';
import { MODES } from '@laba/domain/alert';
import { capTime } from '@laba/domain/cap';
import { SITUATION_FIELD_NAMES, SITUATION_KIND_NAMES, SITUATION_KINDS } from '@laba/domain/situation';
import type { SituationLine, SituationSheet } from '@laba/domain/situation-view';
import { openContent, tryOpen, type Content, type SituationRow } from './content.ts';
import { DAY, type SituationDeps } from './fill-report.ts';
import { situationDocument, type Language } from './situation-document.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const time = z.string().nullable();
export const reportLine = z.object({
  id: z.string(),
  alertId: z.string().nullable(),
  /** Of a zero report: the day on which its 24 hours end. */
  day: z.string().nullable(),
  number: z.number(),
  kind: z.enum(SITUATION_KIND_NAMES),
  kindWords: words,
  mode: z.enum(MODES),
  title: z.string(),
  state: z.enum(['draft', 'sent']),
  /** Somebody changed it past the house: it is not what was sent. */
  altered: z.boolean(),
  asOf: z.string(),
  asOfMs: z.number(),
  dueAt: time,
  /** Sent after it was due; of a draft: it is past due now. */
  late: z.boolean(),
  sentBy: z.string().nullable(),
  sentAt: time,
  /** Stands on every copy: a copy that bears another one is not this report. */
  seal: z.string().nullable(),
  version: z.number(),
});
/** `subject`, `figures`: as the board's own answers had them at `asOf`; their shape is that of those answers. */
export const reportView = reportLine.extend({
  county: z.object({ code: z.string(), name: z.string() }),
  subject: z.record(z.string(), z.unknown()).nullable(),
  figures: z.record(z.string(), z.unknown()),
  words: z.record(z.enum(SITUATION_FIELD_NAMES), words),
});
const named = z.tuple([z.string(), z.string()]);
const document = z.object({
  language: z.enum(['zh-CN', 'en']),
  title: z.string(),
  marks: z.array(z.string()),
  head: z.array(named),
  tables: z.array(z.object({ heading: z.string(), columns: z.array(z.string()), rows: z.array(z.array(z.union([z.string(), z.number()]))) })),
  words: z.array(z.object({ heading: z.string(), paragraphs: z.array(z.string()) })),
  signature: z.array(named),
});
export const sheetView = reportLine.extend({ words: z.record(z.enum(SITUATION_FIELD_NAMES), words), document });
export const dueView = z.object({
  alertId: z.string().nullable(),
  day: z.string().nullable(),
  title: z.string(),
  mode: z.enum(MODES),
  kind: z.enum(SITUATION_KIND_NAMES),
  kindWords: words,
  number: z.number(),
  dueAt: z.string(),
  dueAtMs: z.number(),
  overdue: z.boolean(),
  ageMs: z.number(),
  draftId: z.string().nullable(),
});

/** A row that was altered stands in the list, and says so, without what it held. */
export function viewLine(deps: SituationDeps, row: SituationRow): SituationLine {
  return lineOf(deps, row, tryOpen(deps.vault, row));
}

/** @throws `report-altered` */
export function viewReport(deps: SituationDeps, row: SituationRow): z.infer<typeof reportView> {
  const content = openContent(deps.vault, row);
  const subject = content.kind === 'zero' ? null : { ...content.subject };
  return { ...lineOf(deps, row, content), county: content.county, subject, figures: { ...content.figures }, words: content.words };
}

/** As it would be printed now. @throws `report-altered` */
export function copyOf({ vault, config }: SituationDeps, row: SituationRow, language: Language): SituationSheet['document'] {
  const at = (ms: number) => capTime(ms, config.utcOffsetMinutes).slice(0, 16).replace('T', ' ');
  return situationDocument(row, openContent(vault, row), language, at);
}

/** @throws `report-altered` */
export function viewSheet(deps: SituationDeps, row: SituationRow, language: Language): SituationSheet {
  const content = openContent(deps.vault, row);
  return { ...lineOf(deps, row, content), words: content.words, document: copyOf(deps, row, language) };
}

function lineOf({ config, clock }: SituationDeps, row: SituationRow, content: Content | undefined): SituationLine {
  const { id, alertId, number, kind, mode, asOfMs, dueAtMs, sentAtMs, seal, version, state } = row;
  const at = (ms: number | null) => (ms === null ? null : capTime(ms, config.utcOffsetMinutes));
  const day = row.series.startsWith(DAY) ? row.series.slice(DAY.length) : null;
  return {
    ...{ id, alertId, day, number, kind, mode, asOfMs, seal, version, state },
    altered: content === undefined,
    kindWords: SITUATION_KINDS[kind],
    title: content === undefined ? '' : content.kind === 'zero' ? content.day.day : content.subject.title,
    asOf: capTime(asOfMs, config.utcOffsetMinutes),
    dueAt: at(dueAtMs),
    late: dueAtMs !== null && (sentAtMs ?? clock.now()) > dueAtMs,
    sentBy: content?.sent?.by ?? null,
    sentAt: at(sentAtMs),
  };
}
