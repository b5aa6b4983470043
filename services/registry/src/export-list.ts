// One of the county's lists as a file that can be imported again as it is, and in which nothing becomes a formula.
import { csvOf } from '@laba/domain/csv';
import { hasScope } from '@laba/domain/officer';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { importColumns, optionalColumns, type ImportKind } from './import-csv.ts';
import { LISTS_KEPT } from './import-lists.ts';

/** What lies in his scope. That it left the house is written down first. */
export async function exportList(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'ids'>,
  kind: ImportKind,
  permit: Permit<'people.import'>,
  act: Act,
): Promise<string> {
  const kept = await LISTS_KEPT[kind].kept(deps);
  const own = kept.filter(({ gridCodes }) => gridCodes.every((code) => hasScope(permit.officer, code))).map(({ row }) => row);
  const event = {
    type: 'grid.exported' as const,
    atMs: deps.clock.now(),
    who: act.who,
    via: act.via,
    gridCode: permit.codes[0]!,
    subjectId: deps.ids(),
    data: { kind, rows: own.length },
  };
  await deps.db.atomically([...record(deps.ids, event), ...act.once]);
  const columns = [...importColumns(kind), ...optionalColumns(kind)];
  return csvOf([columns, ...own.map((row) => columns.map((column) => row[column] ?? ''))]);
}
