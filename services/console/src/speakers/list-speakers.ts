// Peacetime: how each loudspeaker of an officer's area stands, the worst first.
import { capTime } from '@laba/domain/cap';
import { townshipOf, villageOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { SPEAKER_HEALTHS, type HealthCounts, type ListedSpeaker, type SpeakerHealth, type SpeakersView } from '@laba/domain/speaker-view';
import type { Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { isSilent } from '../read-coverage.ts';
import { reasonWords } from '@laba/domain/reason-words';
import { namesOf, speakerFacts, type SpeakerFact } from './speaker-list-store.ts';

const DAY_MS = 86_400_000;

type ListDeps = Pick<Deps, 'db' | 'clock'>;

/** What the latest of its proofs is, and by which it was given. */
function proofOf({ lastPlayedAtMs, lastSoundedAtMs }: SpeakerFact): Pick<ListedSpeaker, 'lastProvenAtMs' | 'provenBy'> {
  if (lastSoundedAtMs !== null && lastSoundedAtMs >= (lastPlayedAtMs ?? 0)) return { lastProvenAtMs: lastSoundedAtMs, provenBy: 'sounded' };
  return lastPlayedAtMs === null ? { lastProvenAtMs: null, provenBy: null } : { lastProvenAtMs: lastPlayedAtMs, provenBy: 'played' };
}

/** The first of what must be mended. A speaker of a village with a house of its own is heard of by that house. */
function healthOf(fact: SpeakerFact, provenAtMs: number | null, nowMs: number): SpeakerHealth {
  if (fact.gatewayStatus !== 'active') return 'no-gateway';
  if (fact.player === 'failed') return 'failed';
  if (isSilent(fact, nowMs)) return 'silent';
  if (provenAtMs === null) return 'never';
  return nowMs - provenAtMs > LIMITS.speakerProofDays * DAY_MS ? 'old' : 'proven';
}

const rankOf = ({ health }: ListedSpeaker) => SPEAKER_HEALTHS.indexOf(health);

/** All of them, in this order. */
export async function listSpeakers({ db, clock }: ListDeps, { codes }: Permit<'site.read'>): Promise<ListedSpeaker[]> {
  const [facts, nowMs] = [await speakerFacts(db, codes), clock.now()];
  const names = await namesOf(
    db,
    facts.flatMap(({ gridCode }) => [gridCode, villageOf(gridCode), townshipOf(gridCode)]),
  );
  const nameOf = (code: string) => names.get(code) ?? code;
  const listed = facts.map((fact): ListedSpeaker => {
    const { speakerId, name, siteName, gridCode, lastSeenAtMs } = fact;
    const proof = proofOf(fact);
    const townshipCode = townshipOf(gridCode);
    return {
      ...{ speakerId, name, siteName, gridCode, lastSeenAtMs, ...proof, townshipCode },
      ...{ gridName: nameOf(gridCode), villageName: nameOf(villageOf(gridCode)), townshipName: nameOf(townshipCode) },
      health: healthOf(fact, proof.lastProvenAtMs, nowMs),
      reason: fact.player === 'failed' && fact.reason !== null ? reasonWords(fact.reason) : null,
    };
  });
  // The order of the database stays among those that stand alike.
  return listed.sort((a, b) => rankOf(a) - rankOf(b) || (a.lastProvenAtMs ?? 0) - (b.lastProvenAtMs ?? 0));
}

function countsOf(speakers: readonly ListedSpeaker[]): HealthCounts {
  return Object.fromEntries(SPEAKER_HEALTHS.map((health) => [health, speakers.filter((speaker) => speaker.health === health).length])) as HealthCounts;
}

export async function viewSpeakers(deps: Pick<Deps, 'db' | 'clock' | 'config'>, permit: Permit<'site.read'>): Promise<SpeakersView> {
  const speakers = await listSpeakers(deps, permit);
  const asOfMs = deps.clock.now();
  const townships = [...Map.groupBy(speakers, ({ townshipCode }) => townshipCode)].map(([code, of]) => ({
    code,
    name: of[0]!.townshipName,
    counts: countsOf(of),
  }));
  return {
    ...{ asOf: capTime(asOfMs, deps.config.utcOffsetMinutes), asOfMs, provenWithinDays: LIMITS.speakerProofDays },
    ...{ total: countsOf(speakers), townships: townships.sort((a, b) => (a.code < b.code ? -1 : 1)) },
    ...{ speakers: speakers.slice(0, LIMITS.rowsPerPage), more: Math.max(0, speakers.length - LIMITS.rowsPerPage) },
  };
}
