// What comes in, one after the other: opened first, then given to whoever it concerns.
import type { SignedCommand, SignedHeld, SignedSnapshot } from '@laba/domain/gateway-protocol';
import { isWithin } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { open } from '@laba/messaging/envelope';
import { isKeyBook } from '@laba/messaging/key-book';
import { acceptCommand, buries, refuseUntrusted, type Door } from './accept-command.ts';
import { CLOCK_SKEW_MS } from './device-clock.ts';
import type { Reasons } from './reasons.ts';
import type { Right } from './room.ts';

const HELD_BACK = 32;

export interface Receiver extends Door {
  /** True once per question: is this the answer to the latest hello of this connection? */
  takeNonce(nonce: string): boolean;
  /** The same, and the question stays open. */
  isAsked(nonce: string): boolean;
  /** Asks the county for a fresh snapshot. */
  askAgain(): void;
  /** What the county does not know of and asks to be shown. */
  toShow: readonly { alertId: string; revision: number }[];
  reasons: Reasons;
  highestSeq: number;
  /** What a county that knew less than this box said last; it was told then what this box knows. */
  countyBehindAt: number | undefined;
  /** Whether the county has answered on this connection, and so has said which keys count now. */
  answered: boolean;
  /** Another key book is gone by. */
  onNewKeys(): void;
  /** What came before the county had answered, plays that came before the time was known, and commands from a county whose clock is ahead. */
  heldBack: string[];
}

/** @throws `storage-failed` */
export async function receive(receiver: Receiver, wire: string): Promise<void> {
  if (isKeyBook(wire)) return onKeyBook(receiver, wire);
  const { identity, trust } = receiver.box;
  const opened = open(wire, trust.keys, identity.county);
  if ('refused' in opened) return onUntrusted(receiver, opened.refused);
  const { payload } = opened;
  const keyScope = trust.scopeOf(opened.kid);
  // Whoever was away does not know which keys were revoked meanwhile: until that is said, nothing new acts; what sounds already goes on.
  // What somebody at the box has just asked for needs no county to vouch for it.
  const isVouchedFor = receiver.answered || !trust.asksForProof || (payload.type === 'command' && receiver.room.isByHand(payload.alertId));
  if (payload.type === 'command') return isVouchedFor ? onCommand(receiver, payload, keyScope, wire) : holdBack(receiver, wire);
  // Only its own house's key for live alerts, or a wider one, tells the time, what is over, and what the house holds.
  const doubt = !isWithin(keyScope, identity.house ?? identity.county)
    ? 'key-scope'
    : payload.mode !== 'live'
      ? 'key-mode'
      : payload.scope.some((code) => isWithin(code, identity.gridCode))
        ? undefined
        : 'area';
  if (doubt !== undefined) return onUntrusted(receiver, doubt);
  if (payload.type === 'snapshot') return onSnapshot(receiver, payload, keyScope);
  if (isVouchedFor) await onHeld(receiver, payload);
}

// A key that is not known here may be a new one, of which the county tells whoever asks.
async function onUntrusted(receiver: Receiver, reason: string): Promise<void> {
  const said = await refuseUntrusted(receiver, reason);
  if (said && reason === 'unknown-key' && receiver.box.trust.asksForProof) receiver.askAgain();
}

/** A newer book is taken, durably; what a key signed that is not in it falls silent in the same commit. */
async function onKeyBook(receiver: Receiver, wire: string): Promise<void> {
  const { box, room } = receiver;
  const looked = box.trust.look(wire);
  if ('refused' in looked) return looked.refused === 'same' ? undefined : onUntrusted(receiver, looked.refused);
  const spooled = await box.spool.activeCommands();
  const gone = spooled.filter((one) => 'refused' in open(one.wire, looked.book.keys, box.identity.county));
  await box.spool.commit([box.spool.keepBook(looked.kept), ...gone.map((one) => box.spool.close(one))]);
  box.trust.adopt(looked);
  receiver.onNewKeys();
  await room.end(
    gone.flatMap((one) => room.find(one) ?? []),
    'key-revoked',
  );
  // What should still sound was signed anew. Before the first answer the question is open: the answer comes behind the book.
  if (receiver.answered) receiver.askAgain();
}

function holdBack(receiver: Receiver, wire: string): void {
  if (receiver.heldBack.includes(wire)) return;
  receiver.heldBack.push(wire);
  if (receiver.heldBack.length > HELD_BACK) receiver.heldBack.shift();
}

async function onCommand(receiver: Receiver, command: SignedCommand, keyScope: string, wire: string): Promise<void> {
  const { houseIsTimeless } = receiver.room;
  const now = receiver.room.timeFor(command.alertId);
  // The county signed it, so the county's clock is ahead of ours: it is asked what time it is before anything is refused.
  const isAhead = now !== undefined && command.iat * 1000 > now + CLOCK_SKEW_MS;
  // Of a house that does not know the time it is asked whether this was decided now.
  const isOld = houseIsTimeless && now !== undefined && command.exp * 1000 <= now;
  if (isAhead || (command.body.action === 'play' && (now === undefined || isOld))) {
    holdBack(receiver, wire);
    // What the house signed by a wrong time stays ahead, whatever time it tells.
    if ((isAhead || houseIsTimeless) && receiver.reasons.areNew([`time ${command.commandId}`])) receiver.askAgain();
    return;
  }
  await acceptCommand(receiver, command, keyScope, wire);
  receiver.highestSeq = Math.max(receiver.highestSeq, command.seq);
}

