// Chapter 5, roll-call: what a scanned tag shows. To who may mark: whom it is for and one button; to anybody else nothing of anybody.
import { MODE_WORDS, type Mode } from '@laba/domain/alert';
import { PERSON_STATUSES, type PersonStatus } from '@laba/domain/rollcall';
import { escapeHtml } from '../phone/member-page.ts';
import type { Registered } from './tag-store.ts';

interface Words {
  zh: string;
  en: string;
}

/** Of one scan by somebody who may mark. */
export interface Scanned {
  code: string;
  tagged: Registered;
  alertId: string;
  mode: Mode;
  persons: readonly { status: PersonStatus }[];
  /** The form's own: see `checkForm` in the routes. */
  csrf: string;
}

export function page(title: Words, body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${title.zh} ${title.en}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/plain-page.css"></head><body><main><h1>${title.zh} <span lang="en">${title.en}</span></h1>${body}</main></body></html>`;
}

const said = ({ zh, en }: Words) => `<p>${zh} <span lang="en">${en}</span></p>`;

/** Whoever finds a tag: the same page whatever the code, so that it tells nothing. */
export function foundTagPage(): string {
  const title = { zh: '应急清点标签', en: 'A tag of the emergency roll-call' };
  return page(
    title,
    said({ zh: '请交给村干部。帮扶人请先打开自己的链接，再扫码。', en: 'Please hand it to the village cadre. Helpers: open your own link first, then scan.' }),
  );
}

export function noAlertPage(): string {
  const title = { zh: '现在没有清点', en: 'No roll-call is going on' };
  return page(title, said({ zh: '这一户不在任何正在进行的清点名单上。', en: 'This household is on no list that is being called.' }));
}

export function scannedPage({ code, tagged, alertId, mode, persons, csrf }: Scanned): string {
  const drill = mode === 'live' ? '' : `<p class="problem" role="note">${MODE_WORDS[mode].zh} ${MODE_WORDS[mode].en}</p>`;
  const counts = Map.groupBy(persons, ({ status }) => status);
  const state = [...counts].map(([status, all]) =>
    said({ zh: `${PERSON_STATUSES[status].zh}：${all.length} 人`, en: `${PERSON_STATUSES[status].en}: ${all.length}` }),
  );
  const done = persons.every(({ status }) => status === 'moved');
  return page(
    { zh: escapeHtml(tagged.doorplate), en: '' },
    `${drill}<p><strong>${escapeHtml(tagged.name)}</strong> ${tagged.personId === null ? '全户 <span lang="en">whole household</span>' : ''}</p>
<div role="status">${state.join('')}</div>
<form method="post" action="/t/${encodeURIComponent(code)}"><input type="hidden" name="alertId" value="${escapeHtml(alertId)}"><input type="hidden" name="csrfToken" value="${escapeHtml(csrf)}">
<button>${done ? '再次确认：已转移' : '已转移'} <span lang="en">${done ? 'Confirm again: moved' : 'Moved'}</span></button></form>`,
  );
}
