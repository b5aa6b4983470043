// One line of the bench: the product against its floor, median of the rounds, with the spread.
export interface Figure {
  name: string;
  goal: string;
  ratio: number;
  least: number;
  most: number;
  floorPerSecond: number;
  productPerSecond: number;
}

/** How many a second, for so many in so many ms. */
export function perSecond(count: number, ms: number): number {
  return (count / ms) * 1_000;
}
