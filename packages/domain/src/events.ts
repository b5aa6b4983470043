// THE STORY as one list: each event, who tells it, what it carries (ids and facts, never personal data), who reacts.
import { z } from 'zod';
import { MODES, STOP_REASONS } from './alert.ts';
import { BULLETIN_EVENTS } from './bulletin-events.ts';
import { OWN_VOICE_NAMES } from './gateway-protocol.ts';
import { ANSWER_EFFECTS, QUESTIONS, SKIP_REASON_NAMES } from './ladder.ts';
import { ANSWERS } from './member.ts';
import { CHANNEL_NAMES, MESSAGE_PURPOSES } from './message.ts';
import { REPLY_OUTCOMES } from './reply.ts';
import { MARKS, PERSON_STATUS_NAMES } from './rollcall.ts';
import { SAFETY_KIND_NAMES, SAFETY_MEANS } from './safety.ts';
import { SITUATION_EVENTS } from './situation-events.ts';
import { TASK_EVENTS } from './task-events.ts';
import { STATUS_MEANS_NAMES } from './spoken-status.ts';
import { REACH_NAMES } from './section.ts';
import { ROUND_EVENTS } from './round-events.ts';
import {
  fact,
  id,
  code,
  count,
  times,
  raised,
  over,
  messageData,
  section,
  means,
  late,
  ofNumber,
  ladderMeans,
  answeredFor,
  rung,
  type EventKind,
} from './event-facts.ts';

const onDraft = { consumers: ['alerting.ask-approvers'] } as const;
// What is said first, and what is said anew.
const onRaised = {
  consumers: [
    'dispatch.freeze-audience',
    'mobilization.call-members',
    'mobilization.freeze-roll-call',
    'mobilization.recount',
    'mobilization.run-ladders',
    'mobilization.make-tasks',
    'mobilization.plan-sections',
    'mobilization.reach-unheard',
    'alerting.ask-before-expiry',
    'alerting.expire',
  ],
} as const;
// However it ends.
const onOver = {
  consumers: ['dispatch.announce-end', 'mobilization.close-calls', 'mobilization.close-ladders', 'mobilization.close-drill-tasks', 'registry.end-shelters'],
} as const;