async function onSnapshot(receiver: Receiver, snapshot: SignedSnapshot, keyScope: string): Promise<void> {
  const { box, room } = receiver;
  const { body } = snapshot;
  const doubt = box.trust.doubtOf(body);
  if (doubt === 'book-unproven') return onUntrusted(receiver, doubt);
  // The question stays open, and is asked again until the book has come, or the time is known.
  if (doubt === 'later') return;
  if (body.clock === 'unknown') return onTimeless(receiver, snapshot, keyScope);
  if (!receiver.takeNonce(body.nonce)) return;
  receiver.answered = true;
  room.houseIsTimeless = false;
  const setOnMs = box.clock.anchor(snapshot.iat * 1000, body.clock === undefined);
  receiver.highestSeq = Math.max(receiver.highestSeq, body.highestSeq);
  room.setOn(setOnMs);
  await buryDead(receiver, snapshot, { mode: 'live', keyScope });
  for (const wire of [...body.commands, ...receiver.heldBack.splice(0)]) await fromSnapshot(receiver, wire);
  await box.journal.held(body.journalId, body.reportsHeldUpTo);
  room.resume();
  // A county that was restored from a backup: the signed command itself is the proof that it once decided so.
  receiver.toShow = body.unknown ?? [];
  if (isDueToShow(receiver)) receiver.askAgain();
}

/** Whether something that is asked for was not shown lately: it is shown with the next question. */
function isDueToShow({ toShow, reasons }: Receiver): boolean {
  if (toShow.length === 0) return false;
  // One hello shows only so many: what is left of them is a reason of its own.
  return reasons.areNew([`show ${toShow.map(({ alertId, revision }) => `${alertId} ${revision}`).join()}`]);
}

/** The house was switched off and cannot say what time it is. What is over is over, and what was decided there since sounds now; all else waits. */
async function onTimeless(receiver: Receiver, snapshot: SignedSnapshot, keyScope: string): Promise<void> {
  const { box, room } = receiver;
  const { body } = snapshot;
  if (!receiver.isAsked(body.nonce)) return;
  receiver.answered = true;
  room.houseIsTimeless = true;
  receiver.highestSeq = Math.max(receiver.highestSeq, body.highestSeq);
  await buryDead(receiver, snapshot, { mode: 'live', keyScope });
  for (const wire of body.commands) {
    const opened = open(wire, box.trust.keys, box.identity.county);
    if (!('refused' in opened) && opened.payload.type === 'command') room.askForByHand(opened.payload.alertId, snapshot.iat * 1000);
    await fromSnapshot(receiver, wire);
  }
  await box.journal.held(body.journalId, body.reportsHeldUpTo);
}

async function buryDead(receiver: Receiver, { body, iat }: SignedSnapshot, right: Right): Promise<void> {
  const { box, room } = receiver;
  const graves = body.tombstones.map((t) => ({
    ...right,
    alertId: t.alertId,
    revision: t.revision,
    reason: t.reason,
    seq: body.highestSeq,
    untilMs: Math.max(Date.parse(t.until), iat * 1000 + LIMITS.tombstoneFloorMs),
  }));
  const spooled = await box.spool.activeCommands();
  const dead = graves.flatMap((grave) =>
    spooled.filter((one) => one.alertId === grave.alertId && one.purpose === 'alert' && buries(grave, one.revision)).map((one) => ({ one, grave })),
  );
  await box.spool.commit([
    box.spool.raise({ floorMs: box.clock.floorMs, highestSeq: body.highestSeq }),
    ...graves.map((grave) => box.spool.bury(grave)),
    ...dead.map(({ one, grave }) => (grave.reason === 'quietened' ? box.spool.quieten(one) : box.spool.close(one))),
  ]);
  for (const { one, grave } of dead) {
    const inForce = room.find(one);
    if (inForce === undefined) continue;
    await (grave.reason === 'quietened' ? room.quieten([inForce]) : room.end([inForce], grave.reason));
  }
}

async function fromSnapshot(receiver: Receiver, wire: string): Promise<void> {
  const { identity, trust } = receiver.box;
  const opened = open(wire, trust.keys, identity.county);
  if ('refused' in opened) return void (await refuseUntrusted(receiver, opened.refused));
  if (opened.payload.type !== 'command') return;
  await acceptCommand(receiver, opened.payload, trust.scopeOf(opened.kid), wire, true);
}

async function onHeld(receiver: Receiver, held: SignedHeld): Promise<void> {
  const { box } = receiver;
  const saidMs = held.iat * 1000;
  const now = box.clock.now();
  // Without a question of ours in it, a time far ahead is not believed: the floor could never come back.
  if (held.body.clock === undefined && (now === undefined || saidMs <= now + CLOCK_SKEW_MS)) box.clock.liftFloor(saidMs);
  const { highestSeq } = held.body;
  const missed = highestSeq > receiver.highestSeq;
  // Out of a backup, while the broker and this line lived on: nothing else would tell it what this box knows.
  const behindAt = highestSeq < receiver.highestSeq ? highestSeq : undefined;
  // While something is in force here it is told with every such word: that it was answered once does not prove that it was taken up.
  const isNewsToIt = behindAt !== undefined && (behindAt !== receiver.countyBehindAt || receiver.room.inForce.length > 0);
  receiver.countyBehindAt = behindAt;
  await box.spool.commit([box.spool.raise({ floorMs: box.clock.floorMs })]);
  await box.journal.held(held.body.journalId, held.body.reportsHeldUpTo);
  // It was told the time meanwhile, or this box never was: only the answer to a question says which is right.
  const isApart = now !== undefined && Math.abs(saidMs - now) > CLOCK_SKEW_MS;
  if (missed || isNewsToIt || isApart || isDueToShow(receiver)) receiver.askAgain();
}
