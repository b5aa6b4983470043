// The village alone, at the centre: what the six lines say, beside what is known of the place; nothing is written yet.
import { LabaError } from '@laba/domain/errors';
import { tierOf } from '@laba/domain/grid';
import { totalsOf } from '@laba/domain/rollcall-totals';
import { cleanLines, impossible, moreThanListed, readLines, type Expected, type LineProblem, type Said } from '@laba/domain/spoken-status';
import type { Deps } from '@laba/runtime/service';
import { countHouseholds, countStatuses } from '@laba/storage/roll-call';
import { isGridNode } from '../grid-node-store.ts';
import { alertAt, registeredAt, type StandingAlert } from './status-store.ts';

export interface Understood {
  said: Said;
  lines: string[];
  /** Must be mended first. */
  problems: LineProblem[];
  /** Must be confirmed by whoever speaks. */
  doubts: LineProblem[];
  expected: Expected;
  alert: StandingAlert | undefined;
}

/** @throws `unknown-code`, `bad-input` where the place is no village or group */
export async function understand(deps: Pick<Deps, 'db' | 'clock' | 'config'>, gridCode: string, given: readonly string[]): Promise<Understood> {
  if (!(await isGridNode(deps.db, gridCode))) throw new LabaError('unknown-code', `No grid node has the code ${gridCode}.`, { gridCode });
  if (!['village', 'group'].includes(tierOf(gridCode) ?? ''))
    throw new LabaError('bad-input', 'gridCode: a status is of one village or group.', {
      field: 'gridCode',
      why: { zh: '请选到村或组', en: 'Choose a village or a group' },
    });
  const lines = cleanLines(given);
  const { said, problems } = readLines(lines, { nowMs: deps.clock.now(), utcOffsetMinutes: deps.config.utcOffsetMinutes });
  const alert = await alertAt(deps.db, gridCode);
  const expected = await expectedAt(deps, gridCode, alert?.id);
  return { said, lines, problems: [...problems, ...impossible(said)], doubts: moreThanListed(said, expected), expected, alert };
}

/** As the frozen list has it; without one, as the register. */
async function expectedAt({ db }: Pick<Deps, 'db'>, gridCode: string, alertId: string | undefined): Promise<Expected> {
  if (alertId !== undefined) {
    const part = { alertId, codes: [gridCode], round: 1 };
    const [statuses, households] = await Promise.all([countStatuses(db, part), countHouseholds(db, part)]);
    const totals = totalsOf({ statuses, households, places: [] });
    if (totals.persons.total > 0) return { households: totals.households.total, persons: totals.persons.total };
  }
  return registeredAt(db, gridCode);
}
