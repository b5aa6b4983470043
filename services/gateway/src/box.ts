// What one gateway's parts share while it is awake.
import type { GatewayIdentity, SignedCommand } from '@laba/domain/gateway-protocol';
import type { ReportedState } from '@laba/domain/delivery';
import type { Ids } from '@laba/domain/ids';
import type { Log } from '@laba/runtime/log';
import type { DeviceClock } from './device-clock.ts';
import type { Journal } from './journal.ts';
import type { Spool } from './spool-store.ts';
import type { StoredReport } from './spool-tables.ts';
import type { Trust } from './trust.ts';

export interface Box {
  readonly identity: GatewayIdentity;
  readonly trust: Trust;
  readonly spool: Spool;
  readonly journal: Journal;
  readonly clock: DeviceClock;
  readonly ids: Ids;
  readonly log: Log;
}

const REASON_CHARS = 120;

export interface Said {
  repeat?: number;
  startMs?: number | undefined;
  endMs?: number | undefined;
  reason?: string | undefined;
}

/** A report about one speaker and one command. */
export function reportOf(command: SignedCommand, speakerId: string, state: ReportedState, said: Said = {}): StoredReport {
  return {
    commandId: command.commandId,
    alertId: command.alertId,
    revision: command.revision,
    purpose: command.body.purpose,
    speakerId,
    state,
    repeat: said.repeat ?? 0,
    ...(said.startMs === undefined ? {} : { startTime: new Date(said.startMs).toISOString() }),
    ...(said.endMs === undefined ? {} : { endTime: new Date(said.endMs).toISOString() }),
    ...(said.reason === undefined || said.reason === '' ? {} : { reason: said.reason.slice(0, REASON_CHARS) }),
  };
}
