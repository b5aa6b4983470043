// The county's policy, every combination once: who may raise what over which area, and with how many people.
import { describe, expect, it } from 'vitest';
import { KINDS, LEVELS, MODES, ORDERS, type AlertSubject, type Kind } from '@laba/domain/alert';
import { reachedTier, TIERS, widestTier, type Area, type Tier } from '@laba/domain/grid';
import { ROLES, type Officer, type Role } from '@laba/domain/officer';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { assertMayRaise, decideRaise } from './decide-raise.ts';

const CODES: Record<Tier, string> = { county: '533324', township: '533324100', village: '533324100201', group: '53332410020101' };
const at = (...codes: string[]): Area => ({ codes, tier: widestTier(codes)! });
const officer = (role: Role, scope = '533324'): Officer => ({ id: `own-${role}`, username: role, name: role, role, scopes: [scope] });

const degreesOf = (kind: Kind): Pick<AlertSubject, 'level' | 'order'>[] =>
  kind === 'warning' ? LEVELS.map((level) => ({ level, order: null })) : ORDERS.map((order) => ({ level: null, order }));
const subjects: AlertSubject[] = MODES.flatMap((mode) => KINDS.flatMap((kind) => degreesOf(kind).map((degree) => ({ mode, kind, ...degree }))));
const cases = subjects.flatMap((subject) => TIERS.flatMap((tier) => ROLES.map((role) => ({ subject, tier, role }))));

// The same policy in other words, so that table and code cannot be wrong together.
function officersExpected(subject: AlertSubject, tier: Tier, role: Role): 0 | 1 | 2 {
  // A prefecture watches.
  if (role === 'prefecture-officer') return 0;
  if (subject.mode === 'test' || tier !== 'county') return 1;
  if (role !== 'county-admin' && role !== 'county-officer') return 0;
  const gravest = subject.level === 'red' || subject.order === 'move-now';
  return subject.mode === 'live' && gravest ? 2 : 1;
}

describe('the policy a county starts with', () => {
  it(`decides all ${cases.length} combinations of mode, kind, degree, tier and role`, () => {
    expect(cases).toHaveLength(3 * 6 * 4 * 5);
    for (const { subject, tier, role } of cases) {
      const expected = officersExpected(subject, tier, role);
      const alone = decideRaise(DEFAULT_POLICY, subject, at(CODES[tier]), officer(role), []);
      const together = decideRaise(DEFAULT_POLICY, subject, at(CODES[tier]), officer(role), ['somebody-else']);
      const name = JSON.stringify({ ...subject, tier, role });
      expect(alone.mayRaise, name).toBe(expected === 1);
      expect(together.mayRaise, name).toBe(expected > 0);
      expect(alone.missing, name).toEqual([
        ...(expected === 0 ? ['role'] : []),
        ...(expected !== 1 && officersExpected(subject, tier, 'county-admin') === 2 ? ['second-officer'] : []),
      ]);
    }
  });

  it('takes the widest of several areas', () => {
    const red = { mode: 'live', kind: 'warning', level: 'red', order: null } as const;
    expect(decideRaise(DEFAULT_POLICY, red, at(CODES.group, CODES.county), officer('county-officer'), []).missing).toEqual(['second-officer']);
    expect(decideRaise(DEFAULT_POLICY, red, at(CODES.group, CODES.village), officer('county-officer'), []).mayRaise).toBe(true);
  });

  it('takes most of what lies under one node for the node itself, whatever is named', () => {
    const nodes = [CODES.county, ...['100', '101', '102'].map((n) => `533324${n}`), ...['100201', '100202', '101201', '102201'].map((n) => `533324${n}`)];
    const tierOf = (...codes: string[]) => reachedTier(codes, nodes);
    expect(tierOf('533324100')).toBe('township');
    expect(tierOf('533324100', '533324101')).toBe('county');
    expect(tierOf('533324100201', '533324101201')).toBe('village');
    // Both villages of the one, and another as a whole: two townships of three.
    expect(tierOf('533324100201', '533324100202', '533324101')).toBe('county');
    expect(tierOf('533324100201', '533324100202')).toBe('township');
    // A county that has one township only: who warns it warns a township.
    expect(reachedTier(['533324100201', '533324100202'], nodes.slice(0, 2).concat(nodes.slice(4, 6)))).toBe('township');
    // Township rows may be absent: then villages lie directly under the county.
    expect(reachedTier(['533324100201', '533324101201'], [CODES.county, ...nodes.slice(4, 7)])).toBe('county');
  });

  it('counts an officer once, however often he agrees', () => {
    const moveNow = { mode: 'live', kind: 'order', level: null, order: 'move-now' } as const;
    const decision = decideRaise(DEFAULT_POLICY, moveNow, at(CODES.county), officer('county-officer'), ['own-county-officer', 'own-county-officer']);
    expect(decision).toMatchObject({ mayRaise: false, officersNeeded: 2, officers: ['own-county-officer'], missing: ['second-officer'] });
  });

  it('says why in Chinese and English, and refuses by the first thing that is missing', () => {
    const red = { mode: 'live', kind: 'warning', level: 'red', order: null } as const;
    const cadre = decideRaise(DEFAULT_POLICY, red, at(CODES.county), officer('village-cadre', CODES.village), []);
    expect(cadre).toMatchObject({ mayRaise: false, missing: ['role', 'scope', 'second-officer'], rolesAllowed: ['county-admin', 'county-officer'] });
    expect(cadre.why.zh).toContain('县值班员');
    expect(cadre.why.en).toContain('county duty officer');
    expect(() => assertMayRaise(cadre)).toThrow(expect.objectContaining({ code: 'role-refused' }) as Error);
    const outside = decideRaise(DEFAULT_POLICY, red, at(CODES.village), officer('village-cadre', '533324999999'), []);
    expect(() => assertMayRaise(outside)).toThrow(expect.objectContaining({ code: 'out-of-scope' }) as Error);
    const alone = decideRaise(DEFAULT_POLICY, red, at(CODES.county), officer('county-officer'), []);
    expect(() => assertMayRaise(alone)).toThrow(expect.objectContaining({ code: 'approval-needed' }) as Error);
  });

  it('lets a village alone order its own people, and leaves a warning’s colour to who issues it', () => {
    const here = { ...DEFAULT_POLICY, rows: DEFAULT_POLICY.alone };
    for (const { subject, tier, role } of cases) {
      const expected = role !== 'prefecture-officer' && tier !== 'county' && (subject.mode === 'test' || subject.kind === 'order');
      const decision = decideRaise(here, subject, at(CODES[tier]), officer(role), []);
      expect(decision.mayRaise, JSON.stringify({ ...subject, tier, role })).toBe(expected);
      if (!expected) expect(decision.missing).toEqual(['role']);
    }
    const red = decideRaise(here, { mode: 'live', kind: 'warning', level: 'red', order: null }, at(CODES.village), officer('village-cadre'), []);
    expect(red.why.zh).toContain('可以发布的是：准备转移、立即转移');
    expect(red.why.en).toContain('what may be raised here: prepare to move, move now');
  });

  it('lets nobody raise what no row allows', () => {
    const none = { ...DEFAULT_POLICY, rows: DEFAULT_POLICY.rows.slice(0, 1) };
    const decision = decideRaise(none, { mode: 'live', kind: 'order', level: null, order: 'prepare' }, at(CODES.village), officer('county-admin'), ['x']);
    expect(decision).toMatchObject({ mayRaise: false, missing: ['role'], rolesAllowed: [], policyRow: null });
  });
});
