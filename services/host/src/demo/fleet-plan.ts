// Which simulated gateway runs in which process, and which are broken on purpose. Decides only; starting is another's work.
import { join } from 'node:path';
import type { FleetPlan } from '@laba/gateway/fleet-process';

export interface FleetFaults {
  /** So many gateways run in a process of their own, the last one, which the caller switches off. */
  offGateways?: number;
  /** So many speakers of the other gateways have a player that always fails. */
  deadSpeakers?: number;
}

export interface FleetRequest {
  identities: FleetPlan['identities'];
  /** Each process has a folder of its own under it; the audio cache is shared. */
  dataDir: string;
  /** A process ends when this one is gone. */
  parentPid: number;
  /** Processes for the gateways that work; 2 by default. */
  processes?: number;
  faults?: FleetFaults;
}

/** `count` of the items, evenly spread, in order. */
function spread<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / count)]!);
}

/** The items in at most `parts` runs whose lengths differ by one at most. */
function split<T>(items: readonly T[], parts: number): T[][] {
  const runs = Math.min(parts, items.length);
  return Array.from({ length: runs }, (_, i) => items.slice(Math.floor((i * items.length) / runs), Math.floor(((i + 1) * items.length) / runs)));
}

/**
 * One plan per process: every gateway in exactly one; with `offGateways` the last plan holds exactly those.
 * @throws when more is to be broken than there is
 */
export function planFleet({ identities, dataDir, parentPid, processes = 2, faults = {} }: FleetRequest): FleetPlan[] {
  const { offGateways = 0, deadSpeakers = 0 } = faults;
  if (!Number.isInteger(processes) || processes < 1) throw new Error(`The gateways need at least one process, not ${processes}.`);
  if (offGateways + deadSpeakers > identities.length) {
    throw new Error(`Only ${identities.length} gateways: ${offGateways} off and ${deadSpeakers} dead speakers are too many.`);
  }
  const off = new Set(spread(identities, offGateways));
  const working = identities.filter((identity) => !off.has(identity));
  const dead = new Set(
    spread(working, deadSpeakers)
      .flatMap((identity) => identity.speakers.slice(0, 1))
      .map((speaker) => speaker.speakerId),
  );
  const runs = [...split(working, processes), ...(off.size > 0 ? [[...off]] : [])];
  return runs.map((run, i): FleetPlan => ({
    identities: run,
    dataDir: join(dataDir, `process-${i + 1}`),
    audioCacheDir: join(dataDir, 'audio'),
    player: 'wav',
    faults: {
      deadSpeakers: run
        .flatMap((identity) => identity.speakers)
        .map((speaker) => speaker.speakerId)
        .filter((id) => dead.has(id)),
    },
    parentPid,
  }));
}
