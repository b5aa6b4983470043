// Chapter 5, roll-call: a helper's own doors, and nobody else's.
declare const his: unique symbol;

/** Proof that a member may mark these households: they are his doors, or nobody's and in his group. */
export interface OwnDoors {
  readonly memberId: string;
  readonly [his]: true;
}
