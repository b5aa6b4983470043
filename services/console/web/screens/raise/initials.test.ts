// A place is found by the first letters of how its name is read.
import { describe, expect, it } from 'vitest';
import { initialsOf } from './initials.ts';

describe('the first letters of a name', () => {
  it('are those of how its characters are read', () => {
    for (const [name, letters] of [
      ['打所小组', 'dsxz'],
      ['茨开镇', 'ckz'],
      ['独龙江乡', 'dljx'],
      ['丙中洛镇', 'bzlz'],
      ['普拉底乡', 'pldx'],
      ['秋那桶村', 'qntc'],
      ['迪麻洛村', 'dmlc'],
      ['鸡公山 A3', 'jgs a3'],
    ] as const)
      expect(initialsOf(name), name).toBe(letters);
  });
});
