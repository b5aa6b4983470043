// A signed command at the door: every question in its order, everything written down before anything sounds or falls silent.
//
// While the time is unknown, a play waits outside (receive.ts) until the county's signed answer has told the time: the snapshot
// names what is in force, so waiting costs one round trip, and a recorded command can never sound late. Silence needs no clock:
// stop, stop-all and quieten act at once, because each only reaches what was signed before it.
import type { StopReason } from '@laba/domain/alert';
import { saysBulletin } from '@laba/domain/bulletin';
import { isBulletin, type SignedCommand } from '@laba/domain/gateway-protocol';
import { isWithin } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { quietUntilMs } from '@laba/domain/quiet-hours';
import { reportOf, type Box } from './box.ts';
import { CLOCK_SKEW_MS } from './device-clock.ts';
import type { Refusals } from './refusals.ts';
import { governs, type InForce, type Right, type Room } from './room.ts';
import type { SpoolOp, Tombstone } from './spool-store.ts';

export interface Door {
  box: Box;
  room: Room;
  refusals: Refusals;
}

export type Refusal =
  | 'clock'
  | 'expired'
  | 'superseded'
  | 'ended'
  | 'cancelled'
  | 'area'
  | 'quiet-hours'
  | 'drill-words'
  | 'bulletin-form'
  | 'key-mode'
  | 'not-supported'
  | 'key-revoked'
  | 'pre-empted'
  | 'quietened';
export type Verdict = 'accepted' | 'duplicate' | Refusal;

const DRILL_WORD = '演练';
/** The county's list of what is in force may name what is not for us: no reason to complain. */
const SILENT_FROM_SNAPSHOT: readonly Verdict[] = ['area', 'superseded'];

/**
 * Freshness, replay, tombstones, area, quiet hours; then persisted; then it acts.
 * @throws `storage-failed`: nothing was accepted, nothing sounds, the county tries again
 */
export async function acceptCommand(door: Door, command: SignedCommand, keyScope: string, wire: string, fromSnapshot = false): Promise<Verdict> {
  const right: Right = { mode: command.mode, keyScope };
  const verdict = await judge(door, command, right);
  if (verdict === 'duplicate') return verdict;
  if (verdict !== 'accepted') {
    if (!(fromSnapshot && SILENT_FROM_SNAPSHOT.includes(verdict))) await refuse(door, command, verdict);
    return verdict;
  }
  const { action } = command.body;
  if (action === 'play') await acceptPlay(door, command, right, wire);
  else if (action === 'quieten') await acceptQuieten(door, command, right);
  else await acceptStop(door, command, right);
  return 'accepted';
}

async function judge(door: Door, command: SignedCommand, right: Right): Promise<Verdict> {
  const { box } = door;
  const { body } = command;
  const now = door.room.timeFor(command.alertId);
  if (now !== undefined && command.iat * 1000 > now + CLOCK_SKEW_MS) return 'clock';
  if (now !== undefined && command.exp * 1000 <= now) return 'expired';
  if (await box.spool.isSeen(command.commandId)) return 'duplicate';
  const sounds = body.action === 'play' || body.action === 'live-voice';
  if (sounds && now === undefined) return 'clock';
  if (sounds && now !== undefined && (Date.parse(body.notAfter) < now || Date.parse(body.endTime) <= now)) return 'expired';
  if (sounds && hasTombstones(command)) {
    const grave = graveOf(await box.spool.tombstones(command.alertId), command, right);
    if (grave !== undefined) return grave.reason;
  }
  const own = box.identity.gridCode;
  if (!command.scope.some((code) => isWithin(code, own)) || !body.areaCode.some((code) => isWithin(code, own))) return 'area';
  return sounds ? judgeSound(door, command, right, now!) : 'accepted';
}

/** What may be taken back before it sounds; a spoken end is said once or not at all. */
function hasTombstones({ body }: SignedCommand): boolean {
  return body.purpose === 'alert' || body.purpose === 'bulletin';
}

