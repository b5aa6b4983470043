// Chapter 2, alert: who would be reached and what is missing, before the button: for the house that foresees it and the screens that show it.
import type { AlertText } from './alert.ts';
import type { SkipReason } from './ladder.ts';
import type { Need } from './member.ts';
import type { ReachGap } from './number-check.ts';
import type { Role } from './officer.ts';

/** May this officer raise this, with whom, and what is missing. */
export interface Decision {
  mayRaise: boolean;
  why: { zh: string; en: string };
  /** Officers needed in all, the one who raises among them. */
  officersNeeded: number;
  /** Officers who count now, the asking one among them when he may raise. */
  officers: string[];
  rolesAllowed: Role[];
  missing: ('role' | 'scope' | 'second-officer')[];
  policyRow: string | null;
}

export interface NamedSpeaker {
  speakerId: string;
  name: string;
  siteId: string;
  siteName: string | null;
  gridCode: string;
  gridName: string | null;
  lastSeen: string | null;
  reason: string | null;
}

export interface SpeakerForecast {
  total: number;
  online: number;
  proven24h: number;
  lastProven: string | null;
  offline: NamedSpeaker[];
  playerFailed: NamedSpeaker[];
  noGateway: NamedSpeaker[];
  neverProven: NamedSpeaker[];
  /** How long each list would be in full. */
  counts: { offline: number; playerFailed: number; noGateway: number; neverProven: number };
}

export interface VillageForecast {
  code: string;
  name: string | null;
  speakers: number;
  online: number;
  members: number;
  households: number;
  persons: number;
}

/** `placeholder`: a stand-in recording; `no-voice`: words that nothing can speak; `no-words`: nothing in this language. */
export type Hearing = 'clip' | 'voice' | 'placeholder' | 'no-voice' | 'no-words';

export interface SpokenLanguage {
  language: string;
  how: Hearing;
  /** Grid nodes of the area where it is spoken, widest first. */
  codes: string[];
}

/** How long the words of one language sound, once. */
export interface SoundingTime {
  language: string;
  seconds: number;
  /** A recording’s own length; otherwise as long as a voice is likely to take. */
  isMeasured: boolean;
}

export interface LadderForecast {
  /** Null: an alert of this degree, or a test, asks nobody. */
  answerMinutes: number | null;
  villages: number;
  /** Villages whose own people cannot be asked, and why; `nobody`: nor can anybody above them, so that only the duty officer is left. */
  gaps: { code: string; name: string | null; reason: SkipReason; nobody: boolean }[];
  /** How long the list would be in full. */
  count: number;
}

export interface ReachForecast {
  /** People whom no channel reaches: they have none, or each of their numbers is known to be dead. */
  unreached: number;
  /** By name as far as the limit goes, who answers for a village first. `name` null: he belongs to a node outside the officer’s scope. */
  people: {
    memberId: string;
    name: string | null;
    gridCode: string;
    gridName: string | null;
    isRung: boolean;
    gap: ReachGap;
    gapWords: { zh: string; en: string };
  }[];
  /** People who have a number or an address, but have not answered by any within `provenForDays`. */
  unproven: number;
  provenForDays: number;
}

export interface Forecast {
  area: { code: string; name: string | null }[];
  speakers: SpeakerForecast;
  members: { total: number; byChannel: { page: number; none: number }; away: number };
  households: number;
  persons: number;
  needs: Partial<Record<Need, number>>;
  householdNeeds: Partial<Record<Need, number>>;
  places: { kind: string; places: number; headCount: number }[];
  /** Whose number of tonight is more than a day old, or of unknown age: ask them before anything is counted on it. */
  oldPlaces: { placeId: string; name: string; gridCode: string; headCount: number; headCountAt: string | null }[];
  /** Who would be named as the one that issued it. */
  issuer: string;
  /** The exact words, as they will be signed, shown and spoken. */
  texts: AlertText[];
  /** How long each of them sounds. */
  sounds: SoundingTime[];
  languages: SpokenLanguage[];
  /** Languages of the area that no recording speaks. */
  withoutClip: string[];
  /** Languages of the area in which nothing real would be heard. */
  noVoice: string[];
  villages: VillageForecast[];
  ladders: LadderForecast;
  reach: ReachForecast;
  /** The speakers refuse it now: quiet hours, until then. Null: it sounds. */
  quietUntil: string | null;
  decision: Decision;
}
