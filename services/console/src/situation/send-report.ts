// Chapter 6, reporting upward: an officer writes what no machine knows, then signs; from then on the report stays as it is.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import { cleanWords, type SituationField, type SituationWords } from '@laba/domain/situation';
import { authorize, type Act } from '@laba/runtime/auth';
import { record } from '@laba/storage/events';
import { closeContent, openContent, type SituationRow } from './content.ts';
import { told, type SituationDeps } from './fill-report.ts';
import { findReport, writeDraft } from './situation-store.ts';

/** @throws `not-found`, `role-refused`, `out-of-scope` */
export async function reportFor(deps: SituationDeps, id: string, officer: Officer, action: 'situation.read' | 'situation.report'): Promise<SituationRow> {
  const row = await findReport(deps.db, id);
  if (row === undefined) throw new LabaError('not-found', 'No situation report has this id.');
  authorize(officer, action, row.areaCodes);
  return row;
}

/** @throws as above; `already-done` when it was sent, `changed-meanwhile` when it is not as he saw it */
async function openDraft(deps: SituationDeps, id: string, version: number, officer: Officer): Promise<SituationRow> {
  const row = await reportFor(deps, id, officer, 'situation.report');
  if (row.state === 'sent') throw new LabaError('already-done', 'This report was sent and stays as it is; write the next one.');
  if (row.version !== version)
    throw new LabaError('changed-meanwhile', 'Somebody changed this report meanwhile: look at it again.', { version: row.version, by: row.filledBy });
  return row;
}

/** Fields that are not named stay as they are. @throws as `openDraft`; `bad-input` when a field is too long */
export async function writeWords(
  deps: SituationDeps,
  given: { id: string; version: number; words: Partial<SituationWords> },
  officer: Officer,
  act: Act,
): Promise<SituationRow> {
  const row = await openDraft(deps, given.id, given.version, officer);
  const content = openContent(deps.vault, row);
  const words = cleanWords(given.words);
  const fields = Object.keys(words) as SituationField[];
  const { contentCipher } = closeContent(deps.vault, { ...content, words: { ...content.words, ...words } });
  await deps.db.atomically([
    writeDraft(row, { contentCipher, filledBy: act.who }),
    ...act.once,
    ...record(deps.ids, { type: 'situation.worded', ...told(row, act, deps.clock.now()), data: { kind: row.kind, number: row.number, fields } }),
  ]);
  return { ...row, contentCipher, filledBy: act.who, version: row.version + 1 };
}

/** His name stands under it. @throws as `openDraft`; `figures-old` when its figures are too old to be signed */
export async function sendReport(deps: SituationDeps, given: { id: string; version: number }, officer: Officer, act: Act): Promise<SituationRow> {
  const row = await openDraft(deps, given.id, given.version, officer);
  const atMs = deps.clock.now();
  if (atMs - row.asOfMs > LIMITS.situationFreshMs)
    throw new LabaError('figures-old', 'These figures are too old to be signed: fill the report anew.', { asOfMs: row.asOfMs });
  const content = openContent(deps.vault, row);
  const { contentCipher, seal } = closeContent(deps.vault, { ...content, sent: { by: officer.name, atMs } });
  const late = row.dueAtMs !== null && atMs > row.dueAtMs;
  const sent = { state: 'sent', contentCipher, seal, sentBy: act.who, sentAtMs: atMs } as const;
  await deps.db.atomically([
    writeDraft(row, sent),
    ...act.once,
    ...record(deps.ids, { type: 'situation.sent', ...told(row, act, atMs), data: { kind: row.kind, number: row.number, late, seal } }),
  ]);
  return { ...row, ...sent, version: row.version + 1 };
}
