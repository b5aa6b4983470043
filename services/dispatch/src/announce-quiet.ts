// Chapter 3, dispatch: the sound stops, the alert and the counting go on.
import type { EventData } from '@laba/domain/events';
import type { Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { findAlert, findRevision } from './alert-store.ts';
import { sendingOf } from './announce.ts';
import { findCommands } from './command-store.ts';
import { issueCommands, publishCommands, publishedOps } from './issue-commands.ts';
import type { DispatchDeps } from './dispatch-deps.ts';
import { silenceBody } from './play-command.ts';

const AFTER_PLAY_MS = 200;

/** The reaction to `alert.quietened`. It waits for the play it silences. @throws `broker-offline` */
export async function announceQuiet(deps: DispatchDeps, job: Job): Promise<Reaction> {
  const { revision } = job.event.data as EventData<'alert.quietened'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  const alert = await findAlert(deps.db, alertId);
  const decided = await findRevision(deps.db, alertId, revision);
  const nowMs = deps.clock.now();
  if (decided === undefined || alert?.state !== 'raised' || alert.revision !== revision || decided.endTimeMs <= nowMs) return {};
  const key = { alertId, revision, purpose: 'alert' } as const;
  const plays = await findCommands(deps.db, { ...key, action: 'play' });
  if (plays.length === 0 || plays.some((play) => play.publishedAtMs === null)) return { againAtMs: nowMs + AFTER_PLAY_MS };
  const sending = await sendingOf(deps, decided);
  const untilMs = decided.endTimeMs;
  const commands = await issueCommands(
    deps,
    { ...key, action: 'quieten' },
    decided,
    decided.areaCodes.map((areaCode) => ({
      areaCode,
      body: silenceBody(sending, areaCode, 'quieten', 'quietened', untilMs),
      expiresAtMs: untilMs,
      notAfterMs: untilMs,
    })),
  );
  await publishCommands(deps, commands);
  return { ops: publishedOps(deps, commands) };
}
