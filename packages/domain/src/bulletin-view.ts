// What the console is told of routine broadcasts: the bulletins, their times, and what became of each.
import type { BulletinState, BulletinTimes, DropReason } from './bulletin.ts';
import type { DeliveryState } from './delivery.ts';

export interface BulletinTextView {
  language: string;
  text: string;
  audioSha256: string | null;
  seconds: number;
}

/** Numbers of loudspeakers, of the officer's own ground. */
export interface BulletinCounts {
  speakers: number;
  played: number;
  /** Of the played ones: something went before, and it began again. */
  resumed: number;
  playing: number;
  waiting: number;
  preempted: number;
  missed: number;
  cancelled: number;
  refused: number;
  failed: number;
  unheard: number;
}

export interface BulletinTimeView {
  /** Null: it is not put down yet. */
  id: string | null;
  bulletinId: string;
  title: string;
  startTime: string;
  /** `ahead`: nobody is told yet; `waiting`: nobody will be, unless a second officer agrees. */
  state: 'ahead' | 'waiting' | 'planned' | 'over' | 'cancelled' | 'dropped';
  reason: DropReason | null;
  areaNames: string[];
  counts: BulletinCounts | null;
}

export interface BulletinView {
  id: string;
  title: string;
  texts: BulletinTextView[];
  areaCodes: string[];
  areaNames: string[];
  times: BulletinTimes;
  volume: number;
  seconds: number;
  state: BulletinState;
  speakers: number;
  madeBy: string;
  changedBy: string;
  changedAt: string;
  approvedBy: string | null;
  version: number;
  nextTime: string | null;
  last: BulletinTimeView | null;
  mayManage: boolean;
  /** Whether this officer may be the second one. */
  mayApprove: boolean;
}

export interface BulletinListView {
  asOf: string;
  bulletins: BulletinView[];
  /** What holds for this officer. */
  rules: { mostSpeakers: number; mostSeconds: number; resumeMinutes: number; aheadMinutes: number; quietFrom: string; quietTo: string };
  /** Gateways that do not know of bulletins: they play none until their program is renewed. */
  oldGateways: string[];
  /** The same, by where they stand. */
  oldSites: { gatewayId: string; siteName: string; placeName: string }[];
}

export interface BulletinTimesView {
  asOf: string;
  from: string;
  /** There are more than are told: ask for fewer days. */
  isCut: boolean;
  times: BulletinTimeView[];
}

export interface BulletinSpeakerView {
  speakerId: string;
  speakerName: string;
  siteName: string;
  placeName: string;
  gridCode: string;
  state: DeliveryState;
  reason: string | null;
  /** How often it began. */
  starts: number;
  changedAt: string;
  /** What went before it there. */
  preemptedBy: { mode: 'live' | 'drill' | 'test' | 'microphone'; title: string | null }[];
}

export interface BulletinTimeDetail {
  asOf: string;
  time: BulletinTimeView;
  /** As it was said then, whatever the bulletin says now. */
  texts: BulletinTextView[];
  speakers: BulletinSpeakerView[];
}

export interface RecordingView {
  sha256: string;
  seconds: number;
  peakDb: number;
  levelDb: number;
}

/** What is wrong with a bulletin, its times or its recording; each screen says it in the reader's language, with the figures. */
export const BULLETIN_WRONGS = [
  'title',
  'language-twice',
  'language-tag',
  'words-empty',
  'words-long',
  'too-long',
  'no-recording',
  'weekdays',
  'days',
  'quiet-hours',
  'passed',
  'no-speaker',
  'no-file',
  'file-large',
  'file-kind',
  'file-short',
  'file-long',
  'file-silent',
  'file-loud',
  'file-program',
  'file-damaged',
] as const;
export type BulletinWrongName = (typeof BULLETIN_WRONGS)[number];

export interface BulletinWrong {
  wrong: BulletinWrongName;
  figures: Record<string, string | number>;
}

/** Why a loudspeaker would not play it. `offline` and `player-failed` are of this moment; the others hold until somebody changes them. */
export const BULLETIN_LACKS = ['no-gateway', 'never-heard', 'old-gateway', 'own-house', 'offline', 'player-failed'] as const;
export type BulletinLack = (typeof BULLETIN_LACKS)[number];

/** Who would hear a bulletin, before anybody has planned it. */
export interface BulletinForecast {
  asOf: string;
  speakers: number;
  /** Of them, those that could play it as they are now. */
  ready: number;
  /** How many this officer's word reaches without a second one. */
  mostSpeakers: number;
  cannot: { speakerId: string; speakerName: string; siteName: string; placeName: string; lack: BulletinLack; lastSeen: string | null }[];
  /** How long that list would be in full. */
  cannotCount: number;
  /** As they would be spoken; empty while they are not right. */
  texts: BulletinTextView[];
  seconds: number | null;
  nextTime: string | null;
  /** What keeps it from being planned as it stands. */
  wrong: BulletinWrong | null;
}
