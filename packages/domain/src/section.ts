// Chapter 5, sections (分组布阵): which work there is, whom it fits, and who is chosen for it, with the reasons. No I/O.
import { POSTS, SKILLS, type Answer, type Post, type Skill } from './member.ts';

export const SECTIONS = {
  warning: { zh: '预警', en: 'warning' },
  evacuation: { zh: '转移', en: 'evacuation' },
  inspection: { zh: '巡查', en: 'inspection' },
  medical: { zh: '医疗', en: 'medical' },
  supply: { zh: '后勤', en: 'supply' },
  cordon: { zh: '警戒', en: 'cordon' },
  rescue: { zh: '抢险', en: 'rescue' },
} as const;
export type Section = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as [Section, ...Section[]];

/** How well a post or a skill fits a section: 3 is what it is for, 1 is better than nothing. */
interface Fitting {
  posts: Partial<Record<Post, number>>;
  skills: Partial<Record<Skill, number>>;
}

const FITTING: Record<Section, Fitting> = {
  warning: { posts: { 'party-secretary': 3, 'group-leader': 3, 'grid-worker': 2 }, skills: { translation: 3, 'radio-operator': 2 } },
  evacuation: { posts: { 'grid-worker': 3, 'group-leader': 2, 'party-secretary': 2, militia: 2 }, skills: { carrying: 3, driving: 2 } },
  inspection: { posts: { 'hazard-monitor': 3, 'river-patrol': 3, 'forest-ranger': 2, 'border-guard': 1 }, skills: {} },
  medical: { posts: { 'village-doctor': 3 }, skills: { 'first-aid': 2 } },
  supply: { posts: { 'grid-worker': 1 }, skills: { cooking: 3, electrician: 2, driving: 2 } },
  cordon: { posts: { 'road-keeper': 3, 'border-guard': 3, militia: 2, 'forest-ranger': 1 }, skills: {} },
  rescue: { posts: { militia: 3 }, skills: { 'machine-operator': 3, carrying: 2, electrician: 1 } },
};

/** How far from the group a member belongs, nearest first: also the steps by which a call-out is widened. */
export const REACHES = {
  group: { zh: '本组', en: 'this group' },
  village: { zh: '本村', en: 'this village' },
  neighbours: { zh: '邻近网格', en: 'a neighbour' },
  township: { zh: '本乡镇', en: 'this township' },
  county: { zh: '本县', en: 'this county' },
} as const;
export type Reach = keyof typeof REACHES;
export const REACH_NAMES = Object.keys(REACHES) as [Reach, ...Reach[]];

/** Why somebody was chosen; words by `seatReasonWords`. `anybody`: neither post nor skill asked for, and there is work. `joined`: on the spot, by a code. */
export type SeatReason = `post:${Post}` | `skill:${Skill}` | `near:${Reach}` | 'anybody' | 'by-hand' | 'joined';

export function seatReasonWords(reason: SeatReason): { zh: string; en: string } {
  if (reason === 'anybody') return { zh: '有空缺', en: 'a place was open' };
  if (reason === 'by-hand') return { zh: '值班员指定', en: 'by an officer’s hand' };
  if (reason === 'joined') return { zh: '现场加入', en: 'joined on the spot' };
  const [kind, name] = reason.split(':') as ['post' | 'skill' | 'near', string];
  const words: Record<string, { zh: string; en: string }> = { post: POSTS, skill: SKILLS, near: REACHES }[kind];
  return words[name] ?? { zh: name, en: name };
}

/** The answers of somebody who can be counted upon, the readiest first. */
export const READY_ANSWERS = ['arrived', 'on-the-way', 'coming'] as const satisfies readonly Answer[];
export type ReadyAnswer = (typeof READY_ANSWERS)[number];

export interface Need {
  section: Section;
  needed: number;
  /** Only for whom a post or a skill fits. */
  fitOnly: boolean;
}

/** A member who said that he comes. */
export interface Candidate {
  memberId: string;
  posts: readonly Post[];
  skills: readonly Skill[];
  near: Reach;
  answer: ReadyAnswer;
  /** On the spot, by a code: nobody has checked what he can do. */
  joined?: boolean;
}

