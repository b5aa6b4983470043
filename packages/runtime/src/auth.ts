// Who may do what, where. Authorization is a branded type made by one function from (officer, action, grid codes).
import { LabaError } from '@laba/domain/errors';
import { hasScope, roleMay, type Action, type Officer } from '@laba/domain/officer';
import type { Op } from '@laba/storage/database';

declare const permitted: unique symbol;

/** Proof that this officer may do this action in these grid nodes. Only `authorize` makes one. */
export interface Permit<A extends Action = Action> {
  readonly officer: Officer;
  readonly action: A;
  readonly codes: readonly string[];
  readonly [permitted]: true;
}

/** @throws `role-refused`, `out-of-scope` (names the first code outside), `empty-area` */
export function authorize<A extends Action>(officer: Officer, action: A, codes: readonly string[]): Permit<A> {
  if (!roleMay(officer.role, action)) throw new LabaError('role-refused', `The role ${officer.role} may not ${action}.`, { action });
  if (codes.length === 0) throw new LabaError('empty-area');
  const outside = codes.find((code) => !hasScope(officer, code));
  if (outside !== undefined)
    throw new LabaError('out-of-scope', `Grid node ${outside} lies outside your scope (${officer.scopes.join(', ')}).`, { gridCode: outside });
  return { officer, action, codes } as unknown as Permit<A>;
}

/** Who acts, from where, and what goes into his commit so that the same request is never carried out twice. */
export interface Act {
  /** `officer:ID`, `gateway:ID`, `member:ID`, `monitor:ID` (of that hazard point), `site:ID` (the push button in its room), `public`, `system`. */
  who: string;
  via: 'http' | 'mqtt' | 'job' | 'cli' | 'watchdog' | 'button';
  once: readonly Op[];
}

export interface Session {
  officer: Officer;
  csrfToken: string;
  /** When he entered his password, ms since 1970. */
  openedAtMs: number;
}

/** The port that registry implements: from a cookie's token to an officer. */
export interface Sessions {
  find(token: string): Promise<Session | undefined>;
}
