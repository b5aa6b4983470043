// Chapter 3, dispatch, between houses: what another house signed is said to the loudspeakers that hang on this one's line, byte for byte.
import { LabaError } from '@laba/domain/errors';
import { commandsToRelay } from './command-store.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { liftSeq } from './hold-store.ts';
import { publishCommands, publishedOps } from './issue-commands.ts';

/** `ids`: commands that stand here since a moment. A loudspeaker that does not hear one asks for it when it says hello. */
export async function relayCommands(deps: DispatchDeps, ids: readonly string[]): Promise<void> {
  const commands = await commandsToRelay(deps.db, ids, deps.clock.now());
  if (commands.length === 0) return;
  await publishCommands(deps, commands);
  // This house's own numbers go on above all that its loudspeakers have heard.
  const lift = liftSeq(deps.config.county, Math.max(...commands.map(({ seq }) => seq)));
  await deps.db.atomically([lift, ...publishedOps(deps, commands)]).catch((error: unknown) => {
    // Its own reaction marked them at the same moment.
    if (!(error instanceof LabaError && error.code === 'changed-meanwhile')) throw error;
  });
}
