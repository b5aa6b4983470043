// What happened in a town of real processes: its tables, the play logs of its rooms, what its officers were told; and how far it is from rest.
import { and, eq, inArray, isNull, lt } from 'drizzle-orm';
import { isEnded } from '@laba/domain/delivery';
import type { TrustedKey } from '@laba/domain/gateway-protocol';
import type { Database } from '@laba/storage/database';
import { historyOf, purposeOf, signedSounds } from './history.ts';
import { brokenInvariants, type History } from './invariants.ts';
import type { PlayLogLine } from './real-town.ts';

/** A job this far past its time is not being worked on; a clock that comes back from 90 s behind makes all jobs so late at once. */
const OVERDUE_MS = 150_000;

/** What the historian asks of a town of real processes. */
export interface RealWitness extends Pick<History, 'acknowledged' | 'asked' | 'troubles'> {
  readonly identities: readonly { readonly keys: readonly TrustedKey[] }[];
  read<R>(look: (db: Database) => Promise<R>): Promise<R>;
  playLog(room: string): PlayLogLine[];
}

/** Everything that is known of the town; `rooms`: the names its fleets were started with. */
export async function recordRealHistory(town: RealWitness, rooms: readonly string[]): Promise<History> {
  return town.read(async (db) => {
    const lines = rooms.flatMap((room) => town.playLog(room));
    const told = { acknowledged: [...town.acknowledged], asked: town.asked, troubles: town.troubles };
    const signed = await signedSounds(db, town.identities[0]!.keys);
    const plays = lines
      .filter((line) => line.event === 'started')
      .map((line) => {
        const purpose = purposeOf(line.purpose);
        const sound = signed.get(`${line.alertId} ${line.revision} ${purpose}`);
        const { speakerId, alertId, revision, repeat } = line;
        const startedAtMs = Date.parse(line.startedAt);
        // The pole's own word on the mode; what was to be heard as the county signed it.
        return {
          speakerId,
          alertId,
          revision,
          purpose,
          repeat,
          mode: modeOf(line.mode),
          startedAtMs,
          words: sound?.words ?? '',
          hasSiren: sound?.hasSiren ?? false,
        };
      });
    const history = await historyOf(db, { ...told, plays });
    return { ...history, signed: [...signed.values()], openJobs: await workedOn(db, history) };
  });
}

// A job that nobody has come to look at for so long is no work: I2 must not count it.
async function workedOn(db: Database, history: History): Promise<History['openJobs']> {
  const dead = await db.read((q, t) =>
    q
      .select({ consumer: t.job.consumer, alertId: t.event.alertId })
      .from(t.job)
      .innerJoin(t.event, eq(t.event.id, t.job.eventId))
      .where(and(isNull(t.job.doneAtMs), lt(t.job.dueAtMs, Date.now() - OVERDUE_MS))),
  );
  const names = new Set(dead.map((job) => `${job.consumer} ${job.alertId}`));
  return history.openJobs.filter((job) => !names.has(`${job.consumer} ${job.alertId}`));
}

const MODES = ['live', 'drill', 'test'] as const;

function modeOf(word: string): (typeof MODES)[number] {
  const mode = MODES.find((one) => one === word);
  if (mode === undefined) throw new Error(`A pole wrote down the mode '${word}'.`);
  return mode;
}

/** @returns what was broken in everything up to now, in words */
export async function brokenPromises(town: RealWitness, rooms: readonly string[]): Promise<string[]> {
  return brokenInvariants(await recordRealHistory(town, rooms));
}

/**
 * What is still to come for these alerts: every speaker of what is raised must have reported, every speaker of what is over must have fallen
 * silent and spoken the end. Who never got a command has, when it is over, nothing to say.
 */
export async function unsettled(town: RealWitness, alertIds: readonly string[]): Promise<string[]> {
  if (alertIds.length === 0) return [];
  return town.read(async (db) => {
    const alerts = await db.read((q, t) =>
      q
        .select({ id: t.alert.id, state: t.alert.state, revision: t.alert.revision })
        .from(t.alert)
        .where(inArray(t.alert.id, [...alertIds])),
    );
    const deliveries = await db.read((q, t) =>
      q
        .select()
        .from(t.delivery)
        .where(inArray(t.delivery.alertId, [...alertIds])),
    );
    const stateOf = new Map(alerts.map((alert) => [alert.id, alert]));
    const withDeliveries = new Set(deliveries.map((one) => one.alertId));
    const unfrozen = alerts.filter((alert) => alert.state === 'raised' && !withDeliveries.has(alert.id)).map((alert) => `${alert.id} has no audience`);
    return [...unfrozen, ...deliveries.filter((one) => isOpen(one, stateOf.get(one.alertId))).map((one) => `${one.speakerId} ${one.purpose} ${one.state}`)];
  });
}

/** Deliveries that have no named end yet. */
export async function unended(town: RealWitness): Promise<string[]> {
  const deliveries = await town.read((db) => db.read((q, t) => q.select().from(t.delivery)));
  return deliveries.filter((one) => !isEnded(one, one.mode, one.playTimes)).map((one) => `${one.speakerId} ${one.purpose} ${one.state}`);
}

type Delivery = History['deliveries'][number];

function isOpen(one: Delivery, alert: { state: string; revision: number } | undefined): boolean {
  if (alert === undefined || isEnded(one, one.mode, one.playTimes)) return false;
  const never = one.state === 'queued' || one.state === 'sent';
  // That the end is being spoken is enough; how long it takes is a matter of its words.
  if (one.purpose !== 'alert') return never;
  const inForce = alert.state === 'raised' && one.revision === alert.revision;
  return inForce === never;
}
