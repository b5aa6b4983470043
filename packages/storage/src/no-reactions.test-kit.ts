// For tests of events and jobs: an event whose reactions are left out, however many the story has grown since.
import { EVENTS, type ConsumerName, type EventType } from '@laba/domain/events';

/** As `due` of a new event: nobody reacts. Name after it who shall. */
export function noReactions(type: EventType): Partial<Record<ConsumerName, null>> {
  return Object.fromEntries((EVENTS[type].consumers as readonly ConsumerName[]).map((consumer) => [consumer, null]));
}
