// What happened in a town, as the invariants want to read it.
import { isNull, eq } from 'drizzle-orm';
import { PURPOSES, type Purpose } from '@laba/domain/delivery';
import type { History, HistoryPlay } from './invariants.ts';
import type { House } from '@laba/host/compose';
import type { FakePole } from './fake-pole.ts';

/** What the historian reads of the town. */
export interface HistorysTown {
  readonly house: House;
  readonly sites: ReadonlyMap<string, { readonly pole: FakePole }>;
  readonly acknowledged: { type: string; subjectId: string }[];
}

export async function recordHistory(town: HistorysTown): Promise<History> {
  const { db } = town.house.deps;
  const [events, deliveries, openJobs, calls, alerts, commands] = await Promise.all([
    db.read((q, t) => q.select().from(t.event)),
    db.read((q, t) => q.select().from(t.delivery)),
    db.read((q, t) =>
      q
        .select({ consumer: t.job.consumer, alertId: t.event.alertId })
        .from(t.job)
        .innerJoin(t.event, eq(t.event.id, t.job.eventId))
        .where(isNull(t.job.doneAtMs)),
    ),
    db.read((q, t) => q.select({ id: t.call.id, alertId: t.call.alertId, state: t.call.state }).from(t.call)),
    db.read((q, t) => q.select().from(t.alert)),
    db.read((q, t) => q.select().from(t.command)),
  ]);
  const speakerOf = new Map(deliveries.map((delivery) => [delivery.id, delivery.speakerId]));
  const finalStops = events.filter((event) => event.type === 'delivery.stopped' && ['ended', 'cancelled', 'expired'].includes(String(event.data['reason'])));
  return {
    acknowledged: town.acknowledged,
    events,
    deliveries,
    openJobs,
    calls,
    alerts,
    plays: [...town.sites].flatMap(([speakerId, site]) =>
      site.pole.heard.map((heard): HistoryPlay => ({ ...heard, speakerId, purpose: purposeOf(heard.purpose) })),
    ),
    knownOver: finalStops.flatMap((event) =>
      event.alertId === null ? [] : [{ speakerId: speakerOf.get(event.subjectId) ?? '', alertId: event.alertId, atMs: event.atMs }],
    ),
    signed: commands.filter((command) => command.action === 'play').map(({ alertId, revision, purpose }) => ({ alertId, revision, purpose })),
  };
}

function purposeOf(word: string): Purpose {
  return PURPOSES.find((purpose) => purpose === word) ?? 'alert';
}
