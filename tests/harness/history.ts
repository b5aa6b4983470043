// What happened in a town, as the invariants want to read it.
import { isNull, eq } from 'drizzle-orm';
import { PURPOSES, type Purpose } from '@laba/domain/delivery';
import type { TrustedKey } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { open } from '@laba/messaging/envelope';
import type { House } from '@laba/host/compose';
import type { Database } from '@laba/storage/database';
import type { FakePole } from './fake-pole.ts';
import type { History, HistoryPlay } from './invariants.ts';
import { COUNTY } from './small-county.ts';

/** What the historian reads of a town in one process. */
export interface HistorysTown {
  readonly house: House;
  readonly sites: ReadonlyMap<string, { readonly pole: FakePole }>;
  readonly acknowledged: { type: string; subjectId: string }[];
}

/** What no table of the county tells. */
export type Witnessed = Pick<History, 'acknowledged' | 'plays' | 'asked' | 'troubles'> & Partial<Pick<History, 'measured'>>;

/** A command as it was signed and stored. */
export interface SignedSound {
  alertId: string;
  revision: number;
  purpose: Purpose;
  words: string;
  hasSiren: boolean;
}

export async function recordHistory(town: HistorysTown): Promise<History> {
  return historyOf(town.house.deps.db, {
    acknowledged: town.acknowledged,
    plays: [...town.sites].flatMap(([speakerId, site]) =>
      site.pole.heard.map((heard): HistoryPlay => ({ ...heard, speakerId, purpose: purposeOf(heard.purpose) })),
    ),
    asked: [],
    troubles: [],
  });
}

/** The county's own account, with what witnesses outside of it saw and heard. */
export async function historyOf(db: Database, witnessed: Witnessed): Promise<History> {
  // The county goes on while it is read: who works on something is asked first, what the timeline tells last.
  const openJobs = await db.read((q, t) =>
    q
      .select({ consumer: t.job.consumer, alertId: t.event.alertId })
      .from(t.job)
      .innerJoin(t.event, eq(t.event.id, t.job.eventId))
      .where(isNull(t.job.doneAtMs)),
  );
  const deliveries = await db.read((q, t) => q.select().from(t.delivery));
  const calls = await db.read((q, t) => q.select({ id: t.call.id, alertId: t.call.alertId, state: t.call.state }).from(t.call));
  const alerts = await db.read((q, t) => q.select().from(t.alert));
  const commands = await db.read((q, t) => q.select().from(t.command));
  const statuses = await db.read((q, t) => q.select({ gatewayId: t.gatewayStatus.gatewayId, state: t.gatewayStatus.state }).from(t.gatewayStatus));
  const events = await db.read((q, t) => q.select().from(t.event));
  const speakerOf = new Map(deliveries.map((delivery) => [delivery.id, delivery.speakerId]));
  const finalStops = events.filter((event) => event.type === 'delivery.stopped' && ['ended', 'cancelled', 'expired'].includes(String(event.data['reason'])));
  return {
    ...witnessed,
    events,
    deliveries,
    openJobs,
    calls,
    alerts,
    knownOver: finalStops.flatMap((event) =>
      event.alertId === null ? [] : [{ speakerId: speakerOf.get(event.subjectId) ?? '', alertId: event.alertId, atMs: stoppedAtMs(event) }],
    ),
    signed: commands.filter((command) => command.action === 'play').map(({ alertId, revision, purpose }) => ({ alertId, revision, purpose })),
    measured: [
      ...(witnessed.measured ?? []),
      { what: 'open jobs', size: openJobs.length, limit: LIMITS.memoryQueueJobs },
      ...statuses.map(({ gatewayId, state }) => ({
        what: `reports waiting at ${gatewayId}`,
        size: state?.reportsWaiting ?? 0,
        limit: LIMITS.gatewaySpooledReports,
      })),
    ],
  };
}

// When the device itself fell silent; the county may have heard of it much later, or by another clock.
function stoppedAtMs(event: { atMs: number; data: Record<string, unknown> }): number {
  const told = Date.parse(String(event.data['endTime']));
  return Number.isNaN(told) ? event.atMs : told;
}

/** What each stored play command says, proven by its signature: nothing else may ever be heard. */
export async function signedSounds(db: Database, keys: readonly TrustedKey[]): Promise<Map<string, SignedSound>> {
  const commands = await db.read((q, t) => q.select({ envelope: t.command.envelope }).from(t.command).where(eq(t.command.action, 'play')));
  const sounds = new Map<string, SignedSound>();
  for (const { envelope } of commands) {
    const opened = open(envelope, keys, COUNTY);
    if (!('payload' in opened) || opened.payload.type !== 'command') continue;
    const { alertId, revision, body } = opened.payload;
    const words = body.texts.map((text) => text.text).join(' | ');
    sounds.set(`${alertId} ${revision} ${body.purpose}`, { alertId, revision, purpose: body.purpose, words, hasSiren: body.siren });
  }
  return sounds;
}

export function purposeOf(word: string): Purpose {
  return PURPOSES.find((purpose) => purpose === word) ?? 'alert';
}
