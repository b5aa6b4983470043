// One line of the bench: the product against its floor, median of the rounds, with the spread; or a plain figure against its goal.

export interface Ratio {
  kind: 'ratio';
  name: string;
  unit: '/s' | 'ms';
  /** What the ratio is to be, at least for a rate and at most for a time; undefined: only to be known. */
  goal: number | undefined;
  ratio: number;
  least: number;
  most: number;
  floor: number;
  product: number;
  holds: boolean;
  /** Better than its own floor by more than noise: then the floor is broken, and the figure says nothing. */
  broken: boolean;
}

export interface Plain {
  kind: 'plain';
  name: string;
  unit: string;
  value: number;
  least: number;
  most: number;
  /** At most this, where there is a goal. */
  goal: number | undefined;
  holds: boolean;
}

export type Figure = Ratio | Plain;

const NOISE = 0.2;

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** How many a second, for so many in so many ms. */
export function perSecond(count: number, ms: number): number {
  return (count / ms) * 1_000;
}

/** Rates or times of several rounds of each; the spread is the product's, against the median floor. */
export function ratioOf(name: string, unit: Ratio['unit'], goal: number | undefined, rounds: { floor: readonly number[]; product: readonly number[] }): Ratio {
  const floor = median(rounds.floor);
  const ratios = rounds.product.map((one) => one / floor);
  const ratio = median(ratios);
  return {
    kind: 'ratio',
    name,
    unit,
    goal,
    ratio,
    least: Math.min(...ratios),
    most: Math.max(...ratios),
    floor,
    product: median(rounds.product),
    holds: goal === undefined || (unit === '/s' ? ratio >= goal : ratio <= goal),
    broken: unit === '/s' ? ratio > 1 + NOISE : ratio < 1 - NOISE,
  };
}

export function plain(name: string, unit: string, values: readonly number[], goal?: number): Plain {
  const value = median(values);
  return { kind: 'plain', name, unit, value, least: Math.min(...values), most: Math.max(...values), goal, holds: goal === undefined || value <= goal };
}

const short = (value: number) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** For people: one line each. */
export function told(figure: Figure): string {
  const verdict = figure.holds ? 'holds' : 'MISSED';
  if (figure.kind === 'plain') {
    const goal = figure.goal === undefined ? '' : `; goal ≤ ${figure.goal} ${figure.unit}: ${verdict}`;
    return `${figure.name}: ${short(figure.value)} ${figure.unit} (${short(figure.least)} … ${short(figure.most)})${goal}`;
  }
  const goal = figure.goal === undefined ? '' : ` goal ${figure.unit === '/s' ? '≥' : '≤'} ${figure.goal}: ${verdict};`;
  const beside = `${short(figure.product)} ${figure.unit} against ${short(figure.floor)} ${figure.unit}`;
  return `${figure.name}: ratio ${figure.ratio.toFixed(2)} (${figure.least.toFixed(2)} … ${figure.most.toFixed(2)});${figure.broken ? ' BROKEN FLOOR;' : goal} ${beside}`;
}
