// Where gateways are read, and the order in which an officer looks at them.
import type { EnrolmentView, GatewayView, SiteView } from '@laba/domain/gateway-view';
import type { Paged } from '../../app/queries.ts';

export const ENROLMENTS = '/api/v1/enrolments';
export const GATEWAYS = '/api/v1/gateways';
export const SITES = '/api/v1/sites';
export const GATEWAYS_CHANGED_BY = /^(gateway|site|speaker|device)\./;

export type EnrolmentsPage = Paged & { gateways: EnrolmentView[] };
export type GatewaysPageOf = Paged & { gateways: GatewayView[] };
export type SitesPage = Paged & { sites: SiteView[] };

/** A box that was enrolled, with what it says of itself since. */
export interface Box extends EnrolmentView {
  said: GatewayView | undefined;
}

const STATUS_ORDER = { claimed: 0, active: 1, revoked: 2 };

/** What waits for an officer first, then those in use with the longest silent first, the revoked last. */
export function boxesOf(enrolments: readonly EnrolmentView[], gateways: readonly GatewayView[]): Box[] {
  const said = new Map(gateways.map((gateway) => [gateway.gatewayId, gateway]));
  const boxes = enrolments.map((enrolment): Box => ({ ...enrolment, said: said.get(enrolment.id) }));
  const heardAt = ({ said: one }: Box) => (one?.lastSeen == null ? 0 : Date.parse(one.lastSeen));
  return boxes.sort((a, b) => STATUS_ORDER[a.status] - STATUS_ORDER[b.status] || heardAt(a) - heardAt(b) || (a.gridCode < b.gridCode ? -1 : 1));
}

/** When one of its loudspeakers was last proven to sound or play; undefined: never. */
export function provenAtMs({ said }: Box): number | undefined {
  const times = (said?.speakers ?? []).flatMap(({ lastPlayed, lastSounded }) => [lastPlayed, lastSounded]).filter((at) => at !== null);
  return times.length === 0 ? undefined : Math.max(...times.map((at) => Date.parse(at)));
}
