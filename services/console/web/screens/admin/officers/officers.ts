// Accounts: where they are read, how one stands, and which are looked for.
import type { OfficerView } from '@laba/domain/officer-view';

export const OFFICERS = '/api/v1/officers';

export type OfficerState = 'disabled' | 'locked' | 'new' | 'good';

export function stateOf({ disabled, lockedOut, hasPassword }: OfficerView): OfficerState {
  if (disabled) return 'disabled';
  if (lockedOut) return 'locked';
  return hasPassword ? 'good' : 'new';
}

const RANK: Record<OfficerState, number> = { locked: 0, new: 1, good: 2, disabled: 3 };

/** Who waits for an administrator first, the disabled last. `nameOf`: of a place. */
export function listed(officers: readonly OfficerView[], wanted: string, nameOf: (code: string) => string): OfficerView[] {
  const key = wanted.trim().toLowerCase();
  const isWanted = ({ name, username, scopes }: OfficerView) =>
    key === '' || [name, username, ...scopes, ...scopes.map(nameOf)].some((words) => words.toLowerCase().includes(key));
  return officers.filter(isWanted).sort((a, b) => RANK[stateOf(a)] - RANK[stateOf(b)] || (a.username < b.username ? -1 : 1));
}
