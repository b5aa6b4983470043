// The grid: county 6 digits, township 9, village 12, group 14. An ancestor's code is a prefix of its descendants'. A prefecture's four digits are no node
// of it: nothing is decided or sounded for one; its house sees the counties whose codes begin with them.

export const TIERS = ['county', 'township', 'village', 'group'] as const;
export type Tier = (typeof TIERS)[number];

export const VILLAGE_DIGITS = 12;
const TOWNSHIP_DIGITS = 9;
const DIGITS: Record<Tier, number> = { county: 6, township: TOWNSHIP_DIGITS, village: VILLAGE_DIGITS, group: 14 };
const PREFECTURE_DIGITS = 4;

/** The tier that a code's length says, or undefined when it is no grid code. */
export function tierOf(code: string): Tier | undefined {
  if (!/^\d+$/.test(code)) return undefined;
  return TIERS.find((tier) => DIGITS[tier] === code.length);
}

/** Whether a code names a prefecture: from there one looks upon its counties. */
export function isPrefecture(code: string): boolean {
  return code.length === PREFECTURE_DIGITS && /^\d+$/.test(code);
}

/** The prefecture that a code lies in. */
export function prefectureOf(code: string): string {
  return code.slice(0, PREFECTURE_DIGITS);
}

/** True when `code` is `scope` itself or lies under it; a scope may be a prefecture. */
export function isWithin(scope: string, code: string): boolean {
  return scope.length > 0 && code.startsWith(scope) && (tierOf(scope) !== undefined || isPrefecture(scope));
}

/** The code and its possible ancestors, widest first: county, township, village, group. Township rows may be absent. */
export function lineage(code: string): string[] {
  return TIERS.map((tier) => DIGITS[tier])
    .filter((digits) => digits <= code.length)
    .map((digits) => code.slice(0, digits));
}

/** The village that a code lies in, or the wider node itself. */
export function villageOf(code: string): string {
  return code.slice(0, VILLAGE_DIGITS);
}

/** The township that a code lies in, or the wider node itself. */
export function townshipOf(code: string): string {
  return code.slice(0, TOWNSHIP_DIGITS);
}

/** The same of each, once. */
export function villagesOf(codes: readonly string[]): string[] {
  return [...new Set(codes.map(villageOf))];
}

/** Drops codes that another one in the list already covers, and doubles. Order: by code. */
export function withoutCovered(codes: readonly string[]): string[] {
  const sorted = [...new Set(codes)].sort();
  return sorted.filter((code) => !sorted.some((other) => other !== code && isWithin(other, code)));
}

/** What lies in both: each area inside a scope, and each scope inside an area. Empty: they have nothing in common. */
export function sharedCodes(areas: readonly string[], scopes: readonly string[]): string[] {
  const shared = areas.flatMap((area) => scopes.flatMap((scope) => (isWithin(scope, area) ? [area] : isWithin(area, scope) ? [scope] : [])));
  return withoutCovered(shared);
}

/** The smallest grid node that covers all codes, or undefined when they share not even a county. */
export function coveringCode(codes: readonly string[]): string | undefined {
  const [first, ...others] = codes;
  return first === undefined ? undefined : lineage(first).findLast((code) => others.every((other) => isWithin(code, other)));
}

/** The widest tier among the codes. */
export function widestTier(codes: readonly string[]): Tier | undefined {
  return TIERS.find((tier) => codes.some((code) => tierOf(code) === tier));
}

/** Grid nodes that are acted upon together, and as how wide that counts. */
export interface Area {
  codes: readonly string[];
  tier: Tier;
}

/**
 * As `widestTier`, but several nodes that are more than half of what lies directly under one count as that one: who warns most of a county
 * warns the county, whatever he names. `nodes`: all codes of the grid.
 */
export function reachedTier(codes: readonly string[], nodes: readonly string[]): Tier | undefined {
  const grid = new Set(nodes);
  const children = Map.groupBy(grid, (code) => lineage(code).findLast((above) => above !== code && grid.has(above)));
  const named = new Set(codes);
  const isNamed = (code: string) => lineage(code).some((above) => named.has(above));
  for (const tier of TIERS.toReversed()) {
    for (const node of grid) {
      if (tierOf(node) !== tier) continue;
      const under = children.get(node) ?? [];
      const reached = under.filter(isNamed).length;
      if (reached > 1 && reached * 2 > under.length) named.add(node);
    }
  }
  return widestTier([...named]);
}

/** CAP geocode name and value: national codes padded to 12 digits, our groups as they are. */
export function capGeocode(code: string): { valueName: 'CN-STAT-12' | 'LABA-14'; value: string } {
  return code.length === DIGITS.group ? { valueName: 'LABA-14', value: code } : { valueName: 'CN-STAT-12', value: code.padEnd(DIGITS.village, '0') };
}
