// Chapter 6, watch: which village stands first on the board, and how its events become lines.
import { expect, it } from 'vitest';
import type { CountedNode, LadderView, RollCallView } from '@laba/domain/board-view';
import type { EventView } from '@laba/domain/measures-view';
import { PERSON_STATUS_NAMES, type PersonStatus } from '@laba/domain/rollcall';
import { countedByCode, inOrder, villagesOf } from './board-order.ts';
import { linesOf, merged } from './timeline-groups.ts';

const members = { total: 0, waiting: 0, read: 0, coming: 0, onTheWay: 0, arrived: 0, cannot: 0, closed: 0, joined: 0, changedAtMs: null };

function node(code: string, failed = 0, parentCode: string | null = null): CountedNode {
  return {
    ...{ code, tier: code.length > 12 ? 'group' : 'village', name: code, parentCode },
    ...{ speakers: { total: 1, states: { failed }, ever: {}, changedAtMs: null }, members, households: { total: 0 }, sites: { total: 1, silent: 0 } },
  };
}

function counted(code: string, status: PersonStatus): RollCallView['groups'][number] {
  const byStatus = Object.fromEntries(PERSON_STATUS_NAMES.map((one) => [one, one === status ? 1 : 0])) as Record<PersonStatus, number>;
  const persons = { total: 1, frozen: 1, found: 0, accounted: status === 'unreached' || status === 'missing' ? 0 : 1, unconfirmed: 0, byStatus };
  return {
    code,
    name: code,
    complete: false,
    households: { total: 1, accounted: 0 },
    persons,
    places: { total: 0, open: 0, expected: 0, counted: 0 },
    markedAtMs: null,
  };
}

const A = '533324101201';
const B = '533324101202';
const C = '533324101203';
const D = '533324101204';

it('puts a missing person before an overdue ladder, that before broken speakers, those before who is only unreached', () => {
  const sums = countedByCode({ groups: [counted(`${A}01`, 'unreached'), counted(`${D}01`, 'missing')] });
  const overdue = { gridCode: C, overdue: true } as LadderView;
  const order = inOrder(villagesOf([node(A), node(B, 3), node(C), node(D), node('533324101205')]), sums, [overdue]);
  expect(order.map((one) => one.node.code)).toEqual([D, C, B, A, '533324101205']);
});

it('sums the roll-call of a village over its groups, and shows a group alone where its village is not in view', () => {
  const sums = countedByCode({ groups: [counted(`${A}01`, 'missing'), counted(`${A}02`, 'moved')] });
  expect(sums.get(A)).toMatchObject({ persons: 2, accounted: 1, households: { total: 2 } });
  const villages = villagesOf([node(A), node(`${A}01`, 0, A), node(`${B}01`)]);
  expect(villages.map((one) => [one.node.code, one.groups.length])).toEqual([
    [A, 1],
    [`${B}01`, 0],
  ]);
});

const event = (seq: number, type: string, atMs = seq) => ({ seq, type, atMs, data: {} }) as EventView;

it('makes one line of what many told within a minute, and never two of one event', () => {
  const many = Array.from({ length: 9 }, (_, i) => event(i, 'delivery.playing'));
  const lines = linesOf([...many, event(4.5, 'alert.updated'), event(70_000, 'delivery.playing')]);
  expect(lines.map((line) => line.length)).toEqual([1, 9, 1]);
  expect(merged([event(1, 'a'), event(2, 'a')], [event(2, 'a'), event(3, 'a')], 2).map(({ seq }) => seq)).toEqual([3, 2]);
});
