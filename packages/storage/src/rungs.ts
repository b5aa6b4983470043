// Who must answer for an area: the same selects for the forecast before the button and for the climb after it.
import { and, eq, inArray, or, sql, type SQL } from 'drizzle-orm';
import { OWN_CHANNELS, type OwnChannel } from '@laba/domain/call-out';
import { lineage, villageOf } from '@laba/domain/grid';
import type { Duty } from '@laba/domain/ladder';
import { inArea } from './audience.ts';
import type { Database } from './database.ts';
import { hasWay } from './ways.ts';

/** The villages that these grid nodes touch; where a node has no villages, the node itself. By code. */
export async function villagesTouched(db: Database, codes: readonly string[]): Promise<string[]> {
  const above = codes.map(villageOf);
  const rows = await db.read((q, t) =>
    q
      .select({ code: t.gridNode.code })
      .from(t.gridNode)
      .where(and(eq(t.gridNode.tier, 'village'), or(inArea(t.gridNode.code, codes), inArray(t.gridNode.code, above)))),
  );
  const villages = rows.map((row) => row.code);
  const bare = above.filter((code) => !villages.some((village) => village.startsWith(code)));
  return [...new Set([...villages, ...bare])].sort();
}

/** Somebody on a ladder, and how he can be reached now. */
export interface StandingRung {
  gridCode: string;
  position: number;
  memberId: string;
  duty: Duty;
  channels: readonly OwnChannel[];
  /** Why he cannot be asked by any channel. */
  obstacle: 'gone' | 'away' | null;
}

/** Everybody who stands on these nodes' ladders or above them. */
export async function rungsFor(db: Database, codes: readonly string[]): Promise<StandingRung[]> {
  const nodes = [...new Set(codes.flatMap(lineage))];
  const rows = await db.read((q, t) =>
    q
      .select({
        rung: t.ladderRung,
        id: t.member.id,
        available: t.member.available,
        push: yes(hasWay(t, 'push')),
        sms: yes(hasWay(t, 'sms')),
        voice: yes(hasWay(t, 'voice')),
        email: yes(hasWay(t, 'email')),
      })
      .from(t.ladderRung)
      .leftJoin(t.member, eq(t.member.id, t.ladderRung.memberId))
      .where(inArray(t.ladderRung.gridCode, nodes)),
  );
  return rows.map(({ rung, id, available, ...has }) => {
    const channels = OWN_CHANNELS.filter((channel) => has[channel] === 1);
    return { ...rung, channels, obstacle: id === null ? 'gone' : available !== true ? 'away' : null };
  });
}

// One shape for both engines, which have different truths.
const yes = (is: SQL<boolean>) => sql<number>`case when ${is} then 1 else 0 end`.mapWith(Number);
