// County-wide red by two officers: every pole of the county plays; then one person cancels and all fall silent.
import type { Client } from '../cli/client.ts';
import type { DemoFile } from './demo-file.ts';
import {
  atMsOf,
  expectation,
  quantile,
  signedIn,
  speakerCounts,
  speakersThat,
  timesTo,
  Timeline,
  until,
  type Expectation,
  type SpeakerCounts,
  type TimelineRow,
} from './story.ts';

const TARGET_MS = 3_000;

export interface CountyResult {
  scenario: 'county';
  alertId: string;
  speakers: SpeakerCounts;
  raiseToPlayingMs: { p50: number | undefined; p99: number | undefined; target: number; met: boolean };
  raiseToReceivedMs: { p50: number | undefined; p99: number | undefined };
  cancelToSilentMs: { p50: number | undefined; p99: number | undefined };
  faults?: { off: string[]; deadPlayers: string[]; forecastNamed: string[]; liveNamed: string[]; namedWithinMs: number };
  expectations: Expectation[];
}

/** Gateways that were switched off and speakers whose player was killed before the raise. */
export interface KnownFaults {
  offSites: readonly string[];
  offSpeakers: readonly string[];
  deadSpeakers: readonly string[];
}

interface Stage {
  url: string;
  county: string;
  demo: DemoFile;
  say: (line: string) => void;
  faults?: KnownFaults;
}

interface Named {
  speakerId: string;
}
interface Forecast {
  speakers: { total: number; online: number; offline: Named[]; playerFailed: Named[] };
}
interface Coverage {
  silent: { siteId: string }[];
  failed: Named[];
}

const idsOf = (named: readonly Named[]) => named.map((one) => one.speakerId).sort();

export async function countyWide(stage: Stage): Promise<CountyResult> {
  const first = await signedIn(stage, 'duty1');
  const second = await signedIn(stage, 'duty2');
  const draft = {
    mode: 'live',
    kind: 'warning',
    level: 'red',
    issuer: '演示县气象台',
    templateId: 'rainstorm-red',
    areaCodes: [stage.county],
    durationMinutes: 60,
  };
  const forecast = await first.post<Forecast>('/api/v1/alerts/forecast', draft);
  stage.say(`forecast: ${forecast.speakers.online} of ${forecast.speakers.total} speakers online, ${forecast.speakers.playerFailed.length} with a dead player`);
  const alert = await first.post<{ id: string }>('/api/v1/alerts', draft);
  await second.post(`/api/v1/alerts/${alert.id}/approve`, { means: 'screen' });
  await first.post(`/api/v1/alerts/${alert.id}/raise`);
  stage.say('duty1 drafts, duty2 approves, duty1 raises: county-wide red');
  const timeline = new Timeline(first, alert.id);
  const broken = (stage.faults?.offSpeakers.length ?? 0) + (stage.faults?.deadSpeakers.length ?? 0);
  const expected = forecast.speakers.total - broken;
  const raised = performance.now();
  await until(`${expected} speakers play`, 60_000, async () => (speakerCounts(await timeline.read()).playing >= expected ? true : undefined));
  stage.say(`${expected} speakers play`);
  const named = stage.faults === undefined ? undefined : await nameFaults(first, alert.id, stage.faults, raised);
  await first.post(`/api/v1/alerts/${alert.id}/cancel`, { reason: '演示：误发' });
  await until('all fall silent', 60_000, async () => (stillSounding(await timeline.read()).length === 0 ? true : undefined));
  stage.say('one officer cancels: all silent');
  return measured(stage, alert.id, timeline, forecast, named);
}

// What never sounded may say that it stopped, too: only who sounded is looked at.
function stillSounding(rows: readonly TimelineRow[]): string[] {
  const stopped = speakersThat(rows, 'delivery.stopped');
  return [...speakersThat(rows, 'delivery.playing')].filter((id) => !stopped.has(id));
}

async function nameFaults(client: Client, alertId: string, faults: KnownFaults, raisedAt: number): Promise<{ ids: string[]; withinMs: number }> {
  return until('every silent site and dead player is named', 90_000, async () => {
    const coverage = await client.get<Coverage>(`/api/v1/alerts/${alertId}/coverage`);
    const silent = coverage.silent.map((site) => site.siteId);
    const failed = idsOf(coverage.failed);
    const allNamed = faults.offSites.every((site) => silent.includes(site)) && faults.deadSpeakers.every((speaker) => failed.includes(speaker));
    return allNamed ? { ids: [...silent, ...failed].sort(), withinMs: Math.round(performance.now() - raisedAt) } : undefined;
  });
}

async function measured(
  stage: Stage,
  alertId: string,
  timeline: Timeline,
  forecast: Forecast,
  named: { ids: string[]; withinMs: number } | undefined,
): Promise<CountyResult> {
  const rows = await timeline.read();
  const raisedMs = atMsOf(rows, 'alert.raised');
  const cancelledMs = atMsOf(rows, 'alert.cancelled');
  const both = (sorted: readonly number[]) => ({ p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) });
  const playing = both(timesTo(rows, 'delivery.playing', raisedMs));
  const sounded = speakersThat(rows, 'delivery.playing');
  const silent = timesTo(rows, 'delivery.stopped', cancelledMs, (row) => sounded.has(row.subjectId));
  const speakers = speakerCounts(rows);
  const broken = (stage.faults?.offSpeakers.length ?? 0) + (stage.faults?.deadSpeakers.length ?? 0);
  const met = playing.p99 !== undefined && playing.p99 <= TARGET_MS;
  const forecastNamed = [...idsOf(forecast.speakers.offline), ...idsOf(forecast.speakers.playerFailed)].sort();
  const wanted = [...(stage.faults?.offSpeakers ?? []), ...(stage.faults?.deadSpeakers ?? [])].sort();
  return {
    scenario: 'county',
    alertId,
    speakers,
    raiseToPlayingMs: { ...playing, target: TARGET_MS, met },
    raiseToReceivedMs: both(timesTo(rows, 'delivery.received', raisedMs)),
    cancelToSilentMs: both(silent),
    ...(stage.faults === undefined || named === undefined
      ? {}
      : {
          faults: {
            off: [...stage.faults.offSpeakers],
            deadPlayers: [...stage.faults.deadSpeakers],
            forecastNamed,
            liveNamed: named.ids,
            namedWithinMs: named.withinMs,
          },
        }),
    expectations: [
      expectation('every sound speaker plays', speakers.playing === speakers.total - broken, speakers),
      expectation('first sound within 3 s for 99 of 100', met, playing),
      expectation('all fall silent after one person cancels', stillSounding(rows).length === 0 && silent.length === speakers.playing, silent.length),
      expectation('the forecast names exactly what is broken', JSON.stringify(forecastNamed) === JSON.stringify(wanted), forecastNamed),
      ...(named === undefined ? [] : [expectation('each is named again within 90 s', named.withinMs <= 90_000, named.withinMs)]),
    ],
  };
}