export interface HeldSeat {
  memberId: string;
  section: Section;
}

export interface Seat extends HeldSeat {
  reasons: SeatReason[];
}

export interface Filled {
  /** New seats; those that were held and stay are not among them. */
  seats: Seat[];
  /** Held by somebody who is no candidate any more. */
  freed: HeldSeat[];
  /** What is still missing, in the order of the needs. */
  open: Need[];
  /** Candidates for whom there was no seat. */
  rest: Candidate[];
}

type Fit = Pick<Candidate, 'posts' | 'skills'>;

/** 0: nothing about him asks for this section. */
export function fitOf(section: Section, { posts, skills }: Fit): number {
  const { posts: byPost, skills: bySkill } = FITTING[section];
  return Math.max(0, ...posts.map((post) => byPost[post] ?? 0)) + skills.reduce((sum, skill) => sum + (bySkill[skill] ?? 0), 0);
}

/** Whether he may sit where this is needed. */
export function maySit(need: Pick<Need, 'section' | 'fitOnly'>, fit: Fit): boolean {
  return !need.fitOnly || fitOf(need.section, fit) > 0;
}

function reasonsOf(section: Section, { posts, skills, near, joined }: Candidate): SeatReason[] {
  const { posts: byPost, skills: bySkill } = FITTING[section];
  const fitting: SeatReason[] = [
    ...posts.filter((post) => byPost[post] !== undefined).map((post): SeatReason => `post:${post}`),
    ...skills.filter((skill) => bySkill[skill] !== undefined).map((skill): SeatReason => `skill:${skill}`),
  ].toSorted();
  return [...(fitting.length > 0 ? fitting : ['anybody' as const]), `near:${near}`, ...(joined ? ['joined' as const] : [])];
}

interface Pairing {
  candidate: Candidate;
  need: Need;
  order: readonly number[];
}

/**
 * Who takes which seat. Who fits best is chosen first; of these who can do the least else, then the more important section, who is on the
 * lists, the nearer, the readier, and the smaller id. Whoever holds a seat and still comes keeps it: nobody is moved. The order of the input
 * does not matter, but for `needs`, which come the most important first.
 */
export function fillSections(needs: readonly Need[], candidates: readonly Candidate[], held: readonly HeldSeat[]): Filled {
  const comes = new Set(candidates.map(({ memberId }) => memberId));
  const [kept, freed] = [held.filter(({ memberId }) => comes.has(memberId)), held.filter(({ memberId }) => !comes.has(memberId))];
  const seated = new Set(kept.map(({ memberId }) => memberId));
  const missing = new Map(needs.map(({ section, needed }) => [section, needed - kept.filter((seat) => seat.section === section).length]));
  const seats: Seat[] = [];
  for (const { candidate, need } of pairings(needs, candidates)) {
    const left = missing.get(need.section) ?? 0;
    if (left <= 0 || seated.has(candidate.memberId)) continue;
    missing.set(need.section, left - 1);
    seated.add(candidate.memberId);
    seats.push({ memberId: candidate.memberId, section: need.section, reasons: reasonsOf(need.section, candidate) });
  }
  const open = needs.map((need) => ({ ...need, needed: missing.get(need.section) ?? 0 })).filter(({ needed }) => needed > 0);
  const rest = candidates.filter(({ memberId }) => !seated.has(memberId)).toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1));
  return { seats, freed: freed.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1)), open, rest };
}

function pairings(needs: readonly Need[], candidates: readonly Candidate[]): Pairing[] {
  const all = candidates.flatMap((candidate) => {
    const fits = needs.map(({ section }) => fitOf(section, candidate));
    const fitting = fits.filter((fit) => fit > 0).length;
    const readiness = READY_ANSWERS.indexOf(candidate.answer);
    return needs.flatMap((need, rank): Pairing[] => {
      const fit = fits[rank]!;
      if (fit === 0 && need.fitOnly) return [];
      return [{ candidate, need, order: [-fit, fitting, rank, candidate.joined ? 1 : 0, REACH_NAMES.indexOf(candidate.near), readiness] }];
    });
  });
  return all.toSorted((a, b) => compare(a.order, b.order) || (a.candidate.memberId < b.candidate.memberId ? -1 : 1));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
