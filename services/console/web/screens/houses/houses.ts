// Where the houses are read, and how the line of one stands.
import type { HouseView } from '@laba/domain/house-view';

export const HOUSES = '/api/v1/houses';

/** A house speaks at least this often when its line is up. */
const SILENT_MS = 90_000;

export type LineOf = 'heard' | 'silent' | 'never';

export function lineOf({ lastHeardAt }: Pick<HouseView, 'lastHeardAt'>, nowMs: number): LineOf {
  if (lastHeardAt === null) return 'never';
  return nowMs - Date.parse(lastHeardAt) > SILENT_MS ? 'silent' : 'heard';
}

const STATUS_ORDER = { claimed: 0, active: 1, revoked: 2 };

/** What waits for an officer first, then the ones in use with the longest silent first, the revoked last. */
export function inOrder(houses: readonly HouseView[]): HouseView[] {
  return [...houses].sort(
    (a, b) =>
      STATUS_ORDER[a.status] - STATUS_ORDER[b.status] || (a.lastHeardAt ?? '').localeCompare(b.lastHeardAt ?? '') || a.gridCode.localeCompare(b.gridCode),
  );
}
