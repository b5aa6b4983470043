// Import, third step: one row's cells as values. Every fault is noted and reading goes on, so that all are shown at once.
import { tierOf, type Tier } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { cleanText } from '@laba/domain/text';
import type { CsvRow, CsvTable } from './import-table.ts';
import { normalisePhone } from '@laba/domain/phone';
import type { RowProblems } from './row-problems.ts';

const ID = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;
// Whoever copies the county's lists into a spreadsheet must not run what somebody wrote into a name. `-1楼` is a name.
const FORMULA = /^[=@]|^[+-].*[(|!]/u;
// What a spreadsheet leaves of a formula that failed, or of a cell too narrow for its date.
const BROKEN = /^#(N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|#+)$/;
// 533324101202 as a spreadsheet shows it when the column is narrow; the digits behind are gone.
const SCIENTIFIC = /^\d([.,]\d+)?E\+?\d+$/i;
// What a spreadsheet makes of `1-2` and `1/2`.
const DATE =
  /^(\d{1,2}月\d{1,2}日|\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2}|\d{4}\/\d{1,2}\/\d{1,2})$/i;
const EMAIL = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]+$/;
/** RFC 5321 4.5.3.1. */
const EMAIL_CHARS = 254;
export const YES = new Set(['', '1', 'true', 'yes', 'y', '是']);
export const NO = new Set(['0', 'false', 'no', 'n', '否']);

export class RowReader {
  readonly row: number;
  readonly #table: CsvTable;
  readonly #cells: readonly string[];
  readonly #problems: RowProblems;

  constructor(table: CsvTable, { row, cells }: CsvRow, problems: RowProblems) {
    this.row = row;
    this.#table = table;
    this.#cells = cells;
    this.#problems = problems;
  }

  refuse(column: string, zh: string, en: string): void {
    this.#problems.add(this.row, column, zh, en);
  }

  /** Clean words; may be empty. */
  words(column: string, maxChars: number = LIMITS.nameChars): string {
    const text = cleanText(this.#cells[this.#table.position.get(column) ?? -1] ?? '');
    if (text.length > maxChars) this.refuse(column, `超过 ${maxChars} 个字符`, `longer than ${maxChars} characters`);
    return text;
  }

  name(column: string): string {
    return this.#typed(column, this.#filled(column));
  }

  /** Words as people write them; may be empty. */
  text(column: string): string {
    return this.#typed(column, this.words(column));
  }

  #typed(column: string, text: string): string {
    if (FORMULA.test(text)) this.refuse(column, '不能像电子表格公式那样开头（= @ + -）', 'must not begin like a formula of a spreadsheet (= @ + -)');
    if (BROKEN.test(text))
      this.refuse(column, '这一格是电子表格的出错标记，请改成原来的内容', 'this is a spreadsheet’s mark of an error: write what belongs here');
    return text;
  }

  /** Words that a spreadsheet takes for a date, as the doorplate 1-2. */
  plate(column: string): string {
    const text = this.text(column);
    this.#mangled(column, text);
    return text;
  }