function judgeSound(door: Door, command: SignedCommand, right: Right, now: number): Verdict {
  const { body } = command;
  if (body.action === 'live-voice') return 'not-supported';
  if (isBulletin(command)) return judgeBulletin(command, now);
  // A test makes no sound: no hour is too quiet for it.
  if (command.mode !== 'test' && quietUntilMs(body.quietHours, now) !== undefined) return 'quiet-hours';
  if (command.mode === 'drill' && !saysDrill(command)) return 'drill-words';
  const present = door.room.find({ alertId: command.alertId, revision: command.revision, purpose: body.purpose });
  return present !== undefined && !governs(right, present) ? 'key-mode' : 'accepted';
}

// It comes ahead of its time: what counts is the hour in which it would sound.
function judgeBulletin(command: SignedCommand, now: number): Verdict {
  const { body } = command;
  const isRoutine = command.mode === 'drill' && body.level === null && body.order === null && !body.siren && body.playTimes > 0 && body.quietHours !== null;
  if (!isRoutine || body.texts.length === 0 || !body.texts.every(saysBulletin)) return 'bulletin-form';
  return quietUntilMs(body.quietHours, Math.max(now, Date.parse(body.startTime))) === undefined ? 'accepted' : 'quiet-hours';
}

// Every language: who understands only one must hear it there. All but English carry the Chinese word, which the county knows.
function saysDrill({ body }: SignedCommand): boolean {
  return (
    body.texts.length > 0 && body.texts.every(({ language, text }) => text.includes(DRILL_WORD) || (/^en(-|$)/i.test(language) && /\bdrill\b/i.test(text)))
  );
}

/** An alert that is over stays over: what another house made of it meanwhile, not knowing of the end, sounds no more either. */
export function buries(grave: Pick<Tombstone, 'reason' | 'revision'>, revision: number): boolean {
  return ['ended', 'cancelled', 'expired'].includes(grave.reason) || revision <= grave.revision;
}

// An end outweighs a supersession: it says more.
function graveOf(tombstones: readonly Tombstone[], command: SignedCommand, right: Right): Tombstone | undefined {
  const graves = tombstones.filter((t) => t.reason !== 'quietened' && buries(t, command.revision) && governs(t, right));
  return graves.find((t) => t.reason !== 'superseded') ?? graves[0];
}

async function acceptPlay(door: Door, command: SignedCommand, right: Right, wire: string): Promise<void> {
  const { box, room } = door;
  const { body, alertId, revision } = command;
  const speakers = box.identity.speakers.map((speaker) => speaker.speakerId);
  const received = speakers.map((id) => reportOf(command, id, 'received'));
  const marks = [box.spool.see(command.commandId, command.exp * 1000), box.spool.raise({ highestSeq: command.seq })];
  // A test proves the path and ends here: it never reaches a speaker.
  if (command.mode === 'test') return box.journal.write(received, marks);

  const own = room.inForce.filter((one) => one.alertId === alertId && one.purpose === 'alert' && governs(right, one));
  const isAlert = hasTombstones(command);
  const reason: StopReason = isAlert ? 'superseded' : body.purpose === 'all-clear' ? 'ended' : 'cancelled';
  const buried = isAlert ? revision - 1 : revision;
  const over = own.filter((one) => buries({ reason, revision: buried }, one.revision));
  const grave = buried > 0 ? [box.spool.bury(tombstoneOf(box, command, right, reason, buried))] : [];
  const quietened = isAlert && (await isQuietened(box, command, right));
  const one: InForce = { alertId, revision, purpose: body.purpose, ...right, command, quietened };
  const kept = box.spool.keep({
    alertId,
    revision,
    purpose: body.purpose,
    commandId: command.commandId,
    seq: command.seq,
    wire,
    quietened,
    endMs: Date.parse(body.endTime),
  });
  const silent = quietened ? speakers.map((id) => reportOf(command, id, 'stopped', { reason: 'quietened' })) : [];
  await box.journal.write([...received, ...silent], [...marks, ...grave, ...over.map((old) => box.spool.close(old)), kept]);
  await Promise.all([room.end(over, reason), room.play(one)]);
  room.wake();
}

async function isQuietened(box: Box, command: SignedCommand, right: Right): Promise<boolean> {
  const tombstones = await box.spool.tombstones(command.alertId);
  return tombstones.some((t) => t.reason === 'quietened' && command.revision <= t.revision && command.seq < t.seq && governs(t, right));
}

