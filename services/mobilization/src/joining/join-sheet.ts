// Chapter 5, joining on the spot: the notice to print and put up, A4: the code in large letters and as a QR.
import { MODE_WORDS, type Mode } from '@laba/domain/alert';
import { escapeHtml } from '../phone/member-page.ts';

export const JOIN_SHEET_CSS = `@page{size:A4;margin:15mm}body{margin:0;font:16pt/1.4 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#000;background:#fff;text-align:center}
h1{font-size:34pt;margin:0}p{margin:3mm 0}[lang=en]{font-size:.8em}svg{width:90mm;height:90mm}.code{font:700 44pt/1.3 ui-monospace,monospace;letter-spacing:.08em}.drill{border:4mm solid #722ed1;font-size:26pt;font-weight:700;padding:2mm}
`;

export interface JoinSheet {
  code: string;
  gridName: string;
  mode: Mode;
  /** When nobody joins by it any more, `MM-DD HH:MM` by the county's clock. */
  until: string;
  /** Where the house is reached from outside. */
  baseUrl: string;
}

export async function joinSheet({ code, gridName, mode, until, baseUrl }: JoinSheet): Promise<string> {
  const { toString: qrCode } = await import('qrcode');
  const svg = await qrCode(`${baseUrl}/j/${code}`, { type: 'svg', errorCorrectionLevel: 'M', margin: 1 });
  const drill = mode === 'live' ? '' : `<p class="drill">${MODE_WORDS[mode].zh} <span lang="en">${MODE_WORDS[mode].en}</span></p>`;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="robots" content="noindex"><title>${escapeHtml(gridName)} 现场加入 Join on the spot</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/join-sheet.css"></head><body>${drill}<h1>${escapeHtml(gridName)} 现场加入</h1><p lang="en">Join on the spot</p>
<p>不在名册上的居民：手机扫码，填姓名，就能参加。 <br><span lang="en">Residents who are on no list: scan, give your name, take part.</span></p>${svg}
<p class="code">${code}</p><p>不能扫码：浏览器打开 ${escapeHtml(baseUrl)}/j 输入上面的加入码。 <br><span lang="en">No camera: open that address and type the code.</span></p>
<p>有效至 ${until} <span lang="en">Valid until then</span></p></body></html>`;
}
