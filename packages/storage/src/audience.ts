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

/** Who has a membership in the area, each once, at the smallest of his codes there; without who has a call for the alert. */
function inside(q: Sql, t: Tables, codes: readonly string[], notCalledFor: string | undefined) {
  const { membership, call } = t;
  const memberships = q.select({ memberId: membership.memberId, gridCode: membership.gridCode }).from(membership).where(inArea(membership.gridCode, codes));
  // Who was called stands among them with an empty code, which is smaller than any. Asked for by `not exists`, PostgreSQL would read all
  // calls of the alert for each member as long as its statistics do not know the alert.
  const called = () =>
    q
      .select({ memberId: call.memberId, gridCode: sql<string>`''` })
      .from(call)
      .where(eq(call.alertId, notCalledFor!));
  const rows = (notCalledFor === undefined ? memberships : memberships.unionAll(called() as never)).as('rows');
  const smallest = sql<string>`${min(rows.gridCode)}`;
  return q
    .select({ memberId: rows.memberId, gridCode: smallest.as('audience_grid_code') })
    .from(rows)
    .groupBy(rows.memberId)
    .having(sql`${smallest} <> ''`)
    .as('inside');
}

/**
 * Every member of the county's lists with a membership in the area, once each, counted at the smallest of his codes there; also who is away. `hasWay`: 1 when
 * one of the channels could reach him. Who joined on the spot is a member of his own alert only, and has his call already.
 * `notCalledFor`: without those who have a call for this alert.
 */
export function everyMemberInArea(q: Sql, t: Tables, codes: readonly string[], channels: readonly OwnChannel[] = OWN_CHANNELS, notCalledFor?: string) {
  // Grouped before the join: the index on membership alone answers this, whatever the engine knows about the table's size.
  const audience = inside(q, t, codes, notCalledFor);
  return q
    .select({
      memberId: audience.memberId,
      gridCode: audience.gridCode,
      available: t.member.available,
      offDuty: t.member.offDuty,
      hasWay: sql<number>`case when ${hasAnyWay(t, channels)} then 1 else 0 end`.as('has_way'),
    })
    .from(audience)
    .innerJoin(t.member, and(eq(t.member.id, audience.memberId), isNull(t.member.alertId)));
}

/** Whom a call goes to. */
export interface Callable {
  channels: readonly OwnChannel[];
  /** Also who is off duty. */
  offDuty: boolean;
  /** Not who has a call for this alert. */
  alertId?: string;
}

/** Those of them who are available. */
export function membersInArea(
  q: Sql,
  t: Tables,
  codes: readonly string[],
  { channels, offDuty, alertId }: Callable = { channels: OWN_CHANNELS, offDuty: true },
) {
  return everyMemberInArea(q, t, codes, channels, alertId).where(and(eq(t.member.available, true), offDuty ? undefined : eq(t.member.offDuty, false)));
}

/** Every household in the area. */
export function householdsInArea(q: Sql, t: Tables, codes: readonly string[]) {
  return q.select({ householdId: t.household.id, gridCode: t.household.gridCode }).from(t.household).where(inArea(t.household.gridCode, codes));
}
