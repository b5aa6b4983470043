// Chapter 2, alert, between houses: which number the next revision of an alert gets.
import { TIERS, tierOf } from './grid.ts';

/**
 * Of an alert that a house below the county raised every house above it may make a revision too, and none may hear the others at that moment. So
 * each tier has numbers of its own there: two revisions are never taken for one, and the words of neither are lost.
 *
 * `last`: of the revision that sounds. `raisedFirstAt`, `own`: grid codes of the house that raised the alert, and of this one.
 */
export function nextRevisionNumber(last: number, raisedFirstAt: string, own: string): number {
  if (tierOf(raisedFirstAt) === TIERS[0]) return last + 1;
  const turn = TIERS.findIndex((tier) => tier === tierOf(own));
  const steps = (turn - ((last + 1) % TIERS.length) + TIERS.length) % TIERS.length;
  return last + 1 + steps;
}
