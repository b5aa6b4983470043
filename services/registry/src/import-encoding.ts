// Import, first step: bytes to text. Excel in China writes GBK or UTF-16, everything else UTF-8; what is none of them is named by its row.
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { RowProblems } from './row-problems.ts';

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_FEED = 0x0a;

interface Line {
  row: number;
  bytes: Buffer;
}

function startsWith(bytes: Buffer, ...mark: number[]): boolean {
  return mark.every((byte, i) => bytes[i] === byte);
}

// Lines that are plain ASCII say nothing about the encoding.
function tellingLines(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  for (let start = 0, row = 1; start < bytes.length; row++) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    const line = bytes.subarray(start, end);
    if (line.some((byte) => byte > 0x7f)) lines.push({ row, bytes: line });
    start = end + 1;
  }
  return lines;
}

function isGbk(bytes: Buffer): boolean {
  const text = iconv.decode(bytes, 'gb18030');
  return !text.includes('\ufffd') && !/\p{Co}/u.test(text);
}

/** By its mark; a spreadsheet's “Unicode text”. */
function decodeUtf16(bytes: Buffer, problems: RowProblems): string | undefined {
  const text = iconv.decode(bytes, 'utf-16');
  const rows = text.split('\n').flatMap((line, i) => (line.includes('\ufffd') || !line.isWellFormed() ? [i + 1] : []));
  if (bytes.length % 2 === 1) rows.push(text.split('\n').length);
  for (const row of rows) problems.add(row, '', '不是完整的 UTF-16：请重新保存', 'not whole UTF-16: save the file again');
  return rows.length > 0 ? undefined : text;
}

/**
 * The file's text, or undefined after noting why not. A single broken byte must not turn a whole UTF-8 file into
 * well-formed nonsense: the file is GBK only when most of its telling lines are not UTF-8 at all.
 */
export function decodeCsv(bytes: Buffer, problems: RowProblems): string | undefined {
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) || startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    problems.add(1, '', '这是 Excel 工作簿，请另存为“CSV UTF-8”再导入', 'this is an Excel workbook: save it as “CSV UTF-8”, then import that');
    return undefined;
  }
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) return decodeUtf16(bytes, problems);
  const body = bytes.subarray(0, 3).equals(UTF8_MARK) ? bytes.subarray(3) : bytes;
  if (isUtf8(body)) return body.toString('utf8');
  const lines = tellingLines(body);
  const notUtf8 = lines.filter((line) => !isUtf8(line.bytes));
  const isUtf8File = body !== bytes || notUtf8.length * 2 <= lines.length;
  const broken = isUtf8File ? notUtf8 : lines.filter((line) => !isGbk(line.bytes));
  for (const { row, bytes: line } of broken) {
    if (isUtf8File && isGbk(line)) problems.add(row, '', '不是 UTF-8，文件其余部分却是', 'not UTF-8, while the rest of the file is');
    else problems.add(row, '', '既不是 UTF-8 也不是 GBK', 'not UTF-8 and not GBK');
  }
  return broken.length > 0 ? undefined : iconv.decode(body, 'gb18030');
}
