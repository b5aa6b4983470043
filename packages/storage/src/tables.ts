// Every table, written once through a column kit; each room's in a file of its own. Who may write which stands in ownership.ts.
import { kit as postgresKit } from './columns.postgres.ts';
import { kit as sqliteKit, type Kit } from './columns.sqlite.ts';
import { alertingTables } from './tables/alerting.ts';
import { bulletinTables } from './tables/bulletin.ts';
import { callOutTables } from './tables/call-out.ts';
import { channelTables } from './tables/channels.ts';
import { dispatchTables } from './tables/dispatch.ts';
import { doorTables } from './tables/door.ts';
import { intakeTables } from './tables/intake.ts';
import { joiningTables } from './tables/joining.ts';
import { ladderTables } from './tables/ladder.ts';
import { messageTables } from './tables/message.ts';
import { numberTables } from './tables/numbers.ts';
import { outboxTables } from './tables/outbox.ts';
import { personalLinkTables } from './tables/personal-link.ts';
import { photoTables } from './tables/photo.ts';
import { registryTables } from './tables/registry.ts';
import { rollCallTables } from './tables/roll-call.ts';
import { roundTables } from './tables/rounds.ts';
import { safetyTables } from './tables/safety.ts';
import { sectionTables } from './tables/section.ts';
import { shiftTables } from './tables/shift.ts';
import { sharingTables } from './tables/sharing.ts';
import { situationTables } from './tables/situation.ts';
import { spokenStatusTables } from './tables/spoken-status.ts';
import { taskTables } from './tables/task.ts';

export function defineTables(kit: Kit) {
  return {
    ...outboxTables(kit),
    ...messageTables(kit),
    ...channelTables(kit),
    ...registryTables(kit),
    ...intakeTables(kit),
    ...alertingTables(kit),
    ...dispatchTables(kit),
    ...callOutTables(kit),
    ...joiningTables(kit),
    ...numberTables(kit),
    ...rollCallTables(kit),
    ...doorTables(kit),
    ...personalLinkTables(kit),
    ...ladderTables(kit),
    ...sectionTables(kit),
    ...safetyTables(kit),
    ...taskTables(kit),
    ...photoTables(kit),
    ...sharingTables(kit),
    ...spokenStatusTables(kit),
    ...situationTables(kit),
    ...shiftTables(kit),
    ...bulletinTables(kit),
    ...roundTables(kit),
  };
}

/** The tables as the types see them; at run time each engine brings its own. */
export type Tables = ReturnType<typeof defineTables>;

export const sqliteTables = defineTables(sqliteKit);
export const postgresTables = defineTables(postgresKit);
