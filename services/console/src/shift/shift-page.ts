// Chapter 6, shift log: a shift on paper, A4: what was open, what happened in the order in which it did, and who signed; a plain page without a script.
import { MODE_WORDS } from '@laba/domain/alert';
import { capTime } from '@laba/domain/cap';
import { OPEN_KIND_NAMES, OPEN_KINDS, SHIFT_STATES } from '@laba/domain/shift';
import type { OpenItem, ShiftLogLine, ShiftView, SignedThings } from '@laba/domain/shift-view';

export const SHIFT_CSS = `@page{size:A4;margin:18mm 16mm}*{box-sizing:border-box}
body{margin:0 auto;max-width:190mm;font:10.5pt/1.5 "Noto Serif CJK SC","Songti SC",SimSun,serif;color:#000;background:#fff;overflow-wrap:anywhere}
h1{font-size:18pt;line-height:1.3;text-align:center;margin:0 0 6mm}h2{font-size:12.5pt;margin:6mm 0 2mm;break-after:avoid}h3{font-size:11pt;margin:3mm 0 1mm;break-after:avoid}
p{margin:0 0 1mm}.words{white-space:pre-wrap;border-left:1mm solid #444;padding-left:3mm;margin:1mm 0 2mm}
table{width:100%;border-collapse:collapse}th,td{border:.3mm solid #444;padding:1mm 2mm;text-align:left;vertical-align:top}
tr{break-inside:avoid}thead{display:table-header-group}th[scope=row]{font-weight:normal}.head th{width:24%}td.figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
ul{margin:0 0 2mm;padding-left:6mm}li{break-inside:avoid}.drill{border:.4mm solid #722ed1;color:#531dab;font-weight:bold;padding:0 1mm}.remark td{background:#f3f4f6}.remark b{white-space:pre-wrap}
.log td:first-child{white-space:nowrap;width:1%}.log td:last-child{width:20%}.mark{border:.6mm solid #000;font-weight:bold;text-align:center;padding:1mm;margin:0 0 4mm}
.signature{margin-top:10mm;break-inside:avoid}.signature td{height:14mm}.seal{font-family:monospace;font-size:9pt}
@media screen{body{padding:6mm}}@media screen and (max-width:600px){body{padding:3mm;font-size:10pt}h1{font-size:14pt}th,td{padding:.5mm 1mm}.log td:first-child{white-space:normal}}
`;

interface PageOptions {
  language: 'zh-CN' | 'en';
  /** There was more than is printed. */
  isCut: boolean;
  utcOffsetMinutes: number;
}

interface Tongue {
  say: (zh: string, en: string) => string;
  of: (words: { zh: string; en: string }) => string;
  at: (ms: number) => string;
}

/** Who has no name. */
const WHO: Readonly<Record<string, { zh: string; en: string } | undefined>> = {
  system: { zh: '系统', en: 'the house' },
  public: { zh: '公众', en: 'the public' },
};

const safe = (text: string | number) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const minute = (at: string) => at.slice(0, 16).replace('T', ' ');
const second = (at: string) => at.slice(5, 19).replace('T', ' ');