async function acceptQuieten(door: Door, command: SignedCommand, right: Right): Promise<void> {
  const { box, room } = door;
  const ones = room.inForce.filter(
    (one) =>
      one.alertId === command.alertId &&
      one.purpose === 'alert' &&
      one.revision <= command.revision &&
      one.command.seq < command.seq &&
      !one.quietened &&
      governs(right, one),
  );
  await box.spool.commit([
    box.spool.see(command.commandId, command.exp * 1000),
    box.spool.bury(tombstoneOf(box, command, right, 'quietened', command.revision)),
    ...ones.map((one) => box.spool.quieten(one)),
    box.spool.raise({ highestSeq: command.seq }),
  ]);
  await room.quieten(ones);
}

async function acceptStop(door: Door, command: SignedCommand, right: Right): Promise<void> {
  const { box, room } = door;
  const { body } = command;
  const reason = finalReason(body.stopReason);
  const all = body.action === 'stop-all';
  const ones = room.inForce.filter(
    (one) =>
      governs(right, one) &&
      (all
        ? one.command.iat <= command.iat
        : one.alertId === command.alertId && one.purpose === body.purpose && buries({ reason, revision: command.revision }, one.revision)),
  );
  // None of those alerts is over: what is signed of one later sounds.
  const graves: SpoolOp[] = all
    ? ones.map((one) => box.spool.bury({ ...tombstoneOf(box, command, right, 'superseded', one.revision), alertId: one.alertId }))
    : hasTombstones(command)
      ? [box.spool.bury(tombstoneOf(box, command, right, reason, command.revision))]
      : [];
  await box.spool.commit([
    box.spool.see(command.commandId, command.exp * 1000),
    ...graves,
    ...ones.map((one) => box.spool.close(one)),
    box.spool.raise({ highestSeq: command.seq }),
  ]);
  await room.end(ones, reason);
}

function finalReason(reason: StopReason | null): StopReason {
  return reason === 'cancelled' || reason === 'superseded' || reason === 'expired' ? reason : 'ended';
}

function tombstoneOf(box: Box, command: SignedCommand, right: Right, reason: StopReason, revision: number): Tombstone {
  const latestMs = Math.max(command.exp * 1000, Date.parse(command.body.endTime), box.clock.now() ?? box.clock.floorMs);
  return { alertId: command.alertId, reason, ...right, revision, seq: command.seq, untilMs: Math.ceil(latestMs) + LIMITS.tombstoneFloorMs };
}

async function refuse(door: Door, command: SignedCommand, reason: Refusal): Promise<void> {
  const { box } = door;
  if (!door.refusals.maySay(command.commandId, reason)) return;
  box.log.warn({ gatewayId: box.identity.gatewayId, commandId: command.commandId, reason }, 'refused a command');
  // Only a play has a delivery; a refused stop must not be taken for the refusal of what it wanted to stop.
  const revision = command.body.action === 'play' ? {} : { revision: 0 };
  await box.journal.write(
    box.identity.speakers.map(({ speakerId }) => ({ ...reportOf(command, speakerId, 'refused', { endMs: box.clock.now(), reason }), ...revision })),
  );
}

/**
 * Bytes whose author or right could not be proven: nothing they say is repeated. One report for the whole box.
 * @returns false when enough was said of such this minute
 */
export async function refuseUntrusted(door: Door, reason: string): Promise<boolean> {
  const { box } = door;
  const speakerId = box.identity.speakers[0]?.speakerId;
  if (speakerId === undefined || !door.refusals.maySayUntrusted()) return false;
  box.log.warn({ gatewayId: box.identity.gatewayId, reason }, "refused bytes that are not the county's");
  const now = box.clock.now();
  await box.journal.write([
    {
      commandId: 'unknown',
      alertId: 'unknown',
      revision: 0,
      purpose: 'alert',
      speakerId,
      state: 'refused',
      repeat: 0,
      reason,
      ...(now === undefined ? {} : { endTime: new Date(now).toISOString() }),
    },
  ]);
  return true;
}
