// The gateways of an officer's own area over HTTP.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '@laba/domain/officer';
import { createApp, SESSION_COOKIE, type App } from '@laba/runtime/http';
import { COUNTY, GROUP, TestCounty, VILLAGE } from './county.test-kit.ts';

let county: TestCounty;
let app: App;
let scopes: string[];
beforeEach(async () => {
  county = await TestCounty.open();
  scopes = [COUNTY];
  const officer = () => ({ id: 'o-1', username: 'demo', name: '演示值班员甲', role: 'county-officer' as Role, scopes });
  const sessions = { find: async () => ({ officer: officer(), csrfToken: 'token', openedAtMs: 0 }) };
  app = await createApp({ config: county.deps.config, db: county.db, clock: county.clock, log: county.deps.log, sessions, degraded: () => [] });
  county.service.routes?.(app);
});
afterEach(async () => {
  await app.close();
  await county.close();
});

interface Page {
  gateways: {
    gatewayId: string;
    online: boolean | null;
    lastSeen: string | null;
    speakers: { speakerId: string; player: string; lastReceived: string | null }[];
  }[];
  next: string | null;
}

async function list(query = ''): Promise<Page> {
  const answer = await app.inject({ url: `/api/v1/gateways${query}`, cookies: { [SESSION_COOKIE]: 'x' } });
  expect(answer.statusCode).toBe(200);
  return answer.json<Page>();
}

describe('GET /api/v1/gateways', () => {
  it('says of each gateway whether it is there, and of each speaker when it was last proven', async () => {
    await county.raise();
    await county.clock.advance(100);
    await county.heartbeat('gw-1', { power: { source: 'battery', batteryPercent: 41, hoursLeft: 3 } });
    await county.report('gw-1', { speakerId: 'sp-1', state: 'received' });
    const { gateways, next } = await list();
    expect(next).toBeNull();
    expect(gateways.map((one) => one.gatewayId)).toEqual(['gw-1', 'gw-2', 'gw-3']);
    expect(gateways[0]).toMatchObject({
      siteId: 'site-gw-1',
      gridCode: GROUP,
      status: 'active',
      online: true,
      lastSeen: '2026-07-01T08:00:00+08:00',
      power: { source: 'battery', batteryPercent: 41, hoursLeft: 3 },
      speakers: [{ speakerId: 'sp-1', player: 'ok', lastReceived: '2026-07-01T08:00:00+08:00', lastPlayed: null }],
    });
    expect(gateways[1]).toMatchObject({ online: null, lastSeen: null, speakers: [{ player: 'unknown' }, { player: 'unknown' }] });
  });

  it("shows nothing outside the officer's scope", async () => {
    scopes = [VILLAGE];
    expect((await list()).gateways.map((one) => one.gatewayId)).toEqual(['gw-1', 'gw-2']);
    scopes = ['533325'];
    expect((await list()).gateways).toEqual([]);
  });

  it('goes on after the last one of a page', async () => {
    expect((await list('?after=gw-2')).gateways.map((one) => one.gatewayId)).toEqual(['gw-3']);
  });
});
