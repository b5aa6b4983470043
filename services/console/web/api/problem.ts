// What the house says when it refuses: a problem document (RFC 9457) with its own words in both languages.
import type { LineProblem } from '@laba/domain/spoken-status';
import type { Language } from '../i18n/language.ts';

export interface Problem {
  status: number;
  code: string;
  title: string;
  titleZh: string;
  /** What was wrong just here; English. */
  detail?: string;
  errors?: { field: string; message: string }[];
  /** Of six lines: which of them, from 1, and why. */
  lines?: LineProblem[];
  /** This very request was carried out before, and its answer was lost. */
  once?: boolean;
}

export const UNREACHABLE: Problem = {
  status: 0,
  code: 'unreachable',
  title: 'The county’s server cannot be reached: check the line, then try again',
  titleZh: '连不上县里的服务器，请检查网络后重试',
};

const STRANGE: Problem = {
  status: 0,
  code: 'strange',
  title: 'The page failed: reload it; what was saved is safe',
  titleZh: '页面出错，请刷新；已保存的内容不受影响',
};

export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.name = 'Refused';
    this.problem = problem;
  }
}

export function problemOf(error: unknown): Problem {
  return error instanceof Refused ? error.problem : STRANGE;
}

export function problemWords(problem: Problem, language: Language): string {
  return language === 'zh' ? problem.titleZh : problem.title;
}
