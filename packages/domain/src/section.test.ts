// Who is chosen for which section, and why; and how many a group needs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POSTS, SKILLS, type Post, type Skill } from './member.ts';
import { DEFAULT_SECTION_PLAN, needsOf, sectionPlanSchema } from './section-plan.ts';
import { fillSections, fitOf, REACH_NAMES, READY_ANSWERS, seatReasonWords, SECTION_NAMES, type Candidate, type Need } from './section.ts';

const who = (memberId: string, given: Partial<Candidate> = {}): Candidate => ({ memberId, posts: [], skills: [], near: 'group', answer: 'coming', ...given });
const need = (section: Need['section'], needed: number, fitOnly = false): Need => ({ section, needed, fitOnly });

const candidates = fc.uniqueArray(
  fc.record({
    memberId: fc.string({ minLength: 1, maxLength: 4 }),
    posts: fc.subarray(Object.keys(POSTS) as Post[]),
    skills: fc.subarray(Object.keys(SKILLS) as Skill[]),
    near: fc.constantFrom(...REACH_NAMES),
    answer: fc.constantFrom(...READY_ANSWERS),
  }),
  { selector: ({ memberId }) => memberId, maxLength: 25 },
);
const needs = fc.uniqueArray(fc.record({ section: fc.constantFrom(...SECTION_NAMES), needed: fc.integer({ min: 1, max: 6 }), fitOnly: fc.boolean() }), {
  selector: ({ section }) => section,
  maxLength: 7,
});

describe('the sections of a group', () => {
  it('are filled by post and skill, and say why', () => {
    const { seats, open, rest } = fillSections(
      [need('warning', 1), need('evacuation', 2), need('medical', 1, true)],
      [
        who('doctor', { posts: ['village-doctor'], skills: ['first-aid'] }),
        who('secretary', { posts: ['party-secretary'], skills: ['first-aid'] }),
        who('carrier', { skills: ['carrying', 'driving'] }),
        who('cook', { skills: ['cooking'], near: 'village' }),
        who('plain'),
      ],
      [],
    );
    expect(seats).toEqual([
      { memberId: 'carrier', section: 'evacuation', reasons: ['skill:carrying', 'skill:driving', 'near:group'] },
      { memberId: 'doctor', section: 'medical', reasons: ['post:village-doctor', 'skill:first-aid', 'near:group'] },
      { memberId: 'secretary', section: 'warning', reasons: ['post:party-secretary', 'near:group'] },
      { memberId: 'plain', section: 'evacuation', reasons: ['anybody', 'near:group'] },
    ]);
    expect(open).toEqual([]);
    expect(rest.map(({ memberId }) => memberId)).toEqual(['cook']);
    expect(seatReasonWords('post:village-doctor')).toEqual({ zh: '村医', en: 'village doctor' });
    expect(seatReasonWords('near:neighbours').en).toBe('a neighbour');
  });

  it('leave a seat open rather than give the sick to somebody who knows nothing of it', () => {
    const { seats, open, rest } = fillSections([need('medical', 2, true)], [who('plain'), who('helper', { skills: ['first-aid'] })], []);
    expect(seats.map(({ memberId }) => memberId)).toEqual(['helper']);
    expect(open).toEqual([need('medical', 1, true)]);
    expect(rest.map(({ memberId }) => memberId)).toEqual(['plain']);
  });

  it('free the seat of who does not come, and choose the next; who comes stays where he is', () => {
    const held = [
      { memberId: 'gone', section: 'warning' as const },
      { memberId: 'stays', section: 'evacuation' as const },
    ];
    const { seats, freed } = fillSections([need('warning', 1), need('evacuation', 1)], [who('stays', { posts: ['party-secretary'] }), who('next')], held);
    expect(freed).toEqual([held[0]]);
    expect(seats).toEqual([{ memberId: 'next', section: 'warning', reasons: ['anybody', 'near:group'] }]);
  });

  it('never hold more than is needed, never one person twice, never who does not come, and each seat is explained', () => {
    fc.assert(
      fc.property(needs, candidates, candidates, fc.infiniteStream(fc.constantFrom(...SECTION_NAMES)), (asked, coming, others, sections) => {
        const before = [...coming.slice(0, 4), ...others.slice(0, 2)].map(({ memberId }) => ({ memberId, section: sections.next().value! }));
        const held = before.filter((seat, i) => before.findIndex(({ memberId }) => memberId === seat.memberId) === i);
        const { seats, freed, open, rest } = fillSections(asked, coming, held);
        const comes = new Set(coming.map(({ memberId }) => memberId));
        const kept = held.filter(({ memberId }) => comes.has(memberId));
        const all = [...kept, ...seats];
        expect(new Set(all.map(({ memberId }) => memberId)).size).toBe(all.length);
        expect(seats.every(({ memberId, reasons }) => comes.has(memberId) && reasons.length >= 2)).toBe(true);
        expect(freed.every(({ memberId }) => !comes.has(memberId))).toBe(true);
        for (const { section, needed, fitOnly } of asked) {
          const has = (list: readonly { section: string }[]) => list.filter((seat) => seat.section === section).length;
          const missing = open.find((one) => one.section === section)?.needed ?? 0;
          expect(has(all) + missing).toBe(Math.max(needed, has(kept)));
          if (missing > 0) expect(rest.every((candidate) => fitOnly && fitOf(section, candidate) === 0)).toBe(true);
          if (fitOnly)
            for (const seat of seats.filter((one) => one.section === section))
              expect(
                fitOf(
                  section,
                  coming.find(({ memberId }) => memberId === seat.memberId)!,
                ),
              ).toBeGreaterThan(0);
        }
        expect(rest.length).toBe(coming.length - all.length);
      }),
    );
  });

  it('come out the same whatever the order in which people are listed, and stay so when asked again', () => {
    fc.assert(
      fc.property(needs, candidates, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (asked, coming, random) => {
        const once = fillSections(asked, coming, []);
        const shuffled = coming.map((one) => ({ one, at: random.next().value! })).toSorted((a, b) => a.at - b.at);
        expect(
          fillSections(
            asked,
            shuffled.map(({ one }) => one),
            [],
          ),
        ).toEqual(once);
        const again = fillSections(asked, coming, once.seats);
        expect(again).toEqual({ seats: [], freed: [], open: once.open, rest: once.rest });
      }),
    );
  });
});

