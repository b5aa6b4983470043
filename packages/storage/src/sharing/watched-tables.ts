// What a prefecture is told of a county: its places, alerts and boxes, what happened, and how many people; nobody's name or number. It only watches.
import { and, inArray, ne, or } from 'drizzle-orm';
import { tierOf } from '@laba/domain/grid';
import { FROM_ABOVE } from '@laba/domain/merge';
import { inArea } from '../audience.ts';
import { countPeople } from '../people.ts';
import type { Tables } from '../tables.ts';
import { alertsWithin, SHARED_NAMES, sharedTable, type Ground, type SharedTable } from './shared-tables.ts';

/** A heartbeat is no news for a prefecture: of a box that is heard it is told no more exactly than this when. */
const HEARD_EACH_MS = 10 * 60_000;

type Watched = Partial<Omit<SharedTable, 'key' | 'rule' | 'fromBelow'>>;

const WATCHED: Partial<Record<keyof Tables, Watched>> = {
  gridNode: {},
  site: { atHome: { placedBy: '' } },
  gateway: { atHome: { passwordHash: '', publicKey: '' } },
  speaker: {},
  alertArea: {},
  alert: { atHome: { reportId: null, slopeCheckedBy: null } },
  alertRevision: {},
  // What happened stays, also when a county out of a backup knows no more of it.
  event: {
    within: (q, t, ground) =>
      and(
        ownOf(sharedTable('event')!)(q, t, ground),
        or(
          inArray(t.event.type, OF_SITES),
          // What the prefecture notes of the county's own house is not the county's to tell.
          and(inArray(t.event.type, OF_HOUSES), ne(t.event.gridCode, ground.code)),
          and(inArray(t.event.type, OF_ALERTS), inArray(t.event.alertId, alertsWithin(q, t, ground))),
        ),
      ),
    mayGo: false,
  },
  delivery: { within: (q, t, ground) => and(sharedTable('delivery')!.within(q, t, ground), inArray(t.delivery.alertId, alertsWithin(q, t, ground))) },
  gatewayStatus: {
    atHome: { bootCounter: 0, journalId: '', reportsHeldUpTo: 0, state: null },
    trim: (row) => (row['online'] === true ? { ...row, lastSeenAtMs: Math.floor(Number(row['lastSeenAtMs']) / HEARD_EACH_MS) * HEARD_EACH_MS } : row),
  },
};

const OF_SITES = ['site.silent', 'site.back'];
const OF_HOUSES = ['house.silent', 'house.back', 'house.alone', 'house.together', 'house.confirmed', 'house.revoked'];
const OF_ALERTS = [
  ...['alert.raised', 'alert.updated', 'alert.quietened', 'alert.recovered', 'alert.over-elsewhere', 'alert.ended', 'alert.cancelled', 'alert.expired'],
  ...['audience.frozen', 'rollcall.frozen', 'rollcall.recount', 'rollcall.completed', 'rollcall.reopened'],
];

const PEOPLE: SharedTable = {
  key: ['gridCode'],
  rule: FROM_ABOVE,
  mayGo: true,
  within: (_q, t, { code }) => inArea(t.peopleCount.gridCode, [code]),
  counted: (db, { code }) => countPeople(db, [code]),
  fromBelow: 'nothing',
};

/** Rows that are the county's alone: what another county told is not drawn into its ground by a row that names both. */
function ownOf({ within, fromBelow }: SharedTable): SharedTable['within'] {
  return typeof fromBelow === 'function' ? (q, t, ground) => and(within(q, t, ground), fromBelow(q, t, ground)) : within;
}

/** Whether the ground is a whole county's: then the house above it is a prefecture's. */
export function isWatched({ code }: Pick<Ground, 'code'>): boolean {
  return tierOf(code) === 'county';
}

/** How two houses share a table, by what lies between them; undefined when they do not, or only a newer house has it. */
export function tableFor(ground: Ground, name: string): SharedTable | undefined {
  const shared = sharedTable(name);
  if (!isWatched(ground)) return shared;
  if (name === 'peopleCount') return PEOPLE;
  const watched = WATCHED[name as keyof Tables];
  if (shared === undefined || watched === undefined) return undefined;
  return { ...shared, within: ownOf(shared), mayGo: true, ...watched, atHome: { ...shared.atHome, ...watched.atHome }, rule: FROM_ABOVE, fromBelow: 'nothing' };
}

const WATCHED_NAMES: readonly (keyof Tables)[] = [...SHARED_NAMES.filter((name) => name in WATCHED), 'peopleCount'];

/** The tables that two houses share, in the order in which they are told. */
export function namesFor(ground: Ground): readonly (keyof Tables)[] {
  return isWatched(ground) ? WATCHED_NAMES : SHARED_NAMES;
}
