// Chapter 5, tasks: the reminder on paper (催办单), A4, to be handed over against a signature.
import { isLate, TASK_KINDS, TASK_STATES } from '@laba/domain/task';
import { escapeHtml } from '../phone/member-page.ts';
import type { TaskRow } from './task-store.ts';

export const TASK_SHEET_CSS = `@page{size:A4;margin:18mm}body{margin:0 auto;max-width:170mm;font:12pt/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#000;background:#fff}
h1{font-size:20pt;text-align:center;margin:0 0 6mm}[lang=en]{display:block;font-size:.8em}.drill{border:4px double #000;text-align:center;font-size:18pt;font-weight:700;padding:2mm;margin-bottom:4mm}
table{width:100%;border-collapse:collapse}th,td{border:1px solid #000;padding:2.5mm;text-align:left;vertical-align:top}th{width:38mm}.sign td{height:18mm}
@media screen{body{padding:4mm}}@media screen and (max-width:600px){th{width:28mm}}
`;

interface Sheet extends TaskRow {
  words: string | null;
  door: string | null;
  dueAt: string;
  printedAt: string;
  nowMs: number;
}

const both = (zh: string, en: string) => `${zh}<span lang="en">${en}</span>`;

/** The whole page, UTF-8; both languages. */
export function taskSheet(sheet: Sheet): string {
  const { task } = sheet;
  const kind = TASK_KINDS[task.kind];
  const line = (zh: string, en: string, value: string) => `<tr><th scope="row">${both(zh, en)}</th><td>${value}</td></tr>`;
  const owner = sheet.memberName ?? sheet.officerName ?? '';
  const late = isLate(task, sheet.nowMs) ? both(`已逾期，第 ${task.reminders} 次催办`, `Overdue, reminder ${task.reminders}`) : '';
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>催办单 Reminder</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/task-sheet.css"></head><body>
${task.mode === 'drill' ? '<div class="drill">演练 <span lang="en">DRILL</span></div>' : ''}<h1>${both('催办单', 'Reminder of a task')}</h1>
<table><tbody>
${line('地点', 'Place', [sheet.gridName ?? task.gridCode, sheet.door ?? ''].filter(Boolean).map(escapeHtml).join(' · '))}
${line('事项', 'Work', both(`${kind.zh}：${escapeHtml(task.zh)}`, task.en === task.zh ? kind.en : `${kind.en}: ${escapeHtml(task.en)}`))}
${line('说明', 'In words', escapeHtml(sheet.words ?? '—'))}
${line('责任人', 'Owner', owner === '' ? both('尚未落实', 'nobody yet') : escapeHtml(owner))}
${line('期限', 'Deadline', `${sheet.dueAt}${late}`)}
${line('状态', 'State', both(TASK_STATES[task.state].zh, TASK_STATES[task.state].en))}
<tr class="sign"><th scope="row">${both('逾期原因', 'Why it is late')}</th><td></td></tr>
<tr class="sign"><th scope="row">${both('责任人签收', 'Received, the owner')}</th><td></td></tr>
<tr class="sign"><th scope="row">${both('销号人签字', 'Signed off by')}</th><td></td></tr>
</tbody></table><p>${both(`打印时间 ${sheet.printedAt}`, `Printed ${sheet.printedAt}`)}</p></body></html>`;
}
