// Chapter 1, report: the village's own link, printed as a QR code; made the first time an officer asks for it.
import { LabaError } from '@laba/domain/errors';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findLink, findNode, writeLink } from './report-store.ts';

const TOKEN_CHARS = 22;

/** The token of one grid node's report form. @throws `unknown-code` */
export async function reportLink(
  deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>,
  gridCode: string,
  permit: Permit<'report.receive'>,
  act: Act,
): Promise<string> {
  const known = await findLink(deps.db, { gridCode });
  if (known !== undefined) return known.token;
  if (!permit.codes.includes(gridCode) || (await findNode(deps.db, gridCode)) === undefined)
    throw new LabaError('unknown-code', `No grid node has the code ${gridCode}.`, { gridCode });
  // Keyed with the house's secret: 132 bits that nobody can guess from the time of making.
  const token = deps.vault.hash('report-link', deps.ids()).slice(0, TOKEN_CHARS);
  try {
    await deps.db.atomically([
      writeLink(token, gridCode),
      ...record(deps.ids, { type: 'report.link-made', atMs: deps.clock.now(), who: act.who, via: act.via, gridCode, subjectId: gridCode, data: {} }),
    ]);
    return token;
  } catch (error) {
    const made = await findLink(deps.db, { gridCode });
    if (made === undefined) throw error;
    return made.token;
  }
}
