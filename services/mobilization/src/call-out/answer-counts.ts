// Chapter 5, member: the answers of an alert, counted per group and in all.
import type { Answer } from '@laba/domain/member';
import type { AnswerCount } from './call-list-store.ts';

/** Who joined on the spot: counted apart, so that the others' figures go on saying how many of the lists have answered. */
interface Joined {
  total: number;
  coming: number;
  onTheWay: number;
  arrived: number;
  cannot: number;
}

export interface Counts {
  total: number;
  answered: number;
  coming: number;
  onTheWay: number;
  arrived: number;
  cannot: number;
  /** Of those who have not answered: the provider took the message; reported its arrival; the page was opened. */
  sent: number;
  delivered: number;
  read: number;
  /** No channel reaches them: somebody must go there. */
  noChannel: number;
  /** Called to the last step. */
  noAnswer: number;
  joined: Joined;
}

const FIELDS: Record<Answer, 'coming' | 'onTheWay' | 'arrived' | 'cannot'> = {
  coming: 'coming',
  'on-the-way': 'onTheWay',
  arrived: 'arrived',
  cannot: 'cannot',
};

function nothing(): Counts {
  return {
    total: 0,
    answered: 0,
    coming: 0,
    onTheWay: 0,
    arrived: 0,
    cannot: 0,
    sent: 0,
    delivered: 0,
    read: 0,
    noChannel: 0,
    noAnswer: 0,
    joined: { total: 0, coming: 0, onTheWay: 0, arrived: 0, cannot: 0 },
  };
}

function add(counts: Counts, row: AnswerCount): void {
  if (row.joined === 1) {
    counts.joined.total += row.count;
    if (row.answer !== null) counts.joined[FIELDS[row.answer]] += row.count;
    return;
  }
  counts.total += row.count;
  if (row.answer !== null) {
    counts.answered += row.count;
    counts[FIELDS[row.answer]] += row.count;
    return;
  }
  if (row.state === 'sent' || row.state === 'delivered' || row.state === 'read') counts[row.state] += row.count;
  if (row.reason === 'no-channel') counts.noChannel += row.count;
  if (row.reason === 'no-answer') counts.noAnswer += row.count;
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
