// Other people's programs: a plain MQTT client with a gateway's credentials sees its commands and can report; nobody else can.
import { execFile, spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '@laba/domain/gateway-protocol';
import { isInstalled } from '../harness/installed.ts';
import { COUNTY, DASUO } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

interface Run {
  code: number;
  out: string;
}

function run(command: string, args: readonly string[]): Promise<Run> {
  return new Promise((resolve) =>
    execFile(command, args, { timeout: 8_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out: stdout + stderr }),
    ),
  );
}

describe.skipIf(!isInstalled('mosquitto_sub', 'mosquitto-clients'))('a plain MQTT client (needs mosquitto-clients)', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  const asGateway = (pole: 'dasuo-1' | 'upper-1') => {
    const { gatewayId, password } = town.site(pole).identity;
    return ['-h', '127.0.0.1', '-p', String(town.brokerPort), '-i', gatewayId, '-u', gatewayId, '-P', password];
  };

  it('with a gateway’s credentials sees its commands and its report counts', async () => {
    const { gatewayId } = town.site('dasuo-1').identity;
    await town.site('dasuo-1').powerOff();
    const subscriber = spawn('mosquitto_sub', [...asGateway('dasuo-1'), '-t', topics.areaCommand(COUNTY, DASUO), '-q', '1', '-C', '1']);
    let seen = '';
    subscriber.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    await town.eventually('the subscriber is connected', () => (town.house.broker.connections ?? Infinity) >= town.sites.size + 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    await town.eventually('it sees the signed command', () => seen.split('.').length === 3);
    const payload = JSON.parse(Buffer.from(seen.split('.')[1]!, 'base64url').toString('utf8')) as { alertId: string; commandId: string };
    expect(payload.alertId).toBe(alert);
    const report = {
      journalId: 'plain',
      reports: [{ number: 1, commandId: payload.commandId, alertId: alert, revision: 1, purpose: 'alert', speakerId: 'dasuo-1', state: 'received', repeat: 0 }],
    };
    const sent = await run('mosquitto_pub', [...asGateway('dasuo-1'), '-t', topics.gatewayReport(COUNTY, gatewayId), '-q', '1', '-m', JSON.stringify(report)]);
    expect(sent.code).toBe(0);
    await town.eventually('the county counts it', async () => (await town.deliveryStates(alert))['received'] === 1);
    expect((await town.told(alert, 'delivery.received')).map((row) => row.who)).toEqual([`gateway:${gatewayId}`]);
  });

  it('without them, or with a wrong password, is refused', async () => {
    const port = ['-h', '127.0.0.1', '-p', String(town.brokerPort)];
    const { gatewayId } = town.site('dasuo-1').identity;
    expect((await run('mosquitto_pub', [...port, '-t', 'laba/v1/x', '-m', 'x', '-q', '1'])).code).not.toBe(0);
    expect(
      (
        await run('mosquitto_pub', [
          ...port,
          '-i',
          gatewayId,
          '-u',
          gatewayId,
          '-P',
          'wrong',
          '-t',
          topics.gatewayReport(COUNTY, gatewayId),
          '-m',
          'x',
          '-q',
          '1',
        ])
      ).code,
    ).not.toBe(0);
  });

  it('on another gateway’s topic is refused, and nothing of it is counted', async () => {
    const other = town.site('upper-1').identity.gatewayId;
    await town.site('dasuo-1').powerOff();
    const alert = await (await town.officer('cadre1')).orders({ at: ['53332410120102'] });
    await town.speaker('upper-1').hears('立即');
    const forged = {
      journalId: 'forged',
      reports: [
        { number: 1, commandId: 'x', alertId: alert, revision: 1, purpose: 'alert', speakerId: 'upper-1', state: 'failed', repeat: 1, reason: 'forged' },
      ],
    };
    await run('mosquitto_pub', [...asGateway('dasuo-1'), '-t', topics.gatewayReport(COUNTY, other), '-q', '1', '-m', JSON.stringify(forged)]);
    const subscribed = await run('mosquitto_sub', [...asGateway('dasuo-1'), '-t', topics.gatewayCommand(COUNTY, other), '-q', '1', '-C', '1', '-W', '2']);
    expect(subscribed.out).not.toContain('eyJ');
    await town.clock.pass('5 s');
    expect(await town.told(alert, 'delivery.failed')).toEqual([]);
  });
});
