// Chapter 6, watch: the timeline's events as lines: what many targets told within a minute is one line, so that 211 speakers do not hide one decision. Rules only.
import type { EventView } from '@laba/domain/measures-view';

const OF_MANY = /^(delivery|call|command|message|site|speaker|person)\./;
const SAME_MS = 60_000;
/** A few are told one by one, each at its own time. */
const GROUP_FROM = 4;

/** Newest first, each line with its events, newest first. */
export function linesOf(events: readonly EventView[]): EventView[][] {
  const groups: EventView[][] = [];
  const latest = new Map<string, EventView[]>();
  for (const event of events.toSorted((a, b) => b.seq - a.seq)) {
    const kind = `${event.type} ${String(event.data['purpose'] ?? '')} ${String(event.data['repeat'] ?? '')}`;
    const group = OF_MANY.test(event.type) ? latest.get(kind) : undefined;
    if (group !== undefined && group[0]!.atMs - event.atMs < SAME_MS) group.push(event);
    else {
      const begun = [event];
      groups.push(begun);
      latest.set(kind, begun);
    }
  }
  return groups.flatMap((group) => (group.length < GROUP_FROM ? group.map((event) => [event]) : [group])).toSorted((a, b) => b[0]!.seq - a[0]!.seq);
}

/** Those read and those heard, each once; the newest so many. */
export function merged(some: readonly EventView[], others: readonly EventView[], most: number): EventView[] {
  const bySeq = new Map([...some, ...others].map((event) => [event.seq, event]));
  return [...bySeq.values()].toSorted((a, b) => b.seq - a.seq).slice(0, most);
}
