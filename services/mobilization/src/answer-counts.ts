// Chapter 5, member: the answers of an alert, counted per group and in all.
import type { Answer } from '@laba/domain/member';
import type { AnswerCount } from './call-store.ts';

export interface Counts {
  total: number;
  answered: number;
  coming: number;
  onTheWay: number;
  arrived: number;
  cannot: number;
  /** Opened the page and has not answered. */
  read: number;
}

const FIELDS: Record<Answer, 'coming' | 'onTheWay' | 'arrived' | 'cannot'> = {
  coming: 'coming',
  'on-the-way': 'onTheWay',
  arrived: 'arrived',
  cannot: 'cannot',
};

function nothing(): Counts {
  return { total: 0, answered: 0, coming: 0, onTheWay: 0, arrived: 0, cannot: 0, read: 0 };
}

function add(counts: Counts, row: AnswerCount): void {
  counts.total += row.count;
  if (row.answer !== null) {
    counts.answered += row.count;
    counts[FIELDS[row.answer]] += row.count;
  } else if (row.state === 'read') {
    counts.read += row.count;
  }
}

export function answersByGroup(rows: readonly AnswerCount[]): { total: Counts; groups: (Counts & { code: string; name: string })[] } {
  const total = nothing();
  const groups = new Map<string, Counts & { code: string; name: string }>();
  for (const row of rows) {
    const group = groups.get(row.gridCode) ?? { ...nothing(), code: row.gridCode, name: row.gridName ?? row.gridCode };
    groups.set(row.gridCode, group);
    add(total, row);
    add(group, row);
  }
  return { total, groups: [...groups.values()] };
}
