// Routine broadcasts: before one is planned, which loudspeakers would play it, which would not and why, and what is wrong with its words and hours. Writes nothing.
import { nextTimeMs } from '@laba/domain/bulletin';
import { BULLETIN_LACKS, type BulletinForecast, type BulletinLack, type BulletinTextView, type BulletinWrong } from '@laba/domain/bulletin-view';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { withoutCovered } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { findPolicy } from '@laba/storage/policy';
import { hasGateway, isOnline, speakerFacts, type SpeakerFact } from '@laba/storage/speaker-facts';
import { whyNotTold } from './bulletin-delivery-store.ts';
import { textViews } from './bulletin-views.ts';
import { assertTimes, wordsOf, type BulletinInput } from './make-bulletin.ts';

/** What is known of it so far: an officer sees who hears it before he has written a word. */
export interface ForecastInput extends Pick<BulletinInput, 'areaCodes'> {
  title?: string | undefined;
  texts?: BulletinInput['texts'] | undefined;
  times?: BulletinInput['times'] | undefined;
}

type ForecastDeps = Pick<Deps, 'db' | 'config' | 'clock'>;

function lackOf(fact: SpeakerFact, notTold: ReadonlyMap<string, BulletinLack>, nowMs: number): BulletinLack | null {
  if (!hasGateway(fact)) return 'no-gateway';
  const why = notTold.get(fact.gatewayId!);
  if (why !== undefined) return why;
  if (!isOnline(fact, nowMs)) return 'offline';
  return fact.player === 'failed' ? 'player-failed' : null;
}

/** What a check refuses, as the figures of what is wrong. @throws whatever else it throws */
async function wrongIn(check: () => Promise<void>): Promise<BulletinWrong | null> {
  try {
    await check();
    return null;
  } catch (error) {
    if (error instanceof LabaError && 'wrong' in error.fields) return { wrong: error.fields['wrong'], figures: error.fields['figures'] } as BulletinWrong;
    throw error;
  }
}

async function wordsAndTimes(deps: ForecastDeps, { title, texts, times }: ForecastInput): Promise<Pick<BulletinForecast, 'texts' | 'seconds' | 'wrong'>> {
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const said: { texts: BulletinTextView[]; seconds: number | null } = { texts: [], seconds: null };
  const wrong = await wrongIn(async () => {
    if (title !== undefined && texts !== undefined && texts.length > 0) {
      const words = await wordsOf(deps, { title, texts }, policy);
      said.seconds = words.seconds;
      said.texts = textViews(words.texts, words.recordings);
    }
    if (times !== undefined) assertTimes(deps, times, policy, said.seconds ?? 0);
  });
  return { ...said, wrong };
}

export async function forecastBulletin(deps: ForecastDeps, input: ForecastInput, { officer }: Permit<'bulletin.manage'>): Promise<BulletinForecast> {
  const { db, config, clock } = deps;
  const nowMs = clock.now();
  const time = (ms: number) => capTime(ms, config.utcOffsetMinutes);
  const areaCodes = withoutCovered(input.areaCodes);
  const [{ policy }, facts, notTold, said] = await Promise.all([
    findPolicy(db, config.county),
    speakerFacts(db, areaCodes),
    whyNotTold(db, areaCodes),
    wordsAndTimes(deps, input),
  ]);
  const lacks = facts
    .flatMap((fact) => {
      const lack = lackOf(fact, notTold, nowMs);
      return lack === null ? [] : [{ fact, lack }];
    })
    .sort((a, b) => BULLETIN_LACKS.indexOf(a.lack) - BULLETIN_LACKS.indexOf(b.lack));
  const nextMs = input.times === undefined || said.wrong !== null ? undefined : nextTimeMs(input.times, config.utcOffsetMinutes, nowMs);
  return {
    asOf: time(nowMs),
    speakers: facts.length,
    ready: facts.length - lacks.length,
    mostSpeakers: policy.bulletins.mostSpeakers[officer.role],
    cannot: lacks.slice(0, LIMITS.forecastNames).map(({ fact, lack }) => ({
      ...{ speakerId: fact.speakerId, speakerName: fact.name, siteName: fact.siteName ?? '', placeName: fact.gridName ?? fact.gridCode, lack },
      lastSeen: fact.lastSeenAtMs === null ? null : time(fact.lastSeenAtMs),
    })),
    cannotCount: lacks.length,
    ...said,
    nextTime: nextMs === undefined ? null : time(nextMs),
    wrong: said.wrong ?? (facts.length === 0 ? { wrong: 'no-speaker', figures: {} } : null),
  };
}