export const EVENTS = {
  // 0 place and people
  'grid.imported': {
    producer: 'registry',
    data: z.object({ kind: z.string(), rows: count, inserted: count, updated: count }),
    consumers: ['mobilization.plan-rounds'],
  },
  // Personal data left the house as a file; the subject is that file.
  'grid.exported': { producer: 'registry', data: z.object({ kind: z.string(), rows: count }), ...fact },
  'shelter.opened': { producer: 'registry', data: z.object({ capacity: count }), ...fact },
  'shelter.closed': { producer: 'registry', data: z.object({}), ...fact },
  'place.head-count-told': { producer: 'registry', data: z.object({ headCount: count }), consumers: ['mobilization.correct-expected'] },
  'officer.created': { producer: 'registry', data: z.object({ role: z.string() }), ...fact },
  'officer.signed-in': { producer: 'registry', data: z.object({}), ...fact },
  'officer.signed-out': { producer: 'registry', data: z.object({}), ...fact },
  'officer.locked-out': { producer: 'registry', data: z.object({ untilMs: count }), ...fact },
  'officer.link-made': { producer: 'registry', data: z.object({}), ...fact },
  'officer.password-set': { producer: 'registry', data: z.object({}), ...fact },
  'officer.disabled': { producer: 'registry', data: z.object({}), ...fact },
  'officer.unlocked': { producer: 'registry', data: z.object({}), ...fact },
  // `renewed`: the code before it is void.
  'officer.local-code-made': { producer: 'registry', data: z.object({ renewed: z.boolean() }), ...fact },
  'officer.local-code-revoked': { producer: 'registry', data: z.object({}), ...fact },
  // `book`: the version of the key book that says so.
  'keys.made': { producer: 'registry', data: z.object({ kids: z.array(id), book: count.optional() }), ...fact },
  'keys.rotated': { producer: 'registry', data: z.object({ kids: z.array(id), book: count }), consumers: ['registry.switch-keys'] },
  // `missing`: gateways heard of lately that do not know them yet.
  'keys.switched': { producer: 'registry', data: z.object({ kids: z.array(id), missing: count }), ...fact },
  'keys.revoked': { producer: 'registry', data: z.object({ kids: z.array(id), made: z.array(id), book: count }), consumers: ['dispatch.sign-again'] },
  'gateway.claim-made': { producer: 'registry', data: z.object({ siteId: id }), ...fact },
  'gateway.claimed': { producer: 'registry', data: z.object({ siteId: id }), ...fact },
  'gateway.confirmed': { producer: 'registry', data: z.object({ siteId: id }), consumers: ['registry.keep-broker-book'] },
  'gateway.revoked': {
    producer: 'registry',
    data: z.object({ siteId: id, why: z.enum(['officer', 'replaced']) }),
    consumers: ['registry.keep-broker-book'],
  },
  // Houses below and above; the subject is the other house, or this one.
  'house.claim-made': { producer: 'sharing', data: z.object({}), ...fact },
  'house.claimed': { producer: 'sharing', data: z.object({}), ...fact },
  'house.confirmed': { producer: 'sharing', data: z.object({}), consumers: ['registry.keep-broker-book', 'registry.make-node-keys'] },
  'house.revoked': {
    producer: 'sharing',
    data: z.object({}),
    consumers: ['registry.keep-broker-book', 'registry.revoke-node-keys', 'registry.void-local-codes'],
  },
  // The county is not watched by that prefecture any more.
  'house.left': { producer: 'sharing', data: z.object({}), ...fact },
  // `lastHeardMs`: of the house above.
  'house.alone': { producer: 'sharing', data: z.object({ lastHeardMs: count }), consumers: ['alerting.take-over'] },
  'house.together': { producer: 'sharing', data: z.object({}), ...fact },
  // The house was switched off and does not know for how long; `sinceMs`: the last time that it knew.
  'clock.unknown': { producer: 'sharing', data: z.object({ sinceMs: count }), ...fact },
  // `was`: what the clock said until then.
  'clock.told': { producer: 'sharing', data: z.object({ by: z.enum(['machine', 'above', 'officer']), time: z.string(), was: z.string() }), ...fact },
  // 1 report
  // A need becomes a task; a hazard waits for an officer.
  'report.received': { producer: 'intake', data: z.object({ hazard: z.string(), source: z.string() }), consumers: ['mobilization.need-task'] },
  'report.merged': { producer: 'intake', data: z.object({ into: id }), ...fact },
  'report.verified': { producer: 'intake', data: z.object({ result: z.enum(['true', 'false', 'duplicate']), duplicateOf: id.optional() }), ...fact },
  'report.link-made': { producer: 'intake', data: z.object({}), ...fact },
  'sensor.registered': {
    producer: 'intake',
    data: z.object({ hazard: z.string(), quantity: z.string() }),
    consumers: ['registry.keep-broker-book'],
  },
  // 2 alert
  'policy.changed': { producer: 'alerting', data: z.object({ version: count }), consumers: ['mobilization.plan-rounds'] },
  'template.loaded': { producer: 'alerting', data: z.object({ rows: count }), ...fact },
  'alert.drafted': { producer: 'alerting', data: z.object({ revision: count, templateId: id.nullable(), reportId: id.nullable() }), ...onDraft },
  'alert.edited': { producer: 'alerting', data: z.object({ revision: count, voidedApprovals: count }), ...onDraft },
  // `officers`: whoever may be the second one; in rounds, until one has decided. `of`: the event of the draft or edit that is asked about.
  'alert.approval-asked': { producer: 'alerting', data: z.object({ revision: count, round: count, of: id, officers: z.array(id) }), ...onDraft },
  'alert.approved': { producer: 'alerting', data: z.object({ revision: count, means: z.string(), officerId: id }), ...fact },
  'alert.countersigned': { producer: 'alerting', data: z.object({ revision: count }), ...fact },
  'alert.discarded': { producer: 'alerting', data: z.object({}), ...fact },
  'alert.raised': { producer: 'alerting', data: raised, ...onRaised },
  'alert.updated': { producer: 'alerting', data: raised, ...onRaised },
  'alert.quietened': { producer: 'alerting', data: z.object({ revision: count }), consumers: ['dispatch.announce-quiet'] },
  'alert.expiry-asked': { producer: 'alerting', data: z.object({ endTime: z.string(), unreached: count, openLadders: count.optional() }), ...fact },
  // The county is older than its devices: what they know of alerts that it does not.
  'alert.over-elsewhere': { producer: 'dispatch', data: z.object({ revision: count, reason: z.enum(STOP_REASONS) }), ...fact },
  'command.recovered': {
    producer: 'dispatch',
    data: z.object({ revision: count, areaCode: code }),
    consumers: ['alerting.recover-alert'],
  },
  'alert.recovered': {
    producer: 'alerting',
    data: z.object({ revision: count, mode: z.enum(MODES), areaCodes: z.array(code) }),
    consumers: [
      'dispatch.freeze-audience',
      'mobilization.freeze-roll-call',
      'mobilization.recount',
      'mobilization.run-ladders',
      'alerting.ask-before-expiry',
      'alerting.expire',
    ],
  },
  // The house above that decided it is not heard: its clocks run here, for this ground.
  'alert.taken-over': {
    producer: 'alerting',
    data: z.object({ revision: count, mode: z.enum(MODES), areaCodes: z.array(code) }),
    consumers: [
      'dispatch.freeze-audience',
      'mobilization.freeze-roll-call',
      'mobilization.recount',
      'mobilization.run-ladders',
      'mobilization.make-tasks',
      'mobilization.plan-sections',
      'alerting.ask-before-expiry',
      'alerting.expire',
    ],
  },
  'alert.ended': { producer: 'alerting', data: over, ...onOver },
  'alert.cancelled': { producer: 'alerting', data: over, ...onOver },
  'alert.expired': { producer: 'alerting', data: over.extend({ unreached: count, openLadders: count.optional() }), ...onOver },
  // 3 dispatch
  'audience.frozen': {
    producer: 'dispatch',
    data: z.object({ revision: count, speakers: count, superseded: count }),
    consumers: ['dispatch.announce', 'dispatch.retry-unreported'],
  },
  'command.signed-again': { producer: 'dispatch', data: z.object({ revision: count, action: z.string(), areaCode: z.string(), seq: count }), ...fact },
  'command.published': { producer: 'dispatch', data: z.object({ revision: count, action: z.string(), areaCode: z.string(), seq: count }), ...fact },
  'delivery.sent': { producer: 'dispatch', data: times, ...fact },
  'delivery.expired': { producer: 'dispatch', data: times, ...fact },
  'site.silent': {
    producer: 'dispatch',
    data: z.object({ siteId: id, how: z.enum(['last-will', 'no-heartbeat']), lastSeenMs: count }),
    consumers: ['mobilization.reach-silent'],
  },
  'site.back': { producer: 'dispatch', data: z.object({ siteId: id, bootCounter: count }), ...fact },
  // Subject: the other house, one below this one.
  'house.silent': { producer: 'dispatch', data: z.object({ lastHeardMs: count }), consumers: ['mobilization.reach-silent'] },
  // `revoked`: nobody waits for it any more.
  'house.back': { producer: 'dispatch', data: z.object({ revoked: z.boolean().optional() }), ...fact },
  'speaker.failed': { producer: 'dispatch', data: z.object({ siteId: id, reason: z.string() }), ...fact },
  // Somebody spoke at the box itself, or its alarm went; without a start nothing was to be heard.
  'speaker.voice-used': {
    producer: 'dispatch',
    data: z.object({
      siteId: id,
      voice: z.enum(OWN_VOICE_NAMES),
      startTime: z.string().optional(),
      endTime: z.string().optional(),
      reason: z.string().optional(),
    }),
    ...fact,
  },
  'speaker.mended': { producer: 'dispatch', data: z.object({ siteId: id }), ...fact },
  'message.sent': { producer: 'dispatch', data: messageData, ...fact },
  'message.failed': { producer: 'dispatch', data: messageData, ...fact },
  'message.expired': { producer: 'dispatch', data: messageData, ...fact },
  'robot.set': { producer: 'dispatch', data: z.object({ channel: z.enum(CHANNEL_NAMES) }), ...fact },
  'robot.removed': { producer: 'dispatch', data: z.object({ channel: z.enum(CHANNEL_NAMES) }), ...fact },
  'push.subscribed': { producer: 'dispatch', data: z.object({}), ...fact },
  'message.delivered': { producer: 'dispatch', data: messageData, ...fact },
  // `messageId`, `memberId`: null when nobody knows what it answers, or whose number it is.
  'message.replied': {
    producer: 'dispatch',
    data: z.object({ channel: z.enum(CHANNEL_NAMES), messageId: id.nullable(), memberId: id.nullable() }),
    consumers: ['mobilization.read-reply', 'mobilization.ladder-reply', 'mobilization.mark-by-reply', 'registry.take-head-count'],
  },
  // 4 speaker: the device's own word, written down by dispatch
  'delivery.received': { producer: 'dispatch', data: times, ...fact },
  'delivery.playing': { producer: 'dispatch', data: times, ...fact },
  'delivery.played': { producer: 'dispatch', data: times, ...fact },
  'delivery.sounded': { producer: 'dispatch', data: times, ...fact },
  'delivery.stopped': { producer: 'dispatch', data: times, ...fact },
  'delivery.refused': { producer: 'dispatch', data: times, ...fact },
  'delivery.failed': { producer: 'dispatch', data: times, ...fact },
  // 5 member
  'calls.planned': {
    producer: 'mobilization',
    data: z.object({ revision: count, members: count, noChannel: count, widening: z.string().optional() }),
    consumers: ['mobilization.call-out'],
  },
  'call.unanswered': { producer: 'mobilization', data: z.object({}), ...fact },
  // `about`: the call, rung or number that was asked about.
  'reply.read': {
    producer: 'mobilization',
    data: z.object({ outcome: z.enum(REPLY_OUTCOMES), purpose: z.enum(MESSAGE_PURPOSES).optional(), about: id.optional() }),
    ...fact,
  },
  // The standing check of the county never ends; its subject is `standing`.
  'numbers.round-started': { producer: 'mobilization', data: z.object({}), consumers: ['mobilization.check-numbers'] },
  'numbers.round-ended': { producer: 'mobilization', data: z.object({}), ...fact },
  // Subject: the member.
  'number.asked': { producer: 'mobilization', data: ofNumber, ...fact },
  'number.unconfirmed': { producer: 'mobilization', data: ofNumber, ...fact },
  'number.dead': { producer: 'mobilization', data: ofNumber, ...fact },
  'call.answer-expired': { producer: 'mobilization', data: z.object({}), ...fact },
  'call.read': { producer: 'mobilization', data: z.object({}), ...fact },
  // `saidAtMs`: kept on his phone until it had a line. `overtaken`: by an answer that was given later and came sooner, which goes on counting.
  'call.answered': {
    producer: 'mobilization',
    data: z.object({ answer: z.enum(ANSWERS), means: z.string(), saidAtMs: count.optional(), overtaken: z.boolean().optional() }),
    consumers: ['mobilization.assign-doors', 'mobilization.fill-sections'],
  },
  // By an officer, before the house would have.
  'call.asked-again': { producer: 'mobilization', data: z.object({}), ...fact },
  // `means`: by what an officer heard it.
  'call.help-asked': { producer: 'mobilization', data: z.object({ saidAtMs: count.optional(), means: z.string().optional() }), ...fact },
  'call.help-over': { producer: 'mobilization', data: z.object({}), ...fact },
  // Subject: the code. A wrong code with the right first half: `locked` when it was one too many.
  'join-code.opened': { producer: 'mobilization', data: z.object({ mostJoins: count, expiresAtMs: count }), ...fact },
  'join-code.closed': { producer: 'mobilization', data: z.object({ joins: count }), ...fact },
  'join-code.tried': { producer: 'mobilization', data: z.object({ wrongTries: count, locked: z.boolean() }), ...fact },
  // Subject of the next two: the call. On the spot, by a code, with his first answer.
  'member.joined': {
    producer: 'mobilization',
    data: z.object({ memberId: id, joinCodeId: id, answer: z.enum(ANSWERS) }),
    consumers: ['registry.take-in'],
  },
  'member.taken-in': { producer: 'registry', data: z.object({ memberId: id }), consumers: ['mobilization.fill-sections'] },
  // Subject: the member, who stays one after the alert.
  'member.kept': { producer: 'registry', data: z.object({}), ...fact },
  // Who joined is no member any more, and what he gave is erased.
  'member.let-go': { producer: 'registry', data: z.object({}), consumers: ['mobilization.forget-joiner', 'dispatch.forget-joiner'] },
  'link.revoked': { producer: 'mobilization', data: z.object({ version: count }), ...fact },
  'call.closed': { producer: 'mobilization', data: z.object({ reason: z.enum(STOP_REASONS) }), ...fact },
  'ladder.opened': { producer: 'mobilization', data: z.object({ revision: count, degree: z.string() }), ...fact },
  'ladder.quickened': { producer: 'mobilization', data: z.object({ revision: count, degree: z.string() }), ...fact },
  'ladder.asked': { producer: 'mobilization', data: z.object({ ...rung, memberId: id }), ...fact },
  'ladder.passed-over': { producer: 'mobilization', data: z.object({ ...rung, reason: z.enum(SKIP_REASON_NAMES) }), ...fact },
  'ladder.overdue': {
    producer: 'mobilization',
    data: z.object({ question: z.enum(QUESTIONS), round: count, reason: z.enum(['clock', 'climbed']) }),
    ...fact,
  },
  'ladder.answered': { producer: 'mobilization', data: answeredFor, ...fact },
  'ladder.moving': { producer: 'mobilization', data: answeredFor.extend({ persons: count, was: count.optional() }), ...fact },
  'ladder.heard-again': {
    producer: 'mobilization',
    data: z.object({ means: ladderMeans, persons: count.optional(), effect: z.enum(ANSWER_EFFECTS) }),
    ...fact,
  },
  'ladder.closed': { producer: 'mobilization', data: z.object({ reason: z.enum(STOP_REASONS), open: z.boolean() }), ...fact },
  // Subject: the alert. One job looks after the groups of this revision until nothing more can be widened.
  'sections.planned': {
    producer: 'mobilization',
    data: z.object({ revision: count, groups: count, seats: count }),
    consumers: ['mobilization.keep-sections'],
  },
  // Subject of the next three: the member's call.
  'section.filled': { producer: 'mobilization', data: z.object({ section, reasons: z.array(z.string()) }), ...fact },
  'section.freed': { producer: 'mobilization', data: z.object({ section, why: z.enum(['cannot', 'expired', 'officer', 'moved']) }), ...fact },
  'member.stood-down': { producer: 'mobilization', data: z.object({}), ...fact },
  'callout.widened': {
    producer: 'mobilization',
    data: z.object({ from: z.enum(REACH_NAMES), to: z.enum(REACH_NAMES), missing: count, sections: z.array(section) }),
    ...fact,
  },
  // Subject: the member's call.
  'commander.named': { producer: 'mobilization', data: z.object({ number: count, acknowledged: z.boolean() }), ...fact },
  'commander.acknowledged': { producer: 'mobilization', data: z.object({ number: count }), ...fact },
  'pair.sent': { producer: 'mobilization', data: z.object({ members: z.array(id) }), consumers: ['mobilization.watch-safety'] },
  'pair.checked-in': { producer: 'mobilization', data: z.object({ means: z.enum(SAFETY_MEANS) }), ...fact },
  'pair.overdue': { producer: 'mobilization', data: z.object({ alarm: count, members: z.array(id) }), ...fact },
  'withdrawal.ordered': {
    producer: 'mobilization',
    data: z.object({ people: count, takenOver: count }),
    consumers: ['mobilization.watch-safety'],
  },
  'withdrawal.overdue': { producer: 'mobilization', data: z.object({ alarm: count, members: z.array(id) }), ...fact },
  // `last`: with him the pair or the withdrawal has ended.
  'member.back': {
    producer: 'mobilization',
    data: z.object({ means: z.enum(SAFETY_MEANS), watch: id, kind: z.enum(SAFETY_KIND_NAMES), last: z.boolean() }),
    ...fact,
  },
  'section.unfillable': { producer: 'mobilization', data: z.object({ section, missing: count }), ...fact },
  'rollcall.frozen': {
    producer: 'mobilization',
    data: z.object({ revision: count, households: count, persons: count, places: count, guests: count }),
    consumers: ['mobilization.assign-doors'],
  },
  // `doors` got a helper, or another one; `alone` of them nobody can go to.
  // Subject: the household. By an officer; null: taken back, and nobody goes until he names somebody.
  'door.given': { producer: 'mobilization', data: z.object({ memberId: id.nullable() }), ...fact },
  'door.assigned': { producer: 'mobilization', data: z.object({ doors: count, helpers: count, alone: count }), ...fact },
  'person.marked': {
    producer: 'mobilization',
    data: z.object({ status: z.enum(MARKS), was: z.enum(PERSON_STATUS_NAMES), means, late, round: count.optional() }),
    consumers: ['mobilization.person-task'],
  },
  'person.found': { producer: 'mobilization', data: z.object({ status: z.enum(MARKS), means, late }), consumers: ['mobilization.person-task'] },
  'place.expected': { producer: 'mobilization', data: z.object({ expected: count, was: count }), ...fact },
  'place.counted': { producer: 'mobilization', data: z.object({ counted: count, expected: count, means, late }), ...fact },
  'rollcall.completed': { producer: 'mobilization', data: z.object({}), ...fact },
  'rollcall.reopened': { producer: 'mobilization', data: z.object({}), ...fact },
  // `persons`: so many are safe or moved and have to be counted again.
  'rollcall.recount': { producer: 'mobilization', data: z.object({ round: count, persons: count }), ...fact },
  // How a place stands that is heard by telephone only. `grave`: somebody is missing or hurt. `needReportId`: what they need becomes this report.
  'status.received': {
    producer: 'mobilization',
    data: z.object({ means: z.enum(STATUS_MEANS_NAMES), saidAtMs: count, grave: z.boolean(), nextContactAtMs: count.optional(), needReportId: id.optional() }),
    consumers: ['mobilization.expect-contact', 'intake.take-need'],
  },
  'status.reconciled': { producer: 'mobilization', data: z.object({ differences: count }), ...fact },
  // Subject of the next two: the status that named the time.
  'contact.overdue': { producer: 'mobilization', data: z.object({ nextContactAtMs: count }), ...fact },
  // They are back on the line, which is better than a call.
  'contact.met': { producer: 'mobilization', data: z.object({}), ...fact },
  ...TASK_EVENTS,
  ...SITUATION_EVENTS,
  // 6 shift log; subject: the shift, of a remark the remark. What is written there stands in its own table.
  'shift.begun': { producer: 'console', data: z.object({ number: count }), ...fact },
  'shift.remarked': { producer: 'console', data: z.object({ number: count, shiftId: id }), ...fact },
  'shift.offered': { producer: 'console', data: z.object({ number: count, open: count, anew: z.boolean() }), ...fact },
  'shift.withdrawn': { producer: 'console', data: z.object({ number: count }), ...fact },
  // `next`: the shift that begins with it. `offered`: false when nobody handed it over.
  'shift.taken-over': { producer: 'console', data: z.object({ number: count, next: id, offered: z.boolean(), seal: z.string() }), ...fact },
  ...BULLETIN_EVENTS,
  ...ROUND_EVENTS,
  // the house itself
  'job.buried': { producer: 'runtime', data: z.object({ consumer: z.string(), error: z.string() }), ...fact },
  'watchdog.acted': { producer: 'runtime', data: z.object({ overdue: count }), ...fact },
  'broker.lost': { producer: 'dispatch', data: z.object({}), ...fact },
  'county.restored': { producer: 'dispatch', data: z.object({ takenAt: z.string(), held: count }), ...fact },
  'county.behind': { producer: 'dispatch', data: z.object({ known: count, told: count }), ...fact },
  'reports.lost': { producer: 'dispatch', data: z.object({ journalId: id, from: count, to: count }), ...fact },
  'broker.back': { producer: 'dispatch', data: z.object({ awayMs: count }), ...fact },
} as const satisfies Record<string, EventKind>;

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType> = z.infer<(typeof EVENTS)[T]['data']>;
export type ConsumerName = (typeof EVENTS)[EventType]['consumers'][number];

/** Every consumer of the story, once. */
export function consumerNames(): ConsumerName[] {
  return [...new Set(Object.values(EVENTS).flatMap((kind) => kind.consumers as readonly ConsumerName[]))];
}

/** Refuses to start when an event has a consumer nobody plays, or somebody plays one the story does not know. */
export function assertEveryEventHasConsumers(handlers: ReadonlySet<string>): void {
  const named = new Set<string>(consumerNames());
  const missing = [...named].filter((name) => !handlers.has(name));
  const strangers = [...handlers].filter((name) => !named.has(name));
  if (missing.length > 0) throw new Error(`The story names consumers that no service plays: ${missing.join(', ')}.`);
  if (strangers.length > 0) throw new Error(`Services play consumers the story does not name: ${strangers.join(', ')}.`);
}
