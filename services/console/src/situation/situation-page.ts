// Chapter 6, reporting upward: a report on paper, A4; a plain page without a script.
import type { SituationDocument, SituationTable } from '@laba/domain/situation-view';

export const SITUATION_CSS = `@page{size:A4;margin:18mm 16mm}*{box-sizing:border-box}
body{margin:0 auto;max-width:190mm;font:11pt/1.6 "Noto Serif CJK SC","Songti SC",SimSun,serif;color:#000;background:#fff;overflow-wrap:anywhere}
h1{font-size:18pt;line-height:1.3;text-align:center;margin:0 0 6mm}h2{font-size:12.5pt;margin:6mm 0 2mm;break-after:avoid}
p{margin:0 0 1mm;text-indent:2em}[lang=en] p{text-indent:0}
table{width:100%;border-collapse:collapse}th,td{border:.3mm solid #444;padding:1mm 2mm;text-align:left;vertical-align:top}
tr{break-inside:avoid}thead{display:table-header-group}td.figure{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
th{overflow-wrap:normal}th[scope=row]{font-weight:normal}.head th{width:24%}.figures th{width:70%}.mark{border:.6mm solid #722ed1;color:#531dab;font-weight:bold;text-align:center;text-indent:0;margin:0 0 4mm;padding:1mm}
.signature{margin-top:10mm;break-inside:avoid}.seal{font-family:monospace;font-size:9pt}
@media screen{body{padding:6mm}}@media screen and (max-width:600px){body{padding:3mm;font-size:10pt}h1{font-size:14pt}th,td{padding:.5mm 1mm}.head th{width:32%}}
`;

const safe = (text: string | number) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

export function situationPage(document: SituationDocument): string {
  const { language, title, marks, head, tables, words, signature } = document;
  const row = ([name, said]: [string, string]) => `<tr><th scope="row">${safe(name)}</th><td>${safe(said)}</td></tr>`;
  const said = words.map(({ heading, paragraphs }) => `<section><h2>${safe(heading)}</h2>${paragraphs.map((one) => `<p>${safe(one)}</p>`).join('')}</section>`);
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${safe(title)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/situation-report.css"></head><body><main>
${marks.map((mark) => `<p class="mark" role="note">${safe(mark)}</p>`).join('')}<h1>${safe(title)}</h1>
<table class="head"><tbody>${head.map(row).join('')}</tbody></table>
${tables.map(tableOf).join('\n')}
${said.join('\n')}
<table class="head signature"><tbody>${signature.map(row).join('')}</tbody></table>
</main></body></html>`;
}

function tableOf({ heading, columns, rows }: SituationTable): string {
  const header = columns.length === 0 ? '' : `<thead><tr>${columns.map((one) => `<th scope="col">${safe(one)}</th>`).join('')}</tr></thead>`;
  const cells = rows.map(([name, ...figures]) => {
    const told = figures.map((figure) => `<td class="figure">${safe(figure)}</td>`).join('');
    return `<tr><th scope="row">${safe(name ?? '')}</th>${told}</tr>`;
  });
  const table = `<table${columns.length === 0 ? ' class="figures"' : ''}>${header}<tbody>${cells.join('')}</tbody></table>`;
  return `<section><h2>${safe(heading)}</h2>${table}</section>`;
}
