// Chapter 2, alert, after a power cut: what was raised while the house did not know the time lasts as long as it was meant to.
import type { Op } from '@laba/storage/database';
import { changeHead, raisedHereSince } from './alert-store.ts';
import type { AlertingDeps } from './draft-alert.ts';

/** Their ends by the time that is told now. The jobs that end them look at the alert, not at the clock they were made by. */
export async function setOnAlerts(deps: Pick<AlertingDeps, 'db'>, sinceMs: number, byMs: number): Promise<readonly Op[]> {
  return (await raisedHereSince(deps.db, sinceMs)).map((head) => changeHead(head, { endTimeMs: head.endTimeMs + byMs }));
}
