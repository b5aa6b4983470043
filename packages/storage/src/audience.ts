// Whom an area covers: the same selects for the forecast before the button and for the freeze after it.
import { and, eq, gte, isNull, lt, min, or, sql, type Column, type SQL } from 'drizzle-orm';
import { OWN_CHANNELS, type OwnChannel } from '@laba/domain/call-out';
import type { Sql } from './database.ts';
import type { Tables } from './tables.ts';
import { hasAnyWay } from './ways.ts';

/** The smallest code that sorts after everything under `code`; undefined when nothing does. Digits only, so every collation agrees. */
export function codeAfter(code: string): string | undefined {
  const next = (BigInt(code) + 1n).toString().padStart(code.length, '0');
  return next.length > code.length ? undefined : next;
}

/** Rows whose grid code is one of `codes` or lies under one. A range and not a pattern, so that the index is used. An empty area covers nothing. */
export function inArea(column: Column | SQL, codes: readonly string[]): SQL {
  const gridCode = sql`${column}`;
  const ranges = codes.map((code) => {
    const after = codeAfter(code);
    return after === undefined ? gte(gridCode, code) : and(gte(gridCode, code), lt(gridCode, after));
  });
  return or(...ranges) ?? sql`1 = 0`;
}

/** Every speaker in the area, also where no gateway serves it yet (`gatewayId` null). */
export function speakersInArea(q: Sql, t: Tables, codes: readonly string[]) {
  return q
    .select({ speakerId: t.speaker.id, gatewayId: t.speaker.gatewayId, siteId: t.speaker.siteId, gridCode: t.speaker.gridCode })
    .from(t.speaker)
    .where(inArea(t.speaker.gridCode, codes));
}

/**
 * Every member of the county's lists with a membership in the area, once each, counted at the smallest of his codes there; also who is away. `hasWay`: 1 when
 * one of the channels could reach him. Who joined on the spot is a member of his own alert only, and has his call already.
 */
export function everyMemberInArea(q: Sql, t: Tables, codes: readonly string[], channels: readonly OwnChannel[] = OWN_CHANNELS) {
  // Grouped before the join: the index on membership alone answers this, whatever the engine knows about the table's size.
  const inside = q
    .select({ memberId: t.membership.memberId, gridCode: sql<string>`${min(t.membership.gridCode)}`.as('audience_grid_code') })
    .from(t.membership)
    .where(inArea(t.membership.gridCode, codes))
    .groupBy(t.membership.memberId)
    .as('inside');
  return q
    .select({
      memberId: inside.memberId,
      gridCode: inside.gridCode,
      available: t.member.available,
      offDuty: t.member.offDuty,
      hasWay: sql<number>`case when ${hasAnyWay(t, channels)} then 1 else 0 end`.as('has_way'),
    })
    .from(inside)
    .innerJoin(t.member, and(eq(t.member.id, inside.memberId), isNull(t.member.alertId)));
}

/** Whom a call goes to. */
export interface Callable {
  channels: readonly OwnChannel[];
  /** Also who is off duty. */
  offDuty: boolean;
}

/** Those of them who are available. */
export function membersInArea(q: Sql, t: Tables, codes: readonly string[], { channels, offDuty }: Callable = { channels: OWN_CHANNELS, offDuty: true }) {
  return everyMemberInArea(q, t, codes, channels).where(and(eq(t.member.available, true), offDuty ? undefined : eq(t.member.offDuty, false)));
}

/** Every household in the area. */
export function householdsInArea(q: Sql, t: Tables, codes: readonly string[]) {
  return q.select({ householdId: t.household.id, gridCode: t.household.gridCode }).from(t.household).where(inArea(t.household.gridCode, codes));
}
