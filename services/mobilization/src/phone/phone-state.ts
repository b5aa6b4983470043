// Chapter 5, member: what the phone page shows, as the county holds it.
import type { AlertText } from '@laba/domain/alert';
import { lineage } from '@laba/domain/grid';
import type { PhoneState, PhoneText } from '@laba/domain/phone-page';
import type { Deps } from '@laba/runtime/service';
import { gridNames } from '../grid-node-store.ts';
import { findMemberName, findRaisedRevision } from '../call-out/call-store.ts';
import type { OwnCall } from '../call-out/member-link.ts';
import { countMusterPoints } from '../roll-call/muster-store.ts';
import { ownDoors } from '../roll-call/own-doors.ts';
import { ownSection } from '../sections/own-section.ts';

/** More places than this do not help who reads it on a phone. */
const AREAS_NAMED = 4;

/** Of county, township, village, group. */
const VILLAGE = 2;
/** More gathering points than this are no answer to where to go. */
const POINTS_NAMED = 3;

/** Holds the member's own name, and of others only those behind his doors. */
export async function phoneState(deps: Pick<Deps, 'db' | 'clock' | 'config'>, own: OwnCall): Promise<PhoneState> {
  const { call, alert } = own;
  const [name, revision, section, points, { round, doors }] = await Promise.all([
    findMemberName(deps.db, call.memberId),
    findRaisedRevision(deps.db, alert.id),
    ownSection(deps.db, call),
    countMusterPoints(deps.db, alert.id, lineage(call.gridCode).slice(VILLAGE, VILLAGE + 1)),
    ownDoors(deps.db, call.id),
  ]);
  const { answer, answeredAtMs, saidAtMs, answeredBy } = call;
  return {
    asOfMs: deps.clock.now(),
    utcOffsetMinutes: deps.config.utcOffsetMinutes,
    callId: call.id,
    name: name ?? '',
    areaNames: await gridNames(deps.db, (revision?.areaCodes ?? []).slice(0, AREAS_NAMED)),
    mode: alert.mode,
    alertState: alert.state,
    level: revision?.level ?? alert.level,
    order: revision?.order ?? alert.order,
    texts: phoneTexts(revision?.texts ?? []),
    isOpen: alert.state === 'raised' && call.state !== 'closed',
    answer: answer === null ? null : { answer, atMs: answeredAtMs ?? call.changedAtMs, saidAtMs, byOfficer: answeredBy?.startsWith('officer:') ?? false },
    helpAtMs: call.helpAtMs,
    ...section,
    gatherAt: points.slice(0, POINTS_NAMED).map((point) => point.name),
    doors,
    round,
  };
}

/** The alert's own words as a page shows them. */
export function phoneTexts(texts: readonly AlertText[]): PhoneText[] {
  return texts.map(({ language, title, text, clipSha256 }) => ({ language, title, text, clip: clipSha256 === undefined ? null : `/audio/${clipSha256}.wav` }));
}
