// Chapter 1, report: a sensor is made known; its password is shown once.
import { createHash } from 'node:crypto';
import { LabaError } from '@laba/domain/errors';
import { topics } from '@laba/domain/gateway-protocol';
import type { Hazard } from '@laba/domain/report';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { DEVICE_PASSWORD } from '@laba/runtime/vault';
import { record } from '@laba/storage/events';
import { findNode, writeSensor } from './report-store.ts';

export interface SensorInput {
  id?: string | undefined;
  gridCode: string;
  hazard: Hazard;
  quantity: string;
  /** In the unit of the quantity; a reading at or over it becomes a report. */
  threshold: number;
}

/** @throws `unknown-code`, `already-done` when the id is taken */
export async function registerSensor(
  deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>,
  input: SensorInput,
  permit: Permit<'people.import'>,
  act: Act,
): Promise<{ id: string; password: string; topic: string }> {
  if (!permit.codes.includes(input.gridCode) || (await findNode(deps.db, input.gridCode)) === undefined)
    throw new LabaError('unknown-code', `No grid node has the code ${input.gridCode}.`, { gridCode: input.gridCode });
  const { gridCode, hazard, quantity, threshold } = input;
  const id = input.id ?? deps.ids();
  // Made of the id, as a gateway's: a broker that lost its accounts can be told them again.
  const password = deps.vault.hash(DEVICE_PASSWORD, id);
  await deps.db.atomically([
    ...act.once,
    writeSensor({ id, gridCode, hazard, quantity, threshold, passwordHash: createHash('sha256').update(password).digest('hex') }),
    ...record(deps.ids, { type: 'sensor.registered', atMs: deps.clock.now(), who: act.who, via: act.via, gridCode, subjectId: id, data: { hazard, quantity } }),
  ]);
  return { id, password, topic: topics.sensorReading(deps.config.county, id) };
}