export function shiftPage(shift: ShiftView, events: readonly ShiftLogLine[], { language, isCut, utcOffsetMinutes }: PageOptions): string {
  const say: Tongue['say'] = (zh, en) => (language === 'en' ? en : zh);
  const tongue: Tongue = { say, of: ({ zh, en }) => say(zh, en), at: (ms) => minute(capTime(ms, utcOffsetMinutes)) };
  const title = say(
    `${shift.areas.map(({ name }) => name).join('、')}值班日志（第 ${shift.number} 班）`,
    `${shift.areas.map(({ name }) => name).join(', ')}: shift log, shift ${shift.number}`,
  );
  const marks = [
    ...(shift.altered ? [say('✕ 内容被人改动过，不是原来签字的', '✕ Somebody changed it past the house: it is not what was signed')] : []),
    ...(shift.state === 'over' ? [] : [`${tongue.of(SHIFT_STATES[shift.state])} · ${say('没有接班签字', 'nobody has signed')}`]),
  ];
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${safe(title)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/shift-log.css"></head><body><main>
${marks.map((mark) => `<p class="mark" role="note">${safe(mark)}</p>`).join('')}<h1>${safe(title)}</h1>
${headOf(shift, tongue)}
${openOf(shift, tongue)}
${logOf(events, isCut, tongue)}
${signaturesOf(shift, tongue)}
</main></body></html>`;
}

const pair = (name: string, value: string) => `<tr><th scope="row">${safe(name)}</th><td>${safe(value)}</td></tr>`;

function headOf({ areas, officerName, startedAt, overAt, state }: ShiftView, { say, of }: Tongue): string {
  const rows = [
    pair(say('值班范围', 'Post'), areas.map(({ name, code }) => `${name} ${code}`).join(say('、', ', '))),
    pair(say('值班员', 'On duty'), officerName),
    pair(say('时间', 'Time'), `${minute(startedAt)} – ${overAt === null ? of(SHIFT_STATES[state]) : minute(overAt)}`),
  ];
  return `<table class="head"><tbody>${rows.join('')}</tbody></table>`;
}

function openOf({ offered, taken }: ShiftView, { say, of, at }: Tongue): string {
  const told: [SignedThings, string][] = [];
  if (offered !== null) told.push([offered, say('交班时', 'At the hand-over')]);
  if (taken !== null) told.push([taken, say('接班时', 'When taken over')]);
  if (told.length === 0) return '';
  const kinds = OPEN_KIND_NAMES.filter((kind) => told.some(([things]) => things.counts[kind] > 0));
  const cell = (things: SignedThings, kind: (typeof kinds)[number]) => `<td class="figure">${safe(things.counts[kind])}</td>`;
  const rows = kinds.map((kind) => `<tr><th scope="row">${safe(of(OPEN_KINDS[kind]))}</th>${told.map(([things]) => cell(things, kind)).join('')}</tr>`);
  const columns = told.map(([things, name]) => `<th scope="col">${safe(name)} ${safe(minute(things.asOf))}</th>`).join('');
  const table = `<table><thead><tr><th scope="col">${safe(say('未了事项', 'Open matters'))}</th>${columns}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
  const nothing = `<p>${safe(say('没有未了事项', 'Nothing was open'))}</p>`;
  const before = new Set(offered?.items.map(({ kind, key }) => `${kind} ${key}`));
  const came = taken?.items.filter(({ kind, key }) => !before.has(`${kind} ${key}`)) ?? [];
  const lists = [
    offered === null ? '' : wordsOf(offered, say('交班人', 'Handed over by')) + itemsOf(offered.items, offered.counts, { say, of, at }),
    taken === null ? '' : wordsOf(taken, say('接班人', 'Taken over by')),
    taken === null || came.length === 0
      ? ''
      : `<h3>${safe(offered === null ? say('接班时未了', 'Open when taken over') : say('交班后新增', 'Came after the hand-over'))}</h3>${itemsOf(came, offered === null ? taken.counts : undefined, { say, of, at })}`,
  ];
  return `<section><h2>${safe(say('交接班', 'The hand-over'))}</h2>${rows.length === 0 ? nothing : table}${lists.join('')}</section>`;
}

function wordsOf({ by, words }: SignedThings, role: string): string {
  return `<p>${safe(role)} <b>${safe(by)}</b></p>${words === '' ? '' : `<p class="words">${safe(words)}</p>`}`;
}

function itemsOf(items: readonly OpenItem[], counts: SignedThings['counts'] | undefined, { say, of, at }: Tongue): string {
  return OPEN_KIND_NAMES.map((kind) => {
    const own = items.filter((item) => item.kind === kind);
    if (own.length === 0) return '';
    const more = (counts?.[kind] ?? own.length) - own.length;
    const line = (item: OpenItem) => {
      const mark = item.mode === 'live' ? '' : `<span class="drill">${safe(of(MODE_WORDS[item.mode]))}</span> `;
      return `<li>${mark}${safe(of(item))}${item.sinceMs === null ? '' : ` · ${safe(at(item.sinceMs))}`}</li>`;
    };
    const rest = more > 0 ? `<li>${safe(say(`另有 ${more} 件`, `and ${more} more`))}</li>` : '';
    return `<h3>${safe(of(OPEN_KINDS[kind]))}</h3><ul>${own.map(line).join('')}${rest}</ul>`;
  }).join('');
}

function logOf(events: readonly ShiftLogLine[], isCut: boolean, { say, of }: Tongue): string {
  const row = ({ at, who, whoName, remark, alert, gridName, ...event }: ShiftLogLine) => {
    const written =
      remark?.writtenAt == null
        ? ''
        : say(`（${second(remark.writtenAt)} 写，断网后送到）`, ` (written ${second(remark.writtenAt)}, sent when the line was back)`);
    const drill = alert === null || alert.mode === 'live' ? '' : `<span class="drill">${safe(of(MODE_WORDS[alert.mode]))}</span> `;
    const about = [gridName, alert?.title ?? ''].filter(Boolean).join(' · ');
    const what = remark === null ? `${drill}${safe(of(event))} <small>${safe(about)}</small>` : `<b>${safe(remark.words)}</b>${safe(written)}`;
    const by = WHO[who] === undefined ? whoName : of(WHO[who]);
    return `<tr${remark === null ? '' : ' class="remark"'}><td>${safe(second(at))}</td><td>${what}</td><td>${safe(by)}</td></tr>`;
  };
  const head = [say('时间', 'Time'), say('事项', 'What happened'), say('谁', 'Who')].map((one) => `<th scope="col">${safe(one)}</th>`).join('');
  const cut = isCut ? `<p>${safe(say('后面还有，见系统', 'There is more: see the house'))}</p>` : '';
  return `<section><h2>${safe(say('值班记录', 'The log'))}</h2><table class="log"><thead><tr>${head}</tr></thead><tbody>${events.map(row).join('')}</tbody></table>${cut}</section>`;
}

function signaturesOf({ offeredBy, offeredAt, takenOverBy, overAt, seal }: ShiftView, { say }: Tongue): string {
  const nobody = say('（没有交班）', '(nobody handed over)');
  const rows = [
    pair(say('交班人', 'Handed over by'), offeredBy === null ? nobody : `${offeredBy} ${minute(offeredAt ?? '')}`),
    pair(say('接班人', 'Taken over by'), takenOverBy === null ? say('（没有接班）', '(nobody yet)') : `${takenOverBy} ${minute(overAt ?? '')}`),
    ...(seal === null ? [] : [pair(say('校验码', 'Seal'), seal)]),
  ];
  return `<table class="head signature"><tbody>${rows.join('')}</tbody></table>`;
}
