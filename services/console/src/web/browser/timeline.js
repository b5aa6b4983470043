// The timeline of one alert on the screen: newest first, streaming.
import { get } from './api.js';
import { h } from './dom.js';
import { lang, t } from './words.js';

const TIMELINE_EVENTS = 2_000;
const TIMELINE_PAGES = 5;
const TIMELINE_LINES = 150;
const OF_MANY = /^(delivery|call|command|message|site|speaker)\./;
const SAME_MS = 60_000;
const GROUP_FROM = 4;

export async function readTimeline(board, tell) {
  for (let before = Number.MAX_SAFE_INTEGER, page = 0; before !== null && page < TIMELINE_PAGES && !board.left; page++) {
    const { events, next } = await get(`/api/v1/alerts/${board.id}/timeline?before=${before}&calm=true`);
    tell(events);
    before = next;
  }
}

// Newest first. What many targets told within a minute is one line that opens, so that a county's 211 speakers do not hide one decision.
export function paintTimeline(timeline, board) {
  const rows = [...board.events.values()].sort((a, b) => b.seq - a.seq);
  for (const old of rows.splice(TIMELINE_EVENTS)) board.events.delete(old.seq);
  const groups = [];
  const latest = new Map();
  for (const event of rows) {
    const kind = `${event.type} ${event.data.purpose ?? ''} ${event.data.repeat ?? ''}`;
    const group = OF_MANY.test(event.type) ? latest.get(kind) : undefined;
    if (group && group[0].atMs - event.atMs < SAME_MS) group.push(event);
    else {
      groups.push([event]);
      latest.set(kind, groups.at(-1));
    }
  }
  // A few are told one by one, each at its own time.
  const lines = groups.flatMap((group) => (group.length < GROUP_FROM ? group.map((event) => [event]) : [group])).sort((a, b) => b[0].seq - a[0].seq);
  timeline.replaceChildren(...lines.slice(0, TIMELINE_LINES).map((group) => (group.length === 1 ? timelineRow(group[0]) : timelineGroup(group, board))));
}

function timelineGroup(group, board) {
  const row = timelineRow(group[0]);
  const key = `${group[0].type} ${group.at(-1).seq}`;
  const inner = h('ol.timeline');
  const box = h(
    'details',
    {
      open: board.opened.has(key),
      ontoggle: () => {
        if (box.open) board.opened.add(key);
        else board.opened.delete(key);
        inner.replaceChildren(...(box.open ? group.map(timelineRow) : []));
      },
    },
    h('summary', null, t('grouped', { n: group.length, words: group[0][lang()] })),
    inner,
  );
  row.querySelector('span').replaceWith(box);
  return row;
}

function timelineRow(event) {
  const bad = /refused|failed|expired|silent|lost|buried/.test(event.type);
  const who = /^(system|gateway:|member:)/.test(event.who) ? '' : event.whoName;
  return h(
    `li${bad ? '.bad' : ''}`,
    null,
    h('time', { dateTime: event.at }, event.at.slice(11, 19)),
    h('span', null, event[lang()]),
    h('small', null, [event.gridName, who].filter(Boolean).join(' · ')),
  );
}
