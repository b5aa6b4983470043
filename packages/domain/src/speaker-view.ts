// Peacetime: the county's loudspeakers, how each stands and when it was last proven to sound; the worst first.
interface Words {
  zh: string;
  en: string;
}

/** The worst first: what surely will not sound, what is not heard of, what nobody has proven. */
export const SPEAKER_HEALTHS = ['failed', 'no-gateway', 'silent', 'never', 'old', 'proven'] as const;
export type SpeakerHealth = (typeof SPEAKER_HEALTHS)[number];

export const HEALTH_WORDS: Readonly<Record<SpeakerHealth, Words>> = {
  failed: { zh: '播放不了', en: 'cannot play' },
  'no-gateway': { zh: '没有网关', en: 'no gateway' },
  silent: { zh: '失联', en: 'not heard of' },
  never: { zh: '从未证实出声', en: 'never proven to sound' },
  old: { zh: '太久没有证实出声', en: 'not proven for too long' },
  proven: { zh: '正常', en: 'well' },
};

/** `sounded`: something beside it heard it; `played`: its gateway says that it played to the end. */
export type SpeakerProof = 'sounded' | 'played';

export const PROOF_WORDS: Readonly<Record<SpeakerProof, Words>> = {
  sounded: { zh: '旁边的设备听到', en: 'heard by a device beside it' },
  played: { zh: '网关报告播完', en: 'its gateway says that it played' },
};

export interface ListedSpeaker {
  speakerId: string;
  name: string;
  siteName: string;
  gridCode: string;
  gridName: string;
  villageName: string;
  townshipCode: string;
  townshipName: string;
  health: SpeakerHealth;
  /** Why it cannot play, as the device gave it. */
  reason: Words | null;
  /** When its gateway was last heard; null: never, or it has none. */
  lastSeenAtMs: number | null;
  /** When it last sounded as far as anybody knows; null: never. */
  lastProvenAtMs: number | null;
  provenBy: SpeakerProof | null;
}

export type HealthCounts = Record<SpeakerHealth, number>;

export interface SpeakersView {
  asOf: string;
  asOfMs: number;
  /** A proof older than this many days is none. */
  provenWithinDays: number;
  total: HealthCounts;
  townships: { code: string; name: string; counts: HealthCounts }[];
  /** The worst first, the longest unproven first among them. */
  speakers: ListedSpeaker[];
  /** So many more are not in `speakers`. */
  more: number;
}
