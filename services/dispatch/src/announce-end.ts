// Chapter 3, dispatch: the alert is over: silence first, then the spoken end, then no delivery is left without a named end.
import type { AlertText, StopReason } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { withoutCovered } from '@laba/domain/grid';
import type { Purpose } from '@laba/domain/delivery';
import { houseCode } from '@laba/runtime/config';
import type { Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import { areasUpTo, findAlert, findRevision, lastRaisedHere, type Alert, type Revision } from './alert-store.ts';
import { areasHere, sendingOf, stopUntilMs } from './announce.ts';
import { findCommands, type Command } from './command-store.ts';
import { countGroups, insertAnnouncement, markSent, type DeliveryGroup, type GroupCount } from './delivery-store.ts';
import { issueCommands, publishCommands, publishedOps } from './issue-commands.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { ANNOUNCE_WITHIN_MS, announcementBody, silenceBody } from './play-command.ts';
import { BROKER_AWAY_MS, LEFT_OVER_MS, NEVER_RECEIVED_AFTER_MS, NO_WORD_AFTER_MS, nextRoundAtMs } from './retry-rounds.ts';
import { playAgain, settle, stopAgain, type Round } from './retry-unreported.ts';

const STOP_REASON: Partial<Record<string, StopReason>> = { ended: 'ended', cancelled: 'cancelled', expired: 'expired' };

/** The reaction to `alert.ended`, `alert.cancelled` and `alert.expired`. @throws `broker-offline` until the stops and the words went out */
export async function announceEnd(deps: DispatchDeps, job: Job): Promise<Reaction> {
  const alertId = job.event.alertId ?? job.event.subjectId;
  const alert = await findAlert(deps.db, alertId);
  const reason = STOP_REASON[alert?.state ?? ''];
  const decided = await findRevision(deps.db, alertId, alert?.revision ?? 0);
  if (alert === undefined || reason === undefined || decided === undefined)
    throw new LabaError('not-found', `Alert ${alertId} is not over or has no revision; nothing can be stopped.`);
  const codes = withoutCovered((await areasUpTo(deps.db, alertId, alert.revision)).flatMap((one) => one.codes));
  const stops = await issueStops(deps, decided, reason, codes);
  const isFirstRun = stops.some((stop) => stop.publishedAtMs === null);
  await publishCommands(
    deps,
    stops.filter((stop) => stop.publishedAtMs === null),
  );
  const words = wordsFor(alert, decided);
  const spoken = words === undefined ? [] : await issueAnnouncement(deps, decided, words, codes);
  const sent = await publishInTime(deps, spoken);
  const ops = [
    ...publishedOps(deps, [...stops, ...sent]),
    ...(words !== undefined && sent.length > 0 ? markSent(deps.ids, groupOf(decided, words.purpose), deps.clock.now()) : []),
  ];
  const rest = await followUp(deps, alert, spoken, isFirstRun);
  return { ...rest, ops: [...ops, ...(rest.ops ?? [])] };
}

/**
 * Another house ended these, and did not know of a revision that this one raised: its key may not take back what this one's signed.
 * @throws `broker-offline`; the stops are stored then, and told to every box that says hello
 */
export async function stopOvertaken(deps: DispatchDeps, alertIds: readonly string[]): Promise<void> {
  for (const alertId of alertIds) {
    const alert = await findAlert(deps.db, alertId);
    const reason = STOP_REASON[alert?.state ?? ''];
    if (alert === undefined || reason === undefined) continue;
    const revision = await lastRaisedHere(deps.db, alertId, alert.revision, houseCode(deps.config));
    const decided = revision === undefined ? undefined : await findRevision(deps.db, alertId, revision);
    if (decided === undefined) continue;
    const stops = (await issueStops(deps, decided, reason, areasHere(deps, decided.areaCodes))).filter((stop) => stop.publishedAtMs === null);
    await publishCommands(deps, stops);
    await deps.db.atomically(publishedOps(deps, stops));
  }
}

interface Words {
  purpose: Purpose;
  texts: readonly AlertText[];
}

// Expiry is never the all-clear, and a test never has words.
function wordsFor(alert: Alert, decided: Revision): Words | undefined {
  if (decided.mode === 'test' || alert.state === 'expired') return undefined;
  const words: Words = alert.state === 'ended' ? { purpose: 'all-clear', texts: decided.endTexts } : { purpose: 'cancellation', texts: decided.cancelTexts };
  return words.texts.length > 0 ? words : undefined;
}

function groupOf(decided: Revision, purpose: Purpose): DeliveryGroup {
  return { alertId: decided.alertId, revision: decided.revision, purpose };
}

async function issueStops(deps: DispatchDeps, decided: Revision, reason: StopReason, codes: readonly string[]): Promise<Command[]> {
  const sending = await sendingOf(deps, decided);
  const untilMs = stopUntilMs(sending.nowMs, decided.endTimeMs);
  return issueCommands(
    deps,
    { ...groupOf(decided, 'alert'), action: 'stop' },
    decided,
    codes.map((areaCode) => ({ areaCode, body: silenceBody(sending, areaCode, 'stop', reason, untilMs), expiresAtMs: untilMs, notAfterMs: untilMs })),
  );
}

// The rows come before the publish: a report may be faster than a commit.
async function issueAnnouncement(deps: DispatchDeps, decided: Revision, words: Words, codes: readonly string[]): Promise<Command[]> {
  const sending = await sendingOf(deps, decided);
  const group = groupOf(decided, words.purpose);
  const stored = await findCommands(deps.db, { ...group, action: 'play' });
  if (stored.some((command) => command.notAfterMs <= sending.nowMs)) return stored;
  await deps.db.atomically([insertAnnouncement({ ...group, nowMs: sending.nowMs })]);
  if (!(await countGroups(deps.db, group.alertId)).some((one) => one.purpose === words.purpose)) return [];
  return issueCommands(
    deps,
    { ...group, action: 'play' },
    decided,
    codes.map((areaCode) => {
      const body = announcementBody(sending, areaCode, words.purpose, words.texts);
      return { areaCode, body, expiresAtMs: Date.parse(body.endTime), notAfterMs: sending.nowMs + ANNOUNCE_WITHIN_MS };
    }),
  );
}

/** Those that went out now; one whose time is over does not go out at all. */
async function publishInTime(deps: DispatchDeps, commands: readonly Command[]): Promise<Command[]> {
  const due = commands.filter((command) => command.publishedAtMs === null && command.notAfterMs > deps.clock.now());
  await publishCommands(deps, due);
  return due;
}

/** Tries again who has not reported silence or the spoken end, and names the end of the rest. */
async function followUp(deps: DispatchDeps, alert: Alert, spoken: readonly Command[], isFirstRun: boolean): Promise<Reaction> {
  const nowMs = deps.clock.now();
  const overAtMs = alert.overAtMs ?? nowMs;
  const ops: Op[] = [];
  const times: number[] = [];
  for (const count of await countGroups(deps.db, alert.id)) {
    if (count.unreported + count.unfinished + count.resumable === 0) continue;
    const group: DeliveryGroup = { alertId: alert.id, revision: count.revision, purpose: count.purpose };
    if (!isFirstRun) {
      const round = await tryAgain(deps, group, count);
      if (count.purpose !== 'alert' && round.tried.length > 0) ops.push(...markSent(deps.ids, group, nowMs, round.tried));
      if (round.again !== 'in-time') times.push(nowMs + (round.again === 'left-over' ? LEFT_OVER_MS : BROKER_AWAY_MS));
    }
    const unreportedFromMs = count.purpose === 'alert' ? overAtMs : (spoken[0]?.notAfterMs ?? overAtMs);
    const unfinishedAtMs = lastWordAtMs(count, overAtMs, spoken);
    const settled = settle(deps, group, count, { unreportedAtMs: unreportedFromMs + NEVER_RECEIVED_AFTER_MS, unfinishedAtMs });
    ops.push(...settled.ops);
    if (!settled.done) times.push(settled.nextAtMs, nextRoundAtMs(overAtMs, nowMs));
    // It may sound again and then die: somebody must look until it cannot.
    if (count.resumable > 0 && nowMs < unfinishedAtMs) times.push(unfinishedAtMs);
  }
  return times.length === 0 ? { ops } : { ops, againAtMs: Math.min(...times) };
}

/** When nothing of it can begin any more, and whoever began has been waited for. */
function lastWordAtMs(count: GroupCount, overAtMs: number, spoken: readonly Command[]): number {
  const endMs = count.purpose === 'alert' ? 0 : (spoken[0]?.expiresAtMs ?? 0);
  return Math.max(overAtMs + NO_WORD_AFTER_MS, endMs + NEVER_RECEIVED_AFTER_MS);
}

function tryAgain(deps: DispatchDeps, group: DeliveryGroup, count: GroupCount): Promise<Round> {
  if (count.purpose === 'alert') return count.unfinished > 0 ? stopAgain(deps, group) : Promise.resolve({ tried: [], again: 'in-time' });
  return count.unreported > 0 ? playAgain(deps, group) : Promise.resolve({ tried: [], again: 'in-time' });
}
