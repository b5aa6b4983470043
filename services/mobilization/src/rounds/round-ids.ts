// Peacetime: names that every house makes alike, so that what two houses wrote of one thing is of one thing.
import { createHash } from 'node:crypto';
import { villageOf } from '@laba/domain/grid';
import type { RoundKind } from '@laba/domain/round';

/** In the form of a UUID, which a personal link can carry. */
function uuidOf(words: string): string {
  const hex = createHash('sha256').update(words).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

export const planIdOf = (kind: RoundKind, subjectId: string): string => uuidOf(`${kind}/${subjectId}`);

/** Of one deadline's miss: its event stands once, whoever found it. */
export const missedIdOf = (planId: string, toMs: number): string => uuidOf(`missed/${planId}/${toMs}`);

/**
 * Whoever goes there: a member of the county, else whoever has this telephone, else whoever patrols this one point. In each village by himself, so
 * that a village that gives him his link gives him nothing of another one.
 */
export function walkerIdOf(who: { gridCode: string; memberId: string | null; phoneHash?: string | null; pointId?: string }): string | null {
  const village = villageOf(who.gridCode);
  if (who.memberId !== null) return uuidOf(`member/${village}/${who.memberId}`);
  if (who.phoneHash !== null && who.phoneHash !== undefined) return uuidOf(`phone/${village}/${who.phoneHash}`);
  return who.pointId === undefined ? null : uuidOf(`point/${who.pointId}`);
}

/** Of the township's look at one check: two who look at once write one row. */
export const checkIdOf = (checkId: string): string => uuidOf(`look/${checkId}`);
