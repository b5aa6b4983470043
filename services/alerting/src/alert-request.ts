// Chapter 2, alert: what every route asks first: which alert, seen at which version, by whom, over which area.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AlertView } from '@laba/domain/alert-view';
import { LabaError } from '@laba/domain/errors';
import { isWithin, withoutCovered } from '@laba/domain/grid';
import { hasScope, type Action, type Officer } from '@laba/domain/officer';
import { authorize, type Permit } from '@laba/runtime/auth';
import { houseCode } from '@laba/runtime/config';
import { officerOf } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { loadAlert, raisedRevision, type WholeAlert } from './alert-store.ts';
import { alertView, revisionToRaise, timeAt, type Waiting } from './alert-view.ts';
import { areaOf, knownPlaces, officerNames } from './grid-store.ts';
import { policyHere } from './policy-store.ts';
import { secondOfficers } from './second-officer.ts';

/** Every grid code that the alert speaks of now: what sounds, and what waits to. */
export function codesOf(alert: WholeAlert): string[] {
  const live = alert.revisions.filter((revision) => revision.raisedAtMs === null || revision.revision === alert.head.revision);
  return [...new Set(live.flatMap((revision) => revision.areaCodes))];
}

/** What sounds: whoever is responsible for that may silence it, whatever update waits. */
export function soundingCodes(alert: WholeAlert): string[] {
  return raisedRevision(alert)?.areaCodes ?? codesOf(alert);
}

/** Wherever it was ever heard: its end is spoken there too, so it is for who is responsible for all of that. */
export function heardCodes(alert: WholeAlert): string[] {
  const heard = alert.revisions.filter((revision) => revision.raisedAtMs !== null);
  return heard.length === 0 ? codesOf(alert) : withoutCovered(heard.flatMap((revision) => revision.areaCodes));
}

/** Codes first must exist, then lie in scope: a wrong code is not a question of rights. */
export async function permitFor<A extends Action>(
  deps: Deps,
  request: FastifyRequest,
  action: A,
  codes: readonly string[],
  more: readonly string[] = [],
): Promise<Permit<A>> {
  await knownPlaces(deps.db, deps.config.county, codes);
  return authorize(officerOf(request), action, [...new Set([...codes, ...more])]);
}

export function seenVersion(request: FastifyRequest): number | undefined {
  const tag = request.headers['if-match'];
  if (tag === undefined || tag === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(tag)?.[1];
  if (version === undefined) throw new LabaError('bad-input', 'If-Match: give the ETag that came with the alert.', { field: 'If-Match' });
  return Number(version);
}

/** The alert as it is, if it is still what the officer saw and this house's to decide on. @throws `not-found`, `changed-meanwhile`, `raised-above` */
export async function seenAlert(deps: Deps, request: FastifyRequest, id: string): Promise<WholeAlert> {
  const alert = await loadAlert(deps.db, id);
  const seen = seenVersion(request);
  if (seen !== undefined && seen !== alert.head.version) throw new LabaError('changed-meanwhile', undefined, { version: alert.head.version });
  assertOurs(deps, alert);
  return alert;
}

// A loudspeaker takes back what a key signed only for a key that reaches as far: what this house may not silence, it does not say it has.
function assertOurs({ config }: Deps, alert: WholeAlert): void {
  const raised = raisedRevision(alert);
  if (raised !== undefined && !isWithin(houseCode(config), raised.raisedAtCode ?? config.county))
    throw new LabaError('raised-above', undefined, { raisedAtCode: raised.raisedAtCode ?? config.county });
}

export async function answer(deps: Deps, request: FastifyRequest, reply: FastifyReply, id: string): Promise<AlertView> {
  const alert = await loadAlert(deps.db, id);
  reply.header('etag', `"${alert.head.version}"`);
  const approvers = alert.approvals.map(({ officerId }) => officerId);
  const [waiting, names] = await Promise.all([waitingOf(deps, alert), officerNames(deps.db, approvers)]);
  return alertView(alert, officerOf(request), waiting, names, timeAt(deps.config.utcOffsetMinutes));
}

async function waitingOf(deps: Deps, alert: WholeAlert): Promise<Waiting | undefined> {
  const revision = revisionToRaise(alert);
  if (revision === undefined) return undefined;
  const [policy, area, seconds] = await Promise.all([policyHere(deps), areaOf(deps.db, revision.areaCodes), secondOfficers(deps, alert, revision)]);
  return { revision, policy, area, seconds };
}

// Whoever lives under an alert, or above it, may read it.
export function assertMayRead(officer: Officer, alert: WholeAlert): void {
  const touches = alert.revisions
    .flatMap((revision) => revision.areaCodes)
    .some((code) => hasScope(officer, code) || officer.scopes.some((scope) => isWithin(code, scope)));
  if (!touches) throw new LabaError('out-of-scope', 'This alert does not touch your grid scope.');
}
