// Chapter 5, member: he needs support where he is; and somebody saw to it.
import { LabaError } from '@laba/domain/errors';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findCall, writeHelp, type Alert, type Call } from './call-store.ts';
import type { OwnCall } from './member-link.ts';
import { keptSince, refuseWhenOver } from './record-answer.ts';

type HelpDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>;

interface Plea {
  /** Null: support is not needed any more. */
  words: string | null;
  saidAtMs?: number | undefined;
  /** By what an officer heard it. */
  means?: string;
}

const TRIES = 5;

/** The member's own word that he needs support, or not any more. The same word twice changes nothing. @throws `transition-refused` when the alert is over */
export function askHelp(deps: HelpDeps, own: OwnCall, plea: Plea, once: Act['once'] = []): Promise<Call> {
  const act: Act = { who: `member:${own.call.memberId}`, via: 'http', once };
  return write(deps, own, { ...plea, saidAtMs: keptSince(deps, own.alert, plea.saidAtMs) }, act);
}

/** The same, as an officer heard it by telephone, radio or face to face. @throws `transition-refused` when the alert is over */
export function askHelpFor(deps: HelpDeps, found: { call: Call; alert: Alert }, heard: { words: string; means: string }, act: Act): Promise<Call> {
  return write(deps, found, heard, act);
}

/** An officer saw to it. @throws `transition-refused` when the alert is over */
export function seeToHelp(deps: HelpDeps, found: { call: Call; alert: Alert }, act: Act): Promise<Call> {
  return write(deps, found, { words: null }, act);
}

async function write(deps: HelpDeps, found: { call: Call; alert: Alert }, plea: Plea, act: Act): Promise<Call> {
  let { call, alert } = found;
  for (let tried = 1; ; tried++) {
    refuseWhenOver(call, alert);
    if (isKnown(deps, call, plea)) return call;
    try {
      return await writeDown(deps, call, plea, act);
    } catch (error) {
      if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile' || tried === TRIES) throw error;
      const again = await findCall(deps.db, call.id);
      if (again === undefined) throw new LabaError('not-found');
      ({ call, alert } = again);
    }
  }
}

function isKnown({ vault }: HelpDeps, call: Call, { words }: Plea): boolean {
  if (call.helpAtMs === null || words === null) return (call.helpAtMs === null) === (words === null);
  return words === '' || (call.helpWordsCipher !== null && vault.decrypt(call.helpWordsCipher) === words);
}

async function writeDown(deps: HelpDeps, call: Call, { words, saidAtMs, means }: Plea, act: Act): Promise<Call> {
  const atMs = deps.clock.now();
  const about = { atMs, who: act.who, via: act.via, gridCode: call.gridCode, alertId: call.alertId, subjectId: call.id };
  const data = { ...(saidAtMs === undefined ? {} : { saidAtMs }), ...(means === undefined ? {} : { means }) };
  const told =
    words === null
      ? record(deps.ids, { type: 'call.help-over', ...about, data: {} })
      : record(deps.ids, { type: 'call.help-asked', ...about, urgent: true, data });
  const help = { helpAtMs: words === null ? null : (saidAtMs ?? atMs), helpWordsCipher: words ? deps.vault.encrypt(words) : null, changedAtMs: atMs };
  await deps.db.atomically([writeHelp(call, help), ...act.once, ...told]);
  return { ...call, ...help, version: call.version + 1 };
}
