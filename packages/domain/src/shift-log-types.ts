// Chapter 6, shift log: which of the story's events a log tells.
import { EVENTS, type EventType } from './events.ts';

// A night of one alert has thousands of lines that are told once per loudspeaker, member or step; the figures of the board tell the same.
const TOLD_PER_TARGET =
  /^(delivery|call|calls|message|reply|push|number|numbers|command|audience|section|sections|door|link|member|person|gateway|grid|keys|robot|sensor|template|watchdog)\./;
const NOT_IN_A_LOG: readonly EventType[] = [
  ...([
    'ladder.opened',
    'ladder.asked',
    'ladder.passed-over',
    'ladder.quickened',
    'ladder.closed',
    'pair.checked-in',
    'place.counted',
    'place.head-count-told',
    'join-code.tried',
  ] as const),
  ...(['task.photo-added', 'task.templates-loaded', 'situation.worded', 'report.link-made', 'officer.link-made', 'reports.lost'] as const),
];

/** What a shift log tells of: what was decided, reported, answered for a village, lost and found again. */
export const SHIFT_LOG_TYPES = (Object.keys(EVENTS) as EventType[]).filter((type) => !TOLD_PER_TARGET.test(type) && !NOT_IN_A_LOG.includes(type));
