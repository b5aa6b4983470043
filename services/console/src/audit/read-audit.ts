// Audit: who did what, when, found by officer, kind, place, time and by the words that an officer reads.
import type { AuditView } from '@laba/domain/audit-view';
import { LIMITS } from '@laba/domain/limits';
import type { EventView } from '@laba/domain/measures-view';
import type { Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import { newestSeq } from '../event-store.ts';
import { maySee, tellEvents } from '../event-view.ts';
import { searchEvents, timeAt, type AuditSearch } from './audit-store.ts';

export interface AuditQuestion extends AuditSearch {
  /** Every one of them must stand in what is read: the words in either language, the name, the place. */
  words: readonly string[];
}

export interface AuditPage {
  /** From the newest on, when it is not said. */
  before: number | undefined;
  limit: number;
}

function isMeant({ zh, en, whoName, who, gridName, gridCode, subjectName, type }: EventView, words: readonly string[]): boolean {
  const text = [zh, en, whoName, who, gridName, gridCode, subjectName, type].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Of events that came late from a village, and of clocks that were set: so much earlier is looked too. */
const LATE_MS = 86_400_000;

/**
 * Looks back through a stretch of the timeline at a time, so that no search holds up the house, however rare what is looked for is. So many
 * stretches, and so many events held against the words, go into one answer and no more; the next answer goes on from there.
 */
export async function readAudit({ db, config }: Pick<Deps, 'db' | 'config'>, officer: Officer, question: AuditQuestion, page: AuditPage): Promise<AuditView> {
  const events: EventView[] = [];
  let before = page.before ?? (await newestSeq(db)) + 1;
  let searchedToMs: number | null = null;
  let looked = 0;
  for (let turn = 0; turn < LIMITS.auditStretches && looked < LIMITS.auditLookedThrough && events.length < page.limit && before > 1; turn++) {
    const after = Math.max(0, before - 1 - LIMITS.auditStretchEvents);
    const rows = await searchEvents(db, question, { after, before }, LIMITS.rowsPerPage);
    const told = (await tellEvents(db, rows, config.utcOffsetMinutes)).filter((one) => maySee(officer, one)).map(({ view }) => view);
    const meant = told.filter((view) => isMeant(view, question.words));
    const room = page.limit - events.length;
    events.push(...meant.slice(0, room));
    looked += rows.length;
    const isWhole = meant.length <= room && rows.length < LIMITS.rowsPerPage;
    before = isWhole ? after + 1 : (meant.length > room ? events.at(-1)! : rows.at(-1)!).seq;
    searchedToMs = await timeAt(db, before);
    if (isWhole && searchedToMs !== null && searchedToMs < (question.fromMs ?? 0) - LATE_MS) return { events, next: null, searchedToMs };
  }
  return { events, next: before > 1 ? before : null, searchedToMs };
}
