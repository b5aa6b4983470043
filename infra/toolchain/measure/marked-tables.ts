// The house measured: the tables in the README that must say what the code says, made from the code and compared with it.
import type { Fault } from './source.ts';

export type Language = 'en' | 'zh';

export const READMES: Readonly<Record<Language, string>> = { en: 'README.md', zh: 'README.zh-CN.md' };

type Errors = Readonly<Record<string, { status: number; retry: string; zh: string; en: string }>>;

const ERROR_HEADS: Record<Language, string> = {
  en: '| code | HTTP | a job that ends so | what it means |\n|---|---|---|---|',
  zh: '| 代码 | HTTP | 任务遇到它时 | 含义 |\n|---|---|---|---|',
};
const JOB_WORDS: Record<Language, Record<string, string>> = { en: { retry: 'is tried again', bury: 'is buried' }, zh: { retry: '重试', bury: '不再重试' } };

/** The error table in one language. `errors` is domain/errors.ts. */
export function errorTable(errors: Errors, language: Language): string {
  const rows = Object.entries(errors).map(([code, kind]) => `| \`${code}\` | ${kind.status} | ${JOB_WORDS[language][kind.retry]} | ${kind[language]} |`);
  return [ERROR_HEADS[language], ...rows].join('\n');
}

/** What one setting does, in both languages; the default comes from the code. */
export type Setting = Readonly<Record<Language, string>>;

const SETTING_HEADS: Record<Language, string> = {
  en: '| variable | default | what it does |\n|---|---|---|',
  zh: '| 变量 | 默认值 | 作用 |\n|---|---|---|',
};

/** The configuration table: variables and defaults as the code has them, with words for each. @throws when a variable has no words */
export function settingTable(
  variables: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string | number | boolean | undefined>>,
  words: Readonly<Record<string, Setting>>,
  language: Language,
): string {
  const rows = Object.entries(variables).map(([name, key]) => {
    const told = words[name];
    if (told === undefined) throw new Error(`${name} has no words: say what it does in infra/toolchain/measure/readme.ts.`);
    return `| \`${name}\` | ${defaults[key] === undefined ? '–' : `\`${String(defaults[key])}\``} | ${told[language]} |`;
  });
  return [SETTING_HEADS[language], ...rows].join('\n');
}

const LIMIT_HEADS: Record<Language, string> = { en: '| limit | what |\n|---|---|', zh: '| 上限 | 内容 |\n|---|---|' };
const UNITS: Record<Language, { days: string; hours: string; minutes: string }> = {
  en: { days: 'days', hours: 'hours', minutes: 'minutes' },
  zh: { days: '天', hours: '小时', minutes: '分钟' },
};

/** A limit as people say it; its unit is the end of its name. */
function readable(name: string, value: number, language: Language): string {
  if (name.endsWith('Bytes')) return `${value / 1_048_576} MiB`;
  if (!name.endsWith('Ms')) return value.toLocaleString('en');
  const minutes = value / 60_000;
  if (minutes % 1_440 === 0) return `${minutes / 1_440} ${UNITS[language].days}`;
  return minutes % 60 === 0 ? `${minutes / 60} ${UNITS[language].hours}` : `${minutes} ${UNITS[language].minutes}`;
}

/** The limits that have words, in the order of the words. */
export function limitTable(limits: Readonly<Record<string, number>>, words: Readonly<Record<string, Setting>>, language: Language): string {
  const rows = Object.entries(words).map(([name, told]) => `| ${readable(name, limits[name] ?? Number.NaN, language)} | ${told[language]} |`);
  return [LIMIT_HEADS[language], ...rows].join('\n');
}

function between(name: string): RegExp {
  return new RegExp(`(<!-- ${name} -->\n\n)([^]*?)(\n\n<!-- /${name} -->)`);
}

/** The text with the marked block replaced. @throws when there is no such block */
export function withTable(text: string, name: string, table: string): string {
  if (!between(name).test(text)) throw new Error(`There is no block between <!-- ${name} --> and <!-- /${name} -->.`);
  return text.replace(between(name), (_, open: string, _old: string, close: string) => `${open}${table}${close}`);
}

/** A README whose table is not what the code says. */
export function tableFaults(path: string, text: string, tables: Readonly<Record<string, string>>): Fault[] {
  return Object.entries(tables).flatMap(([name, table]) => {
    const found = between(name).exec(text)?.[2];
    return found === table
      ? []
      : [{ path, line: 1, what: `the table '${name}' is ${found === undefined ? 'missing' : 'out of date'}: node infra/toolchain/write-tables.mjs` }];
  });
}
