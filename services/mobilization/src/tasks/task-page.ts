// Chapter 5, tasks: the page behind the owner's link. Plain HTML and plain forms: it works on any phone, without JavaScript.
import { LIMITS } from '@laba/domain/limits';
import { isLate, TASK_KINDS, TASK_STATES } from '@laba/domain/task';
import { escapeHtml } from '../phone/member-page.ts';
import type { TaskRow } from './task-store.ts';

export interface TaskPage extends TaskRow {
  token: string;
  /** In clear, for his eyes only. */
  words: string | null;
  door: string | null;
  photos: readonly string[];
  dueAt: string;
  nowMs: number;
  problem?: { zh: string; en: string } | undefined;
}

const both = (zh: string, en: string) => `${zh}<small lang="en">${en}</small>`;

/** The whole page, UTF-8. */
export function taskPage(page: TaskPage): string {
  const { task, gridName } = page;
  const isDrill = task.mode === 'drill';
  const kind = TASK_KINDS[task.kind];
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${isDrill ? '【演练】' : ''}交办单 · Laba</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/phone/phone.css"></head>
<body class="mode-${task.mode}">
${isDrill ? '<div class="drill" role="note">演练 演练 演练<small lang="en">DRILL — this is an exercise, not a real alert</small></div>' : ''}
<main>
<p class="who">${escapeHtml(gridName ?? task.gridCode)}</p>
<h1 class="badge ${isLate(task, page.nowMs) ? 'red' : 'blue'}">${both(kind.zh, kind.en)}</h1>
${page.problem === undefined ? '' : `<p class="held none" role="alert">${both(page.problem.zh, page.problem.en)}</p>`}
<section class="words"><h2>${both(escapeHtml(task.zh), task.en === task.zh ? '' : escapeHtml(task.en))}</h2>
${page.door === null ? '' : `<p>${escapeHtml(page.door)}</p>`}${page.words === null ? '' : `<p>${escapeHtml(page.words)}</p>`}
<p>${both(`期限 ${page.dueAt}`, `Deadline ${page.dueAt}`)}</p></section>
<p class="held" role="status">${both(`县里记录：<b>${TASK_STATES[task.state].zh}</b>`, `As the county has it: ${TASK_STATES[task.state].en}`)}</p>
${forms(page)}
</main></body></html>`;
}

function forms(page: TaskPage): string {
  const { task, token } = page;
  if (task.state !== 'open' && task.state !== 'taken') return photosOf(page);
  const action = `/k/${encodeURIComponent(token)}`;
  const take = `<form method="post" action="${action}"><button class="answer coming" name="move" value="take">${both('收到，我去办', 'Got it, I am on it')}</button></form>`;
  const late = isLate(task, page.nowMs)
    ? `<label>${both('为什么逾期（必填）', 'Why it is late (required)')}<textarea name="lateReason" rows="2" maxlength="${LIMITS.noteChars}" required></textarea></label>`
    : '';
  return `${task.state === 'open' ? take : ''}${photosOf(page)}${photoForm(token)}
<form method="post" action="${action}">${late}<label>${both('办理情况', 'What was done')}<textarea name="words" rows="3" maxlength="${LIMITS.noteChars}"></textarea></label>
<button class="answer arrived" name="move" value="done">${both('办完了', 'Done')}</button></form>`;
}

function photoForm(token: string): string {
  const action = `/k/${encodeURIComponent(token)}/photos`;
  return `<form method="post" action="${action}" enctype="multipart/form-data"><label>${both('现场照片', 'A photo of the place')}<input type="file" name="photo" accept="image/jpeg,image/png,image/webp" required></label>
<button class="answer">${both('上传照片', 'Send the photo')}</button></form>`;
}

function photosOf({ photos, token }: TaskPage): string {
  const src = (id: string) => `/k/${encodeURIComponent(token)}/photos/${encodeURIComponent(id)}`;
  return photos.map((id) => `<img class="photo" src="${src(id)}" alt="现场照片 Photo of the place" loading="lazy">`).join('');
}
