// Chapter 5, the messages: the robots of chat groups, and what is brought to people by hand, in the database.
import { and, asc, desc, eq, lt } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Channel } from '@laba/domain/message';
import { inArea } from '@laba/storage/audience';
import { one, type Database, type Op } from '@laba/storage/database';
import type { Message } from '@laba/storage/messages';
import type { Robot } from './message-store.ts';

export interface RobotRow extends Robot {
  gridName: string | null;
}

/** The robots within `codes`, by node. A county has one or two for each village: more than a page is not kept from anybody. */
export async function listRobots(db: Database, codes: readonly string[]): Promise<RobotRow[]> {
  const rows = await db.read((q, { robot, gridNode }) =>
    q
      .select({ robot, gridName: gridNode.name })
      .from(robot)
      .leftJoin(gridNode, eq(gridNode.code, robot.gridCode))
      .where(inArea(robot.gridCode, codes))
      .orderBy(asc(robot.gridCode), asc(robot.channel))
      .limit(LIMITS.gridNodesShown),
  );
  return rows.map(({ robot, gridName }) => ({ ...robot, gridName }));
}

export async function hasNode(db: Database, gridCode: string): Promise<boolean> {
  return (await db.read((q, { gridNode }) => q.select({ code: gridNode.code }).from(gridNode).where(eq(gridNode.code, gridCode)))).length > 0;
}

export function writeRobot(row: Robot): Op {
  const { urlCipher, secretCipher, setBy, setAtMs } = row;
  return one((q, { robot }) =>
    q
      .insert(robot)
      .values(row)
      .onConflictDoUpdate({ target: [robot.gridCode, robot.channel], set: { urlCipher, secretCipher, setBy, setAtMs } })
      .returning({ gridCode: robot.gridCode }),
  );
}

export function deleteRobot(gridCode: string, channel: Channel): Op {
  return one(
    (q, { robot }) =>
      q
        .delete(robot)
        .where(and(eq(robot.gridCode, gridCode), eq(robot.channel, channel)))
        .returning({ gridCode: robot.gridCode }),
    { otherwise: () => new LabaError('not-found', 'This grid node has no such robot.') },
  );
}

export interface ByHand extends Message {
  name: string | null;
  gridName: string | null;
}

/** A page of the messages within `codes` that somebody has to bring, the newest first. `before`: the last id of the page before. */
export async function listByHand(db: Database, codes: readonly string[], before: string | undefined): Promise<ByHand[]> {
  const rows = await db.read((q, { message, member, gridNode }) =>
    q
      .select({ message, name: member.name, gridName: gridNode.name })
      .from(message)
      .leftJoin(member, eq(member.id, message.memberId))
      .leftJoin(gridNode, eq(gridNode.code, message.gridCode))
      .where(
        and(
          eq(message.channel, 'manual'),
          eq(message.state, 'sent'),
          inArea(message.gridCode, codes),
          before === undefined ? undefined : lt(message.id, before),
        ),
      )
      .orderBy(desc(message.id))
      .limit(LIMITS.rowsPerPage),
  );
  return rows.map(({ message, ...names }) => ({ ...message, ...names }));
}
