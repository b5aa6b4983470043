// Chapter 5, roll-call: tags to print and cut out, A4, one group a sheet. On the tag the doorplate only; the name stays on the margin.
import { escapeHtml } from '../phone/member-page.ts';
import type { Registered } from './tag-store.ts';

export const SHEET_CSS = `@page{size:A4;margin:12mm}*{box-sizing:border-box}body{margin:0;font:10pt/1.35 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#000;background:#fff}
h1{font-size:14pt;margin:0 0 2mm}[lang=en]{font-size:.85em}ul{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:4mm}
li{break-inside:avoid;text-align:center}.tag{border:1px dashed #000;padding:3mm}.tag svg{width:100%;height:auto;display:block}.tag strong{font-size:13pt;display:block}.for{margin:1mm 0 0}
@media screen{body{padding:4mm;overflow-wrap:anywhere}}@media screen and (max-width:600px){ul{grid-template-columns:repeat(2,minmax(0,1fr))}}
`;

interface Sheet {
  gridName: string;
  tags: readonly { code: string; tagged: Registered }[];
  /** Where the house is reached from outside. */
  baseUrl: string;
}

export async function tagSheet({ gridName, tags, baseUrl }: Sheet): Promise<string> {
  const { toString: qrCode } = await import('qrcode');
  const items: string[] = [];
  for (const { code, tagged } of tags) {
    const svg = await qrCode(`${baseUrl}/t/${code}`, { type: 'svg', errorCorrectionLevel: 'M', margin: 1 });
    const kind = tagged.personId === null ? '户 <span lang="en">household</span>' : '人 <span lang="en">person</span>';
    items.push(`<li><div class="tag">${svg}<strong>${escapeHtml(tagged.doorplate)}</strong>${kind}</div><p class="for">${escapeHtml(tagged.name)}</p></li>`);
  }
  const rule = '剪下虚线框内的部分；姓名只用于分发，不要留在标签上。';
  const ruleEn = 'Cut out the dashed part; the name is for handing out and does not stay on the tag.';
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escapeHtml(gridName)} 清点标签 Roll-call tags</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/tag-sheet.css"></head><body><h1>${escapeHtml(gridName)} 清点标签 <span lang="en">Roll-call tags</span></h1>
<p>${rule} <span lang="en">${ruleEn}</span></p><ul>${items.join('\n')}</ul></body></html>`;
}
