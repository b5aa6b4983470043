// Chapter 1, report: sensors speak over MQTT; a reading at or over its threshold becomes a report, once.
import { createHash } from 'node:crypto';
import { sensorReadingSchema, topics, type SensorReading } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import type { Deps } from '@laba/runtime/service';
import { receiveReport } from './receive-report.ts';
import { findSensor, type SensorRow } from './report-store.ts';

const UNITS: Record<SensorReading['quantity'], { zh: string; unit: string }> = {
  'rain-mm-per-hour': { zh: '雨强', unit: 'mm/h' },
  'river-level-m': { zh: '水位', unit: 'm' },
  'crack-mm': { zh: '裂缝', unit: 'mm' },
  'tilt-deg': { zh: '倾斜', unit: '°' },
};

interface Window {
  startMs: number;
  reports: number;
}

/** Takes readings from `laba/v1/{county}/sensor/{id}/reading`. The broker's exact-topic rule says who sent it. */
export class SensorSource {
  readonly #deps: Deps;
  // Bounded by the number of registered sensors: only those get a window.
  readonly #windows = new Map<string, Window>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get filter(): string {
    return topics.sensorReading(this.#deps.config.county, '+');
  }

  /** @throws only when the report could not be written: then the message is not acknowledged and comes again. */
  async take(topic: string, payload: Buffer): Promise<void> {
    const sensorId = topic.split('/')[4] ?? '';
    const reading = read(payload);
    const sensor = await findSensor(this.#deps.db, sensorId);
    if (reading === undefined || sensor === undefined || sensor.quantity !== reading.quantity) {
      this.#deps.log.warn({ sensor: sensorId.slice(0, 64), known: sensor !== undefined, valid: reading !== undefined }, 'a sensor message was ignored');
      return;
    }
    if (reading.value < sensor.threshold || !this.#mayReport(sensorId)) return;
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
