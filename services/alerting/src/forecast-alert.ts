// Chapter 2, alert: who would be reached, before the button. Sends nothing, writes nothing.
import { heedsQuietHours } from '@laba/domain/alert';
import { capTime } from '@laba/domain/cap';
import type { Forecast, NamedSpeaker, SpeakerForecast, VillageForecast } from '@laba/domain/forecast-view';
import { villageOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Need } from '@laba/domain/member';
import type { Officer } from '@laba/domain/officer';
import type { Policy } from '@laba/domain/policy';
import { quietUntilMs } from '@laba/domain/quiet-hours';
import { hasGateway, isOnline, provenAtMs, speakerFacts, type SpeakerFact } from '@laba/storage/speaker-facts';
import type { AlertContent } from './compose-content.ts';
import { decideRaise } from './decide-raise.ts';
import type { AlertingDeps } from './draft-alert.ts';
import {
  householdCounts,
  householdNeeds,
  memberCounts,
  nodeFacts,
  oldPlaces,
  personCounts,
  personNeeds,
  placeCounts,
  type NodeFact,
} from './forecast-store.ts';
import { forecastLadders } from './forecast-ladders.ts';
import { forecastReach } from './forecast-reach.ts';
import { areaOf } from './grid-store.ts';
import { policyHere } from './policy-store.ts';
import { soundsOf } from './sounding-time.ts';
import { spokenLanguages } from './spoken-languages.ts';

const DAY_MS = 86_400_000;

/** `approvers` of exactly this content, when it is a draft already. */
export async function forecastAlert(deps: AlertingDeps, content: AlertContent, officer: Officer, approvers: readonly string[]): Promise<Forecast> {
  const { db } = deps;
  const codes = content.areaCodes;
  const [facts, everyMember, households, persons, needs, ofHouseholds, places, old, nodes, policy, area] = await Promise.all([
    speakerFacts(db, codes),
    memberCounts(db, codes),
    householdCounts(db, codes),
    personCounts(db, codes),
    personNeeds(db, codes),
    householdNeeds(db, codes),
    placeCounts(db, codes),
    oldPlaces(db, codes, deps.clock.now() - LIMITS.headCountFreshMs),
    nodeFacts(db, codes),
    policyHere(deps),
    areaOf(db, codes),
  ]);
  const names = new Map(nodes.map((node) => [node.code, node.name]));
  const members = everyMember.filter((row) => row.available);
  const away = everyMember.filter((row) => !row.available).reduce((n, row) => n + row.total, 0);
  const total = members.reduce((n, row) => n + row.total, 0);
  const withWay = members.reduce((n, row) => n + row.withWay, 0);
  const languages = content.mode === 'test' ? [] : spokenLanguages(codes, nodes, content.texts);
  return {
    area: codes.map((code) => ({ code, name: names.get(code) ?? null })),
    speakers: speakerForecast(deps, facts),
    members: { total, byChannel: { page: withWay, none: total - withWay }, away },
    households: households.reduce((n, row) => n + row.households, 0),
    persons: persons.reduce((n, row) => n + row.persons, 0),
    needs: counted(needs),
    householdNeeds: counted(ofHouseholds),
    places,
    oldPlaces: old.map(({ headCountAtMs, ...place }) => ({
      ...place,
      headCountAt: headCountAtMs === null ? null : capTime(headCountAtMs, deps.config.utcOffsetMinutes),
    })),
    issuer: content.issuer,
    texts: content.texts,
    sounds: soundsOf(content),
    languages,
    withoutClip: languages.filter((one) => one.how !== 'clip').map((one) => one.language),
    noVoice: languages.filter((one) => one.how !== 'clip' && one.how !== 'voice').map((one) => one.language),
    villages: villageForecasts(deps.clock.now(), nodes, facts, { members, households, persons }),
    ladders: await forecastLadders(db, policy.ladders, content, names),
    reach: await forecastReach(deps, policy.numbers, content, officer),
    quietUntil: quietUntil(deps, content, policy.quietHours),
    decision: decideRaise(policy, content, area, officer, approvers),
  };
}

