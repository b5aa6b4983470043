// Audit: who did what, when, found by officer, kind, place, time and by the words that an officer reads.
import type { AuditView } from '@laba/domain/audit-view';
import { LIMITS } from '@laba/domain/limits';
import type { EventView } from '@laba/domain/measures-view';
import type { Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import { maySee, tellEvents } from '../event-view.ts';
import { searchEvents, type AuditSearch } from './audit-store.ts';

export interface AuditQuestion extends AuditSearch {
  /** Every one of them must stand in what is read: the words in either language, the name, the place. */
  words: readonly string[];
}

export interface AuditPage {
  before: number | undefined;
  limit: number;
}

function isMeant({ zh, en, whoName, who, gridName, gridCode, subjectName, type }: EventView, words: readonly string[]): boolean {
  const text = [zh, en, whoName, who, gridName, gridCode, subjectName, type].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

/**
 * What is looked for by words is told first and then held against them: so many events are looked through for one answer and no more, and the
 * next answer goes on from there.
 */
export async function readAudit({ db, config }: Pick<Deps, 'db' | 'config'>, officer: Officer, question: AuditQuestion, page: AuditPage): Promise<AuditView> {
  const events: EventView[] = [];
  let { before } = page;
  let searchedToMs: number | null = null;
  for (let looked = 0; looked < LIMITS.auditLookedThrough; looked += LIMITS.rowsPerPage) {
    const rows = await searchEvents(db, question, before, LIMITS.rowsPerPage);
    const told = (await tellEvents(db, rows, config.utcOffsetMinutes)).filter((one) => maySee(officer, one)).map(({ view }) => view);
    const meant = told.filter((view) => isMeant(view, question.words));
    const room = page.limit - events.length;
    events.push(...meant.slice(0, room));
    const last = meant.length > room ? events.at(-1)! : rows.at(-1);
    before = last?.seq ?? before;
    searchedToMs = last?.atMs ?? searchedToMs;
    if (meant.length <= room && rows.length < LIMITS.rowsPerPage) return { events, next: null, searchedToMs };
    if (meant.length >= room) break;
  }
  return { events, next: before ?? null, searchedToMs };
}