describe('what a group needs', () => {
  const moveNow = { eventCode: '11D00', level: null, order: 'move-now' } as const;

  it('grows with its people, goes in pairs, and depends on what threatens', () => {
    expect(needsOf(DEFAULT_SECTION_PLAN, { households: 65, persons: 229 }, moveNow)).toEqual([
      need('warning', 2),
      need('evacuation', 8),
      need('medical', 1, true),
      need('inspection', 2),
      need('cordon', 2),
      need('rescue', 2),
      need('supply', 2),
    ]);
    expect(needsOf(DEFAULT_SECTION_PLAN, { households: 2, persons: 9 }, moveNow)).toEqual([need('warning', 1), need('evacuation', 2)]);
    expect(needsOf(DEFAULT_SECTION_PLAN, { households: 0, persons: 0 }, moveNow)).toEqual([]);
    const large = { households: 300, persons: 1_000 };
    const inspection = (eventCode: string) => needsOf(DEFAULT_SECTION_PLAN, large, { ...moveNow, eventCode }).find(({ section }) => section === 'inspection');
    expect([inspection('11A51')?.needed, inspection('11B25')?.needed]).toEqual([4, 2]);
  });

  it('is nothing where the degree asks nobody out', () => {
    const of = (level: 'red' | 'yellow') => needsOf(DEFAULT_SECTION_PLAN, { households: 65, persons: 199 }, { eventCode: '11B03', level, order: null });
    expect(of('yellow')).toEqual([]);
    expect(of('red').length).toBeGreaterThan(0);
  });

  it('is refused when the plan names a section that does not exist, or a number that makes no sense', () => {
    const [first] = DEFAULT_SECTION_PLAN.quotas;
    const plan = (change: object) => sectionPlanSchema.safeParse({ ...DEFAULT_SECTION_PLAN, quotas: [{ ...first, ...change }] });
    expect(plan({}).success).toBe(true);
    for (const wrong of [{ section: 'fireworks' }, { least: -1 }, { most: 1.5 }, { perPersons: 1e9 }, { eventCodes: ['%'] }, { extra: true }])
      expect(plan(wrong).success, JSON.stringify(wrong)).toBe(false);
    expect(sectionPlanSchema.safeParse({ ...DEFAULT_SECTION_PLAN, widenAfterMinutes: 0 }).success).toBe(false);
  });
});
