// Every simulated gateway runs once, and only what was asked for is broken.
import { describe, expect, it } from 'vitest';
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import { planFleet } from './fleet-plan.ts';

function boxes(count: number) {
  return Array.from({ length: count }, (_, i): GatewayIdentity & { privateKey: string } => ({
    county: '533324',
    gatewayId: `gw-${i}`,
    password: 'x',
    siteId: `site-${i}`,
    gridCode: '53332410120501',
    speakers: [{ speakerId: `speaker-${i}`, name: `喇叭${i}` }],
    keys: [{ kid: 'k', alg: 'Ed25519', publicKey: 'x', scope: '533324', modes: ['live'] }],
    mqttUrl: 'mqtt://x',
    audioUrl: 'http://x',
    utcOffsetMinutes: 480,
    privateKey: 'x',
  }));
}
const ids = (plans: ReturnType<typeof planFleet>) => plans.flatMap((plan) => plan.identities.map((identity) => identity.gatewayId));

describe('the fleet plan', () => {
  it('splits 211 gateways into two processes, each gateway once, in order', () => {
    const plans = planFleet({ identities: boxes(211), dataDir: '/d', parentPid: 7 });
    expect(plans.map((plan) => plan.identities.length)).toEqual([105, 106]);
    expect(ids(plans)).toEqual(boxes(211).map((identity) => identity.gatewayId));
    expect(new Set(plans.map((plan) => plan.dataDir)).size).toBe(2);
    for (const plan of plans) expect(plan).toMatchObject({ parentPid: 7, faults: { deadSpeakers: [] } });
  });

  it.each([
    [1, 3, [1]],
    [0, 2, []],
    [7, 3, [2, 2, 3]],
    [5, 1, [5]],
  ])('splits %i gateways over %i processes as %j', (count, processes, lengths) => {
    expect(planFleet({ identities: boxes(count), dataDir: '/d', parentPid: 1, processes }).map((plan) => plan.identities.length)).toEqual(lengths);
  });

  it('holds the gateways that will be off in a last process of their own, and kills only players of the others', () => {
    const plans = planFleet({ identities: boxes(211), dataDir: '/d', parentPid: 1, faults: { offGateways: 12, deadSpeakers: 5 } });
    expect(plans).toHaveLength(3);
    expect(plans[2]!.identities).toHaveLength(12);
    expect(plans[2]!.faults.deadSpeakers).toEqual([]);
    expect(ids(plans).sort()).toEqual(
      boxes(211)
        .map((identity) => identity.gatewayId)
        .sort(),
    );
    const dead = plans.flatMap((plan) => plan.faults.deadSpeakers);
    expect(new Set(dead).size).toBe(5);
    for (const plan of plans) {
      const own = new Set(plan.identities.flatMap((identity) => identity.speakers.map((speaker) => speaker.speakerId)));
      for (const speaker of plan.faults.deadSpeakers) expect(own).toContain(speaker);
    }
  });

  it('refuses to break more than there is, and to run in no process', () => {
    expect(() => planFleet({ identities: boxes(3), dataDir: '/d', parentPid: 1, faults: { offGateways: 2, deadSpeakers: 2 } })).toThrow('too many');
    expect(() => planFleet({ identities: boxes(3), dataDir: '/d', parentPid: 1, processes: 0 })).toThrow('at least one process');
  });
});
