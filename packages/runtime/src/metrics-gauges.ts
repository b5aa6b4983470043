// What the house is asked when it is scraped: the work that waits, the alerts in force, the gateways, its engines and this process.
import type { Mqtt } from '@laba/messaging/mqtt';
import type { Queue } from '@laba/messaging/queue';
import type { Database } from '@laba/storage/database';
import type { Clock } from './clock.ts';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';
import { dueWork, heardGateways, raisedAlerts, raisedDeliveries } from './metrics-store.ts';
import type { Watchdog } from './watchdog.ts';

export interface Watched {
  db: Database;
  queue: Pick<Queue, 'stats'>;
  mqtt: Pick<Mqtt, 'online'>;
  watchdog: Pick<Watchdog, 'ageMs'>;
  health: Health;
  clock: Clock;
  degraded: () => string[];
  proofAges: () => Readonly<Record<string, number | undefined>>;
}

/** Adds the gauges. An engine that is away leaves its own gauges empty and `laba_engine_up` at 0; the scrape goes on. */
export function addGauges(metrics: Metrics, watched: Watched): void {
  workGauges(metrics, watched);
  countyGauges(metrics, watched);
  engineGauges(metrics, watched);
  processGauges(metrics, watched);
}

/** What is asked may be away: then nothing is said, rather than an old figure. */
function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch(() => undefined);
}

function workGauges(metrics: Metrics, { db, queue, clock, watchdog, proofAges }: Watched): void {
  metrics.gauge('laba_outbox_age_seconds', 'How long the oldest open job has been due; all processes say the same.', [], async (gauge) => {
    gauge.remove();
    const work = await orNothing(dueWork(db, clock.now()));
    if (work !== undefined) gauge.set(work.oldestDueAtMs === null ? 0 : Math.max(0, clock.now() - work.oldestDueAtMs) / 1000);
  });
  metrics.gauge('laba_outbox_due_jobs', 'Open jobs that are due; all processes say the same.', [], async (gauge) => {
    gauge.remove();
    const work = await orNothing(dueWork(db, clock.now()));
    if (work !== undefined) gauge.set(work.jobs);
  });
  metrics.gauge('laba_queue_jobs', 'Jobs on the queue by state; on Redis all processes say the same.', ['state'], async (gauge) => {
    gauge.reset();
    const stats = await orNothing(queue.stats());
    for (const [state, jobs] of Object.entries(stats ?? {})) gauge.set({ state }, Number(jobs));
  });
  metrics.gauge('laba_watchdog_age_seconds', 'Since the last round of the watchdog.', [], (gauge) => {
    gauge.remove();
    const ageMs = watchdog.ageMs();
    if (ageMs !== undefined) gauge.set(ageMs / 1000);
  });
  metrics.gauge('laba_proof_age_seconds', 'Since it was last proven, past the queue, that these go on.', ['proof'], (gauge) => {
    gauge.reset();
    for (const [proof, ageMs] of Object.entries(proofAges())) if (ageMs !== undefined) gauge.set({ proof }, ageMs / 1000);
  });
}

function countyGauges(metrics: Metrics, { db }: Watched): void {
  metrics.gauge('laba_alerts_in_force', 'Alerts in force by mode.', ['mode'], async (gauge) => {
    gauge.reset();
    for (const { mode, alerts } of (await orNothing(raisedAlerts(db))) ?? []) gauge.set({ mode }, alerts);
  });
  metrics.gauge('laba_deliveries', 'Deliveries of the alerts in force by state.', ['state'], async (gauge) => {
    gauge.reset();
    for (const { state, deliveries } of (await orNothing(raisedDeliveries(db))) ?? []) gauge.set({ state }, deliveries);
  });
  metrics.gauge('laba_gateways', 'Gateways in use: online or silent.', ['state'], async (gauge) => {
    gauge.reset();
    const heard = await orNothing(heardGateways(db));
    if (heard === undefined) return;
    const sum = (online: boolean) => heard.filter((row) => (row.online ?? false) === online).reduce((all, row) => all + row.gateways, 0);
    gauge.set({ state: 'online' }, sum(true));
    gauge.set({ state: 'silent' }, sum(false));
  });
}

function engineGauges(metrics: Metrics, { queue, mqtt, health, degraded }: Watched): void {
  metrics.gauge('laba_engine_up', 'Whether the engine answers this process.', ['engine'], async (gauge) => {
    gauge.set({ engine: 'database' }, (await health.databaseAnswers()) ? 1 : 0);
    gauge.set({ engine: 'queue' }, (await orNothing(queue.stats())) === undefined ? 0 : 1);
    gauge.set({ engine: 'broker' }, mqtt.online ? 1 : 0);
  });
  metrics.gauge('laba_degraded_conditions', 'Lines that /readyz shows as degraded.', [], (gauge) => gauge.set(degraded().length));
}

function processGauges(metrics: Metrics, { health }: Watched): void {
  metrics.gauge('laba_event_loop_lag_p50_seconds', 'Lag of the event loop over the last 10 to 20 s, median.', [], (gauge) =>
    gauge.set(health.lag().p50Ms / 1000),
  );
  metrics.gauge('laba_event_loop_lag_p99_seconds', 'Lag of the event loop over the last 10 to 20 s, 99 in 100.', [], (gauge) =>
    gauge.set(health.lag().p99Ms / 1000),
  );
  metrics.gauge('laba_process_resident_memory_bytes', 'Memory of this process.', [], (gauge) => gauge.set(process.memoryUsage.rss()));
  metrics.gauge('laba_process_heap_bytes', 'Heap in use.', [], (gauge) => gauge.set(process.memoryUsage().heapUsed));
  metrics.gauge('laba_process_uptime_seconds', 'Since this process began.', [], (gauge) => gauge.set(process.uptime()));
  metrics.gauge('laba_disk_free_ratio', 'Free part of the disk under the data folder.', [], (gauge) => {
    gauge.remove();
    const free = health.diskFree();
    if (free !== undefined) gauge.set(free);
  });
}
