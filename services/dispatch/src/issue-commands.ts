// Chapter 3, dispatch: sign once, store, then publish. A run after a crash finds the stored bytes and publishes the same again.
import { capTime } from '@laba/domain/cap';
import { topics, type PlayCommand } from '@laba/domain/gateway-protocol';
import type { Op } from '@laba/storage/database';
import { isWithin } from '@laba/domain/grid';
import { record } from '@laba/storage/events';
import { approvalsOf, type Revision } from './alert-store.ts';
import { allocateSeqs, findCommands, insertCommand, markPublished, type Command, type CommandKey, type NewCommand } from './command-store.ts';
import type { DispatchDeps } from './dispatch-deps.ts';

export interface Wanted {
  areaCode: string;
  body: PlayCommand;
  /** Of the signed head: after this no device takes it. */
  expiresAtMs: number;
  notAfterMs: number;
}

/** The commands of this sending, one per area: those stored before as they are, the missing ones signed and stored now. */
export async function issueCommands(deps: DispatchDeps, key: CommandKey, decided: Revision, wanted: readonly Wanted[]): Promise<Command[]> {
  const stored = await findCommands(deps.db, key);
  // In a village another house may have said it to a wider area.
  const missing = wanted.filter((one) => !stored.some((command) => isWithin(command.areaCode, one.areaCode)));
  if (missing.length === 0) return stored;
  const firstSeq = await allocateSeqs(deps.db, deps.config.county, missing.length);
  const approvals = await signedApprovals(deps, decided);
  const rows = await Promise.all(missing.map((one, i) => signCommand(deps, key, decided, one, firstSeq + i, approvals)));
  await deps.db.atomically(rows.map((row) => insertCommand(row)));
  return findCommands(deps.db, key);
}

async function signedApprovals(deps: DispatchDeps, decided: Revision): Promise<{ officerId: string; at: string; means: string }[]> {
  const approvals = await approvalsOf(deps.db, decided.alertId, decided.revision);
  return approvals.map((one) => ({ officerId: one.officerId, at: capTime(one.atMs, deps.config.utcOffsetMinutes), means: one.means }));
}

async function signCommand(
  deps: DispatchDeps,
  key: CommandKey,
  decided: Revision,
  wanted: Wanted,
  seq: number,
  approvals: { officerId: string; at: string; means: string }[],
): Promise<NewCommand> {
  const id = deps.ids();
  const envelope = await deps.signer.seal({
    aud: deps.config.county,
    mode: decided.mode,
    type: 'command',
    commandId: id,
    alertId: key.alertId,
    revision: key.revision,
    seq,
    iat: deps.clock.now() / 1000,
    exp: wanted.expiresAtMs / 1000,
    scope: [wanted.areaCode],
    body: wanted.body,
    ...(approvals.length > 0 ? { approvals } : {}),
  });
  return { id, ...key, areaCode: wanted.areaCode, seq, envelope, notAfterMs: wanted.notAfterMs, expiresAtMs: wanted.expiresAtMs };
}

/** One publish per area: the broker fans out. @throws `broker-offline`; some may have gone out then, the same bytes go again. */
export async function publishCommands(deps: DispatchDeps, commands: readonly Command[]): Promise<void> {
  const county = deps.config.county;
  await Promise.all(commands.map((command) => deps.mqtt.publish(topics.areaCommand(county, command.areaCode), command.envelope)));
}

/** What the publishing leaves behind, for the commit that ends the job. */
export function publishedOps(deps: DispatchDeps, commands: readonly Command[]): Op[] {
  const nowMs = deps.clock.now();
  return commands
    .filter((command) => command.publishedAtMs === null)
    .flatMap((command) => [
      markPublished(command.id, nowMs),
      ...record(deps.ids, {
        type: 'command.published',
        atMs: nowMs,
        who: 'system',
        via: 'job',
        gridCode: command.areaCode,
        alertId: command.alertId,
        subjectId: command.id,
        data: { revision: command.revision, action: command.action, areaCode: command.areaCode, seq: command.seq },
      }),
    ]);
}
