// Chapter 5, tasks: the pure rules of the list that closes.
import { describe, expect, it } from 'vitest';
import { LabaError } from './errors.ts';
import { remindedNext, stateAfter, taskNodes, templatesFor, type TaskMove, type TaskTemplate } from './task.ts';
import { choosePostHolder, type PostHolder } from './task-owner.ts';

const standing = { state: 'open', ownerMemberId: 'm-1', ownerOfficerId: null, doneBy: null, dueAtMs: 1_000 } as const;
const codeOf = (move: () => unknown): string => {
  try {
    move();
    return 'allowed';
  } catch (error) {
    return (error as LabaError).code;
  }
};

describe('a task', () => {
  it('goes from open to taken, done and signed off, and by no other way', () => {
    const moves: TaskMove[] = ['take', 'done', 'sign-off', 'send-back', 'reassign', 'extend', 'drop'];
    const allowed = (['open', 'taken', 'done', 'signed-off', 'dropped'] as const).map((state) => [
      state,
      moves.filter((move) => codeOf(() => stateAfter({ ...standing, state }, move, 'officer:o-1', { nowMs: 1 })) === 'allowed'),
    ]);
    expect(Object.fromEntries(allowed)).toEqual({
      open: ['take', 'done', 'reassign', 'extend', 'drop'],
      taken: ['done', 'reassign', 'extend', 'drop'],
      done: ['sign-off', 'send-back', 'drop'],
      'signed-off': [],
      dropped: [],
    });
  });

  it('is not signed off by its owner, nor by who said that it is done', () => {
    const done = { ...standing, state: 'done', ownerMemberId: null, ownerOfficerId: 'o-1', doneBy: 'officer:o-2' } as const;
    const signs = (who: string) => codeOf(() => stateAfter(done, 'sign-off', who, { nowMs: 1 }));
    expect([signs('officer:o-1'), signs('officer:o-2'), signs('officer:o-3')]).toEqual(['same-officer', 'same-officer', 'allowed']);
  });

  it('done after the deadline says why, and in time it need not', () => {
    const done = (nowMs: number, lateReason?: string) => codeOf(() => stateAfter(standing, 'done', 'member:m-1', { nowMs, lateReason }));
    expect([done(1_000), done(1_001), done(1_001, ''), done(1_001, '路断了')]).toEqual(['allowed', 'bad-input', 'bad-input', 'allowed']);
  });

  it('reminds the owner, then the township, then the duty officer for ever', () => {
    expect([0, 1, 2, 9].map((n) => remindedNext('taken', n))).toEqual(['owner', 'township', 'duty', 'duty']);
    expect(remindedNext('done', 0)).toBe('township');
  });
});

describe('where and what', () => {
  const nodes = ['533324', '533324101201', '53332410120101', '53332410120102', '533324101202'];

  it('a village’s work is in each village that the area touches, a group’s in each group, or in a village that has none', () => {
    expect(taskNodes(['533324'], 'village', nodes)).toEqual(['533324101201', '533324101202']);
    expect(taskNodes(['53332410120101'], 'village', nodes)).toEqual(['533324101201']);
    expect(taskNodes(['533324'], 'group', nodes)).toEqual(['53332410120101', '53332410120102', '533324101202']);
    expect(taskNodes(['53332410120101'], 'group', nodes)).toEqual(['53332410120101']);
    expect(taskNodes([], 'village', nodes)).toEqual([]);
  });

  it('a hazard without templates of its own takes the common ones, and only of its colour or order', () => {
    const template = (id: string, eventCodes: string[], degrees: TaskTemplate['degrees']): TaskTemplate => ({
      id,
      eventCodes,
      degrees,
      stage: 'now',
      zh: '',
      en: '',
      actions: [],
    });
    const all = [template('flood', ['11A01'], ['red']), template('common', [], ['red']), template('slow', ['11A01'], ['blue'])];
    const ids = (code: string, degree: 'red' | 'blue' | 'orange') => templatesFor(all, code, degree).map(({ id }) => id);
    expect([ids('11A01', 'red'), ids('99Z99', 'red'), ids('11A01', 'blue'), ids('11A01', 'orange')]).toEqual([['flood'], ['common'], ['slow'], []]);
  });
});

describe('whose', () => {
  const group = '53332410120101';
  const holder = (memberId: string, gridCode: string, post: PostHolder['post']): PostHolder => ({ memberId, gridCode, post });

  it('the post goes before nearness, nearness before load; the neighbour’s holder is not asked', () => {
    const holders = [
      holder('m-village', '533324101201', 'hazard-monitor'),
      holder('m-near', group, 'hazard-monitor'),
      holder('m-ranger', group, 'forest-ranger'),
      holder('m-other', '53332410120102', 'hazard-monitor'),
    ];
    const choose = (code: string) => choosePostHolder(code, ['hazard-monitor', 'forest-ranger'], holders, new Map());
    expect([choose(group), choose('53332410120102'), choose('53332410120103'), choose('533324101202')]).toEqual(['m-near', 'm-other', 'm-village', undefined]);
  });

  it('two of the same post take turns, and the village’s responsible person stands in', () => {
    const two = [holder('m-1', group, 'grid-worker'), holder('m-2', group, 'grid-worker')];
    const tasksOf = new Map<string, number>();
    expect([1, 2, 3].map(() => choosePostHolder(group, ['grid-worker'], two, tasksOf))).toEqual(['m-1', 'm-2', 'm-1']);
    const secretary = [holder('m-secretary', '533324101201', 'party-secretary')];
    expect(choosePostHolder(group, ['road-keeper'], secretary, new Map())).toBe('m-secretary');
  });
});