  id(column: string): string {
    const text = this.#filled(column);
    if (text !== '' && !this.#mangled(column, text) && !ID.test(text))
      this.refuse(
        column,
        '编号只能用文字、数字和 . _ -，以文字或数字开头，最多 64 个字符',
        'an id is made of letters, digits and . _ -, begins with a letter or digit, and has at most 64 characters',
      );
    return text;
  }

  optionalId(column: string): string | null {
    return this.words(column) === '' ? null : this.id(column);
  }

  /** A grid code by its form; whether there is such a node is asked by the kind. Empty after a fault. */
  code(column: string, tiers: readonly Tier[]): string {
    const text = this.words(column);
    const tier = tierOf(text);
    if (tier !== undefined && tiers.includes(tier)) return text;
    if (this.#mangled(column, text)) return '';
    this.refuse(
      column,
      `不是${tiers.map((t) => TIER_WORDS[t]).join('、')}的网格编码`,
      `not a grid code of a ${tiers.join(' or ')} (digits: county 6, township 9, village 12, group 14)`,
    );
    return '';
  }

  one<T extends string>(column: string, vocabulary: Readonly<Record<T, unknown>>): T | null {
    const text = this.words(column).toLowerCase();
    if (text === '') return null;
    if (Object.hasOwn(vocabulary, text)) return text as T;
    this.refuse(column, `只能是：${Object.keys(vocabulary).join('、')}`, `must be one of: ${Object.keys(vocabulary).join(', ')}`);
    return null;
  }

  /** Words of a vocabulary separated by `|`, each once. */
  list<T extends string>(column: string, vocabulary: Readonly<Record<T, unknown>>): T[] {
    const given = this.#split(column).map((word) => word.toLowerCase());
    const unknown = given.filter((word) => !Object.hasOwn(vocabulary, word));
    if (unknown.length > 0)
      this.refuse(column, `只能是：${Object.keys(vocabulary).join('、')}，用 | 分开`, `must be of: ${Object.keys(vocabulary).join(', ')}, separated by |`);
    return [...new Set(given)] as T[];
  }

  /** BCP 47 language tags separated by `|`, or null for "as the parent". */
  languages(column: string): string[] | null {
    const given = this.#split(column);
    try {
      return given.length === 0 ? null : Intl.getCanonicalLocales(given).slice(0, LIMITS.alertLanguages);
    } catch {
      this.refuse(column, '不是语言代码（如 zh-CN、lis），多个用 | 分开', 'not a language tag (as zh-CN, lis), several are separated by |');
      return null;
    }
  }

  phone(column: string): string | null {
    const text = this.words(column);
    if (text === '') return null;
    const phone = normalisePhone(text);
    if (phone === undefined && !this.#mangled(column, text)) this.refuse(column, '不是电话号码', 'not a telephone number');
    return phone ?? null;
  }

  email(column: string): string | null {
    const text = this.words(column, EMAIL_CHARS);
    if (text === '') return null;
    if (!EMAIL.test(text)) this.refuse(column, '不是电子邮件地址', 'not an e-mail address');
    return text;
  }

  count(column: string, max: number): number {
    const text = this.words(column);
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value < 0 || value > max) this.refuse(column, `应为 0 到 ${max} 的整数`, `must be a whole number from 0 to ${max}`);
    return value;
  }

  /** Empty means yes. */
  flag(column: string): boolean {
    const text = this.words(column).toLowerCase();
    if (!YES.has(text) && !NO.has(text)) this.refuse(column, '应为 1 或 0（是或否）', 'must be 1 or 0 (yes or no)');
    return YES.has(text);
  }

  /** Whether a spreadsheet made something else of it; that is noted with its cure. */
  #mangled(column: string, text: string): boolean {
    if (text.includes('+') && SCIENTIFIC.test(text)) {
      this.refuse(
        column,
        '被电子表格改成了科学计数，后面的数字丢了：把这一列设为“文本”，重新填写',
        'a spreadsheet made a rounded number of it and lost digits: format the column as text and type it again',
      );
      return true;
    }
    if (!DATE.test(text)) return false;
    this.refuse(
      column,
      '被电子表格改成了日期：把这一列设为“文本”，重新填写（如 1-2）',
      'a spreadsheet made a date of it: format the column as text and type it again (as 1-2)',
    );
    return true;
  }

  #filled(column: string): string {
    const text = this.words(column);
    if (text === '') this.refuse(column, '不能为空', 'must not be empty');
    return text;
  }

  #split(column: string): string[] {
    return this.words(column, LIMITS.noteChars)
      .split(/[|｜]/)
      .map((word) => word.trim())
      .filter(Boolean);
  }
}

const TIER_WORDS: Record<Tier, string> = { county: '县', township: '乡镇', village: '村', group: '小组' };
