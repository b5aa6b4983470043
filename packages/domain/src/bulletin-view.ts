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
  /** `ahead`: nobody is told yet. */
  state: 'ahead' | 'planned' | 'over' | 'cancelled' | 'dropped';
  reason: DropReason | null;
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
}

export interface BulletinTimesView {
  asOf: string;
  from: string;
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
  speakers: BulletinSpeakerView[];
}

export interface RecordingView {
  sha256: string;
  seconds: number;
  peakDb: number;
  levelDb: number;
}
