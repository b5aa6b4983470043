// The story's events of routine broadcasts. Subject: the bulletin, or one of its times.
import { z } from 'zod';
import { DROP_REASONS } from './bulletin.ts';
import { code, count, id } from './event-facts.ts';

const fact = { producer: 'dispatch', consumers: [] } as const;
const decided = {
  producer: 'dispatch',
  data: z.object({ version: count, areaCodes: z.array(code), speakers: count }),
  consumers: ['dispatch.plan-bulletin'],
} as const;
const ofTime = z.object({ bulletinId: id, startTime: z.string() });

export const BULLETIN_EVENTS = {
  'bulletin.recording-added': { ...fact, data: z.object({ durationMs: count }) },
  'bulletin.made': decided,
  'bulletin.changed': decided,
  'bulletin.approved': decided,
  // The house came out of a backup: what was decided after that is not known here, so an officer agrees once more.
  'bulletin.held': { ...fact, data: z.object({ version: count }) },
  'bulletin.stopped': { ...fact, data: z.object({ version: count }) },
  // Subject of the rest: the time.
  'bulletin.time-planned': { producer: 'dispatch', data: ofTime, consumers: ['dispatch.send-bulletin'] },
  'bulletin.time-dropped': { ...fact, data: ofTime.extend({ reason: z.enum(DROP_REASONS) }) },
  'bulletin.time-cancelled': { producer: 'dispatch', data: ofTime, consumers: ['dispatch.stop-bulletin'] },
  'bulletin.time-over': { ...fact, data: ofTime.extend({ played: count, speakers: count }) },
} as const;
