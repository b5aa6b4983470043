// A village's own house: by which digits an officer of the county signs in there, and as whom he acts.
import { tierOf, type Tier } from './grid.ts';
import { LIMITS } from './limits.ts';
import type { Role } from './officer.ts';

/** Tiers whose nodes may have a house of their own under the county's, the most usual first. */
export const LOCAL_TIERS: readonly Tier[] = ['village', 'township', 'group'];

const HALF = LIMITS.localCodeDigits / 2;

/** As it is printed and said: two halves. */
export function spellLocalCode(digits: string): string {
  return `${digits.slice(0, HALF)} ${digits.slice(HALF)}`;
}

/** What was typed, as digits; spaces, dashes and wide digits do not matter. Undefined when it cannot be a code. */
export function readLocalCode(typed: string): string | undefined {
  const digits = typed.normalize('NFKC').replace(/[\s\-‐-―]/gu, '');
  return digits.length === LIMITS.localCodeDigits && /^[0-9]+$/.test(digits) ? digits : undefined;
}

/** A box may be stolen and its codes guessed: at a village's house nobody may more than its cadre, at a township's than its officer. */
export function roleAt(node: string, role: Role): Role {
  return tierOf(node) === 'township' && role !== 'village-cadre' ? 'township-officer' : 'village-cadre';
}
