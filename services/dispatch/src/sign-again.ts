// Chapter 3, dispatch: what a revoked key has signed, and should still count, is signed anew: revoking a key silences no village.
import type { EventData } from '@laba/domain/events';
import { signedPayloadSchema } from '@laba/domain/gateway-protocol';
import { LabaError } from '@laba/domain/errors';
import { isWithin } from '@laba/domain/grid';
import { takeApart } from '@laba/messaging/jws';
import type { Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findAlert } from './alert-store.ts';
import { publishTo } from './announce.ts';
import { gatewaysToStop } from './bulletin-delivery-store.ts';
import { findTime } from './bulletin-store.ts';
import { commandsAfter, replaceCommand, type Command } from './command-store.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { isHeldBack } from './hold-store.ts';
import { publishCommands } from './issue-commands.ts';
import { KEYS_FOR_MS } from './signing-key-store.ts';

/** Another process may have begun to sign before it knew, and store what it signed after that. */
const STRAGGLERS_MS = 10_000;
const LOOK_MS = 1_000;

/**
 * The reaction to `keys.revoked`. A gateway that does not know the new key yet asks when it hears it, and is told. The last run says
 * everything once more: an earlier one may have died between storing and publishing. @throws `broker-offline`
 */
export async function signAgain(deps: DispatchDeps, job: Job): Promise<Reaction> {
  const nowMs = deps.clock.now();
  // The signer of this process may not know yet.
  if (nowMs < job.event.atMs + KEYS_FOR_MS) return { againAtMs: job.event.atMs + KEYS_FOR_MS };
  const { kids } = job.event.data as EventData<'keys.revoked'>;
  const isLast = nowMs >= job.event.atMs + STRAGGLERS_MS;
  const told: Command[] = [];
  for (let some = await commandsAfter(deps.db, '', nowMs); some.length > 0; some = await commandsAfter(deps.db, some.at(-1)!.id, nowMs)) {
    for (const command of some) {
      const gone = kids.includes(takeApart(command.envelope)?.kid ?? '');
      if ((gone || isLast) && (await isMeant(deps, command))) told.push(gone ? await signOne(deps, command) : command);
    }
  }
  const [bulletins, others] = [told.filter(isOfBulletin), told.filter((command) => !isOfBulletin(command))];
  await publishBulletins(deps, bulletins);
  // What quietens before what sounds.
  await publishCommands(
    deps,
    others.sort((a, b) => (a.action === 'play' ? 1 : 0) - (b.action === 'play' ? 1 : 0)),
  );
  return isLast ? {} : { againAtMs: nowMs + LOOK_MS };
}

const isOfBulletin = ({ purpose }: Command) => purpose === 'bulletin';

// Only to whoever knows of bulletins and has it still.
async function publishBulletins(deps: DispatchDeps, commands: readonly Command[]): Promise<void> {
  for (const command of commands)
    for (const { gatewayId, gridCode } of await gatewaysToStop(deps.db, command.alertId))
      if (isWithin(command.areaCode, gridCode)) await publishTo(deps, gatewayId, command);
}

/** Whether it is to be heard now: silence always, sound only of what is raised. */
async function isMeant(deps: DispatchDeps, { alertId, revision, action, purpose }: Command): Promise<boolean> {
  if (purpose === 'bulletin' && action === 'play') return (await findTime(deps.db, alertId))?.state === 'planned';
  if (action !== 'play' || purpose !== 'alert') return true;
  const alert = await findAlert(deps.db, alertId);
  return alert?.state === 'raised' && alert.revision === revision && !(await isHeldBack(deps.db, alertId, revision));
}

// Its number and its time stay: what was said about it later, to be quiet or to stop, still holds.
async function signOne(deps: DispatchDeps, command: Command): Promise<Command> {
  const payload = signedPayloadSchema.parse(takeApart(command.envelope)!.content());
  const id = deps.ids();
  const envelope = await deps.signer.seal({ ...payload, commandId: id });
  const { alertId, revision, action, areaCode, seq } = command;
  const told = { type: 'command.signed-again' as const, atMs: deps.clock.now(), who: 'system' as const, via: 'job' as const, gridCode: areaCode, alertId };
  await deps.db
    .atomically([replaceCommand(command, { id, envelope }), ...record(deps.ids, { ...told, subjectId: id, data: { revision, action, areaCode, seq } })])
    .catch((error: unknown) => {
      // Another run of this job was faster; a device takes either.
      if (!(error instanceof LabaError && error.code === 'changed-meanwhile')) throw error;
    });
  return { ...command, id, envelope };
}
