// The line between the rooms and the county goes bad while an alert is on; and somebody else has a box's credentials.
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { silentLog } from '@laba/runtime/log';
import { tellFault } from '../harness/fault-report.ts';
import { callOff, raiseOrder, type Over } from '../harness/live-alert.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { brokenPromises, unsettled } from '../harness/real-history.ts';
import { PASSWORD, RealTown } from '../harness/real-town.ts';

const ROOM = 'room';
const START_MS = 120_000;
const FOR_MS = 1_500;
const SILENT_SITE_MS = 90_000;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('the line', () => {
  let town: RealTown;
  let host: ChildProcess;
  let cadre: PersistentOfficer;
  beforeAll(async () => {
    town = await new RealTown().layOut();
    await town.startLine();
    host = await town.startHost();
    await town.startGateways(ROOM, ['dasuo-1']);
    cadre = await new PersistentOfficer(town, 'cadre1', PASSWORD).signIn();
  }, START_MS);
  afterAll(() => town.close());

  const sounds = (id: string) => town.playLog(ROOM).filter((line) => line.event === 'started' && line.alertId === id).length;
  const atRest = (ids: string[]) => town.until('everything is at rest', async () => (await unsettled(town, ids)).length === 0, 90_000);

  /** An alert is over and another one is raised while it is broken; both must be known at the box once it is healed. */
  async function holds(fault: string, how: Over, suffer: () => Promise<void>): Promise<void> {
    const first = await raiseOrder(cadre);
    await town.until('it sounds', () => sounds(first) > 0);
    const broken = suffer();
    await callOff(cadre, first, how);
    const second = await raiseOrder(cadre);
    await broken;
    const healedAt = performance.now();
    await atRest([first, second]);
    await town.until('the second sounds', () => sounds(second) > 0);
    const recoveryMs = performance.now() - healedAt;
    await callOff(cadre, second);
    await atRest([first, second]);
    expect(await brokenPromises(town, [ROOM])).toEqual([]);
    tellFault({ fault, profile: 'embedded', seen: `${how} and a new order during it; both known at the box afterwards`, recoveryMs });
  }

  it.each(['freeze', 'one-way', 'half-open', 'cut'] as const)('%s: what was said meanwhile is heard afterwards, once', (kind) =>
    holds(`line: ${kind}`, kind === 'cut' ? 'cancel' : 'end', async () => {
      if (kind === 'freeze') town.line.freeze();
      if (kind === 'one-way') town.line.freeze('down');
      if (kind === 'half-open') town.line.halfOpen();
      if (kind === 'cut') town.line.cut();
      await pause(FOR_MS);
      town.line.heal();
    }),
  );

  it('a broker that comes back empty, in a house that was killed, forgets nothing that matters', () =>
    holds('broker: killed with its house, back empty', 'cancel', async () => {
      await town.kill(host);
      host = await town.startHost();
    }));

  it('a second connection with the box’s own credentials: the box comes back, nothing plays twice', () =>
    holds('broker: duplicate client id', 'end', async () => {
      const { gatewayId, password } = town.identity('dasuo-1');
      const copy = connectMqtt(
        { url: `mqtt://127.0.0.1:${town.config.mqttPort}`, clientId: gatewayId, username: gatewayId, password },
        { log: silentLog, reconnectMs: 100 },
      );
      await pause(2 * FOR_MS);
      await copy.close();
    }));

  it('a box behind a frozen line is a silent site within 90 s (I11)', async () => {
    const beganAtMs = Date.now();
    town.line.freeze();
    await town.until('an officer sees it', async () => (await online()) < 1, SILENT_SITE_MS + 10_000);
    const seenAtMs = Date.now();
    town.troubles.push({ what: 'a silent site', beganAtMs, overAtMs: seenAtMs, seenAtMs, withinMs: SILENT_SITE_MS });
    const healedAt = performance.now();
    town.line.heal();
    await town.until('it is back', async () => (await online()) === 1);
    expect(await brokenPromises(town, [ROOM])).toEqual([]);
    tellFault({
      fault: 'line: frozen for good',
      profile: 'embedded',
      seen: `silent site seen after ${Math.round((seenAtMs - beganAtMs) / 1_000)} s`,
      recoveryMs: performance.now() - healedAt,
    });
  });

  // As an officer sees it.
  async function online(): Promise<number> {
    const { gateways } = await cadre.get<{ gateways: { online: boolean; speakers: { speakerId: string }[] }[] }>('/api/v1/gateways');
    return gateways.filter((gateway) => gateway.online).length;
  }
});
