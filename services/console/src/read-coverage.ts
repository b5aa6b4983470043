// Chapter 6, watch: the board of one alert, for one officer: figures inside his scope, and by name what is wrong.
import type { CoverageView, SpeakerView } from '@laba/domain/board-view';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { SILENT_AFTER_MS } from '@laba/domain/gateway-protocol';
import { isWithin, sharedCodes } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { NowSite } from '@laba/domain/now-view';
import type { Officer } from '@laba/domain/officer';
import { powerConcern } from '@laba/domain/power';
import { authorize, type Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { newestSeq } from './event-store.ts';
import { countCoverage, type Counted } from './coverage.ts';
import {
  countAnnouncements,
  countHouseholds,
  countMembers,
  countSpeakers,
  findAlert,
  gridNodes,
  listSites,
  listSpeakers,
  type Alert,
  type AlertRevision,
  type SiteRow,
  type SpeakerRow,
} from './overview-store.ts';
import { ReachedCounts } from './reached-counts.ts';
import { reasonWords } from '@laba/domain/reason-words';

/** Heartbeats change a site's age without an event; so figures kept at hand live no longer than this. */
const KEPT_MS = 1_000;
const BAD_STATES = ['refused', 'failed', 'expired'] as const;

interface Kept {
  seq: number;
  atMs: number;
  counted: Promise<Counted>;
}

/** An alert that this officer may watch, and the part of its area that lies in his scope. */
export interface Watching {
  alert: Alert;
  revision: AlertRevision;
  permit: Permit<'alert.read'>;
  /** All of his scope: a call-out reaches beyond the alert's area when it is widened. */
  scopes: readonly string[];
}

/** @throws `not-found`, `out-of-scope` when the alert does not touch his scope */
export async function watchAlert(deps: Deps, officer: Officer, alertId: string): Promise<Watching> {
  const found = await findAlert(deps.db, alertId);
  if (found === undefined) throw new LabaError('not-found', 'No alert has this id.');
  const shared = sharedCodes(found.areas, officer.scopes);
  if (shared.length === 0) throw new LabaError('out-of-scope', 'This alert does not touch your grid scope.');
  return { alert: found.alert, revision: found.revision, permit: authorize(officer, 'alert.read', shared), scopes: officer.scopes };
}

export function isSilent(site: Pick<SiteRow, 'hasHouse' | 'hasSilentHouse' | 'online' | 'lastSeenAtMs'>, nowMs: number): boolean {
  if (site.hasHouse) return site.hasSilentHouse || site.online !== true;
  return site.online !== true || site.lastSeenAtMs === null || nowMs - site.lastSeenAtMs > SILENT_AFTER_MS;
}

/** A site is silent when none of its gateways is heard: one row per site. */
export function judgeSites(rows: readonly SiteRow[], nowMs: number): (SiteRow & { silent: boolean })[] {
  const sites = new Map<string, SiteRow & { silent: boolean }>();
  for (const row of rows) {
    const known = sites.get(row.siteId);
    const silent = isSilent(row, nowMs);
    if (known === undefined || (known.silent && !silent)) sites.set(row.siteId, { ...row, silent });
    else if (known.silent && (row.lastSeenAtMs ?? 0) > (known.lastSeenAtMs ?? 0)) sites.set(row.siteId, { ...row, silent });
  }
  return [...sites.values()];
}

/** Counts once for all officers who watch the same alert at the same moment. */
export class CoverageReader {
  readonly #deps: Deps;
  readonly #reached: ReachedCounts;
  readonly #kept = new Map<string, Kept>();

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#reached = new ReachedCounts(deps.db);
  }

  async read(watching: Watching): Promise<CoverageView> {
    const { db, config, clock } = this.#deps;
    const { alert, revision, permit, scopes } = watching;
    const kept = await this.#counted(alert, revision);
    const counted = await kept.counted;
    const [bad, announced] = await Promise.all([
      listSpeakers(db, alert.id, revision.revision, permit.codes, { states: BAD_STATES }),
      countAnnouncements(db, alert.id),
    ]);
    const nowMs = clock.now();
    const names = new Map(counted.nodes.map((node) => [node.code, node.name]));
    const time = (ms: number) => capTime(ms, config.utcOffsetMinutes);
    const inView = (gridCode: string) => permit.codes.some((code) => isWithin(code, gridCode));
    const silent = counted.sites.filter((site) => site.silent && inView(site.gridCode)).slice(0, LIMITS.rowsPerPage);
    return {
      alertId: alert.id,
      state: alert.state,
      mode: alert.mode,
      quiet: alert.quiet,
      revision: revision.revision,
      asOf: time(kept.atMs),
      asOfMs: kept.atMs,
      ageMs: nowMs - kept.atMs,
      raisedAtMs: alert.raisedAtMs,
      overAtMs: alert.overAtMs,
      endTimeMs: alert.endTimeMs,
      ...countCoverage(counted, permit.codes, scopes),
      failed: bad.map((row) => speakerView(row, names, nowMs, time)),
      silent: silent.map((site) => siteView(site, names, nowMs, time)),
      announcements: announced.filter((row) => inView(row.gridCode)).map(({ purpose, state, count }) => ({ purpose, state, count })),
    };
  }

  async #counted(alert: Alert, revision: AlertRevision): Promise<Kept> {
    const nowMs = this.#deps.clock.now();
    const seq = await newestSeq(this.#deps.db);
    const key = `${alert.id} ${revision.revision}`;
    const known = this.#kept.get(key);
    if (known !== undefined && known.seq === seq && nowMs - known.atMs < KEPT_MS) return known;
    const kept: Kept = { seq, atMs: nowMs, counted: this.#count(alert, revision, nowMs) };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const [oldest] of this.#kept) if (this.#kept.size > LIMITS.watchedAlerts) this.#kept.delete(oldest);
    kept.counted.catch(() => this.#kept.delete(key));
    return kept;
  }

  async #count(alert: Alert, revision: AlertRevision, nowMs: number): Promise<Counted> {
    const { db } = this.#deps;
    const codes = revision.areaCodes;
    const [speakers, members, households, sites, reached, nodes] = await Promise.all([
      countSpeakers(db, alert.id, revision.revision),
      countMembers(db, alert.id),
      countHouseholds(db, codes),
      listSites(db, codes),
      this.#reached.of(alert.id, revision.revision),
      gridNodes(db, codes),
    ]);
    return { speakers, members, households, sites: judgeSites(sites, nowMs), reached, nodes };
  }
}

export function speakerView(row: SpeakerRow, names: ReadonlyMap<string, string>, nowMs: number, time: (ms: number) => string): SpeakerView {
  const { changedAtMs, reason } = row;
  const words = { reason, reasonWords: reason === null ? null : reasonWords(reason) };
  return { ...row, ...words, gridName: names.get(row.gridCode) ?? row.gridCode, changedAt: time(changedAtMs), ageMs: nowMs - changedAtMs };
}

/** A site that is heard and runs on its battery; `low`: it falls silent soon. */
export function powerView(site: SiteRow, names: ReadonlyMap<string, string>) {
  const { siteId, name, gridCode, powerSource, batteryPercent, hoursLeft } = site;
  const concern = powerConcern({ source: powerSource ?? 'unknown', ...(hoursLeft === null ? {} : { hoursLeft }) });
  return concern === undefined
    ? []
    : [{ siteId, name, gridCode, gridName: names.get(gridCode) ?? gridCode, low: concern === 'low', batteryPercent, hoursLeft }];
}

export function siteView(site: SiteRow, names: ReadonlyMap<string, string>, nowMs: number, time: (ms: number) => string): NowSite {
  const { siteId, name, gridCode, gatewayId, lastSeenAtMs } = site;
  return {
    siteId,
    name,
    gridCode,
    gridName: names.get(gridCode) ?? gridCode,
    hasGateway: gatewayId !== null,
    lastSeenAt: lastSeenAtMs === null ? null : time(lastSeenAtMs),
    lastSeenAtMs,
    ageMs: lastSeenAtMs === null ? null : nowMs - lastSeenAtMs,
  };
}