function quietUntil({ clock, config: { utcOffsetMinutes } }: AlertingDeps, content: AlertContent, hours: Policy['quietHours']): string | null {
  // A test makes no sound: no hour is too quiet for it.
  const isHeeded = content.mode !== 'test' && heedsQuietHours(content);
  const until = isHeeded ? quietUntilMs({ ...hours, utcOffsetMinutes }, clock.now()) : undefined;
  return until === undefined ? null : capTime(until, utcOffsetMinutes);
}

// A speaker is named in one of offline, noGateway and playerFailed: the first thing that must be mended.
function speakerForecast(deps: AlertingDeps, facts: readonly SpeakerFact[]): SpeakerForecast {
  const nowMs = deps.clock.now();
  const time = (ms: number | null) => (ms === null || ms === 0 ? null : capTime(ms, deps.config.utcOffsetMinutes));
  const noGateway = facts.filter((fact) => !hasGateway(fact));
  const online = facts.filter((fact) => isOnline(fact, nowMs));
  const offline = facts.filter((fact) => hasGateway(fact) && !isOnline(fact, nowMs));
  const playerFailed = online.filter((fact) => fact.player === 'failed');
  const neverProven = facts.filter((fact) => provenAtMs(fact) === 0);
  const named = (list: readonly SpeakerFact[]) =>
    list.slice(0, LIMITS.forecastNames).map((fact): NamedSpeaker => ({
      speakerId: fact.speakerId,
      name: fact.name,
      siteId: fact.siteId,
      siteName: fact.siteName,
      gridCode: fact.gridCode,
      gridName: fact.gridName,
      lastSeen: time(fact.lastSeenAtMs),
      reason: fact.player === 'failed' ? fact.playerReason : null,
    }));
  return {
    total: facts.length,
    online: online.length,
    proven24h: facts.filter((fact) => provenAtMs(fact) > nowMs - DAY_MS).length,
    lastProven: time(facts.reduce((latest, fact) => Math.max(latest, provenAtMs(fact)), 0)),
    offline: named(offline),
    playerFailed: named(playerFailed),
    noGateway: named(noGateway),
    neverProven: named(neverProven),
    counts: { offline: offline.length, playerFailed: playerFailed.length, noGateway: noGateway.length, neverProven: neverProven.length },
  };
}

interface PerVillage {
  members: readonly { village: string; total: number }[];
  households: readonly { village: string; households: number }[];
  persons: readonly { village: string; persons: number }[];
}

function villageForecasts(nowMs: number, nodes: readonly NodeFact[], facts: readonly SpeakerFact[], counts: PerVillage): VillageForecast[] {
  const rows = new Map<string, VillageForecast>();
  const names = new Map(nodes.map((node) => [node.code, node.name]));
  const at = (code: string): VillageForecast => {
    const row = rows.get(code) ?? { code, name: names.get(code) ?? null, speakers: 0, online: 0, members: 0, households: 0, persons: 0 };
    rows.set(code, row);
    return row;
  };
  for (const node of nodes.filter((one) => one.tier === 'village')) at(node.code);
  for (const fact of facts) {
    const row = at(villageOf(fact.gridCode));
    row.speakers += 1;
    if (isOnline(fact, nowMs)) row.online += 1;
  }
  for (const row of counts.members) at(row.village).members += row.total;
  for (const row of counts.households) at(row.village).households += row.households;
  for (const row of counts.persons) at(row.village).persons += row.persons;
  return [...rows.values()].sort((a, b) => (a.code < b.code ? -1 : 1)).slice(0, LIMITS.forecastNames);
}

function counted(rows: readonly { needs: Need[]; n: number }[]): Partial<Record<Need, number>> {
  const sums: Partial<Record<Need, number>> = {};
  for (const { needs, n } of rows) for (const need of needs) sums[need] = (sums[need] ?? 0) + n;
  return sums;
}
