// Chapter 1, report: sensors speak over MQTT; a reading at or over its threshold becomes a report, once.
import { createHash } from 'node:crypto';
import { LabaError } from '@laba/domain/errors';
import { sensorReadingSchema, topics, type SensorReading } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { every } from '@laba/runtime/clock';
import type { Deps } from '@laba/runtime/service';
import { receiveReport } from './receive-report.ts';
import { findSensor, type SensorRow } from './report-store.ts';

const UNITS: Record<SensorReading['quantity'], { zh: string; unit: string }> = {
  'rain-mm-per-hour': { zh: '雨强', unit: 'mm/h' },
  'river-level-m': { zh: '水位', unit: 'm' },
  'crack-mm': { zh: '裂缝', unit: 'mm' },
  'tilt-deg': { zh: '倾斜', unit: '°' },
};

const AGAIN_MS = 2_000;

interface Kept {
  reading: SensorReading;
  sinceMs: number;
}

interface Window {
  startMs: number;
  reports: number;
}

/** Takes readings from `laba/v1/{county}/sensor/{id}/reading`. The broker's exact-topic rule says who sent it. */
export class SensorSource {
  readonly #deps: Deps;
  // Bounded by the number of registered sensors: only those get a window.
  readonly #windows = new Map<string, Window>();
  readonly #waiting = new Map<string, Kept[]>();
  #stop = () => {};

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get filter(): string {
    return topics.sensorReading(this.#deps.config.county, '+');
  }

  start(): void {
    const { clock } = this.#deps;
    this.#stop = every(
      clock,
      AGAIN_MS,
      () => this.#again(),
      () => {},
    );
  }

  async stop(): Promise<void> {
    this.#stop();
    if (this.#readings > 0) this.#deps.log.error({ readings: this.#readings }, 'sensor readings that were never written are lost: this process ends');
  }

  degraded(): string[] {
    return this.#readings > 0 ? [`intake: ${this.#readings} sensor readings wait to be written`] : [];
  }

  /**
   * Resolves when the reading needs nothing more, or is kept here to be tried again for LIMITS.sensorWaitMs: a sensor says it once. Only the end
   * of this process loses what is kept. @throws when it could be neither written nor kept
   */
  async take(topic: string, payload: Buffer): Promise<void> {
    const sensorId = topic.split('/')[4] ?? '';
    const reading = read(payload);
    if (reading === undefined) return this.#ignored(sensorId, { valid: false });
    try {
      await this.#receive(sensorId, reading, () => this.#mayReport(sensorId));
    } catch (error) {
      if (!mayPass(error) || !this.#keep(sensorId, reading)) throw error;
      this.#deps.log.warn({ sensor: sensorId, why: String(error) }, 'a sensor reading could not be written; it is tried again');
    }
  }

  async #receive(sensorId: string, reading: SensorReading, mayReport: () => boolean): Promise<void> {
    const sensor = await findSensor(this.#deps.db, sensorId);
    if (sensor === undefined || sensor.quantity !== reading.quantity) return this.#ignored(sensorId, { known: sensor !== undefined });
    if (reading.value < sensor.threshold || !mayReport()) return;
    await receiveReport(
      this.#deps,
      {
        id: reportId(sensorId, reading.readingId),
        gridCode: sensor.gridCode,
        hazard: sensor.hazard,
        source: 'sensor',
        text: words(sensor, reading),
      },
      { who: `sensor:${sensorId}`, via: 'mqtt', once: [] },
    );
  }

  #ignored(sensorId: string, facts: Record<string, unknown>): void {
    this.#deps.log.warn({ sensor: sensorId.slice(0, 64), ...facts }, 'a sensor message was ignored');
  }

  get #readings(): number {
    return [...this.#waiting.values()].reduce((sum, readings) => sum + readings.length, 0);
  }

  #keep(sensorId: string, reading: SensorReading): boolean {
    const kept = this.#waiting.get(sensorId) ?? [];
    // What comes beyond this tells nothing new: it would not have become a report either.
    if (kept.length >= LIMITS.sensorReportsPerMinute) return true;
    if (kept.length === 0 && this.#waiting.size >= LIMITS.sensorsWaiting) return false;
    this.#waiting.set(sensorId, [...kept, { reading, sinceMs: this.#deps.clock.now() }]);
    return true;
  }

  async #again(): Promise<void> {
    for (const [sensorId, kept] of [...this.#waiting]) {
      for (const one of kept) {
        const isDone = await this.#tryAgain(sensorId, one);
        // The database is still away and the others would fail, too; should it be this one alone, another is the first next time.
        if (!isDone) {
          const waiting = this.#waiting.get(sensorId) ?? [];
          this.#waiting.delete(sensorId);
          this.#waiting.set(sensorId, waiting);
          return;
        }
        const left = (this.#waiting.get(sensorId) ?? []).filter((other) => other !== one);
        if (left.length === 0) this.#waiting.delete(sensorId);
        else this.#waiting.set(sensorId, left);
      }
    }
  }

  // It was let through, or could not be counted, when it came.
  async #tryAgain(sensorId: string, { reading, sinceMs }: Kept): Promise<boolean> {
    const { clock, log } = this.#deps;
    try {
      await this.#receive(sensorId, reading, () => true);
      return true;
    } catch (error) {
      const isOver = clock.now() - sinceMs >= LIMITS.sensorWaitMs;
      if (mayPass(error) && !isOver) return false;
      log.error({ sensor: sensorId, why: String(error) }, 'a sensor reading is lost: it could not be written');
      return true;
    }
  }

  #mayReport(sensorId: string): boolean {
    const now = this.#deps.clock.now();
    const window = this.#windows.get(sensorId);
    if (window === undefined || now - window.startMs >= 60_000) {
      this.#windows.set(sensorId, { startMs: now, reports: 1 });
      return true;
    }
    window.reports += 1;
    return window.reports <= LIMITS.sensorReportsPerMinute;
  }
}

/** What is wrong with the reading itself stays wrong. */
function mayPass(error: unknown): boolean {
  return !(error instanceof LabaError) || (error.code !== 'unknown-code' && error.code !== 'bad-text');
}

function read(payload: Buffer): SensorReading | undefined {
  try {
    return sensorReadingSchema.safeParse(JSON.parse(payload.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

// The broker may deliver a message twice: the same reading is the same report.
function reportId(sensorId: string, readingId: string): string {
  return `s-${createHash('sha256').update(`${sensorId}\0${readingId}`).digest('hex').slice(0, 32)}`;
}

function words(sensor: SensorRow, reading: SensorReading): string {
  const { zh, unit } = UNITS[reading.quantity];
  const when = reading.at === undefined ? '' : ` @ ${reading.at}`;
  return `${zh} ${reading.value} ${unit}，阈值 ${sensor.threshold} ${unit} / ${reading.quantity} ${reading.value}, threshold ${sensor.threshold}${when}`;
}
