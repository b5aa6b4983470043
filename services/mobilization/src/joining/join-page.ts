// Chapter 5, joining on the spot: the form behind the code, plain HTML without scripts, in Chinese or in English.
import { LEVEL_WORDS, MODE_WORDS, ORDER_WORDS, type Level, type Mode, type Order } from '@laba/domain/alert';
import { LIMITS } from '@laba/domain/limits';
import { SKILLS, type Skill } from '@laba/domain/member';
import { escapeHtml } from '../phone/member-page.ts';

export type Language = 'zh' | 'en';
type Words = Record<Language, string>;
const both = (zh: string, en: string): Words => ({ zh, en });

const WORDS = {
  title: both('现场加入', 'Join on the spot'),
  lead: both('不在名册上的居民，填好姓名就能参加这次行动。', 'Residents who are on no list: give your name and take part.'),
  danger: both('有生命危险时先撤离。', 'If your life is in danger, leave first.'),
  name: both('您的姓名', 'Your name'),
  phone: both('手机号（可不填；填了就能收到短信）', 'Telephone (optional; with it you get messages)'),
  group: both('您是哪个小组的', 'Your group'),
  noGroup: both('不清楚或不是本村的', 'Not sure, or none'),
  more: both('您会做什么、是哪一户的（可不填）', 'What you can do, where you belong (optional)'),
  household: both('哪一户（如门牌或户主姓名）', 'Household (doorplate or its head)'),
  skills: both('您会做什么？', 'What can you do?'),
  arrived: both('我已在现场', 'I am here'),
  coming: both('我马上来', 'I am on my way'),
  code: both('加入码', 'Join code'),
  codeHint: both('八个字母或数字，见张贴的通知', 'Eight letters or digits, as on the notice'),
  next: both('下一步', 'Go on'),
  noName: both('请填写姓名', 'Give your name'),
  badPhone: both('手机号不对，请改正或留空', 'This is no telephone number: correct it, or leave it empty'),
  drill: both('演练 演练 演练', 'DRILL DRILL DRILL'),
  drillMeans: both('这是演练，不是真的险情', 'This is an exercise, not a real alert'),
} as const;
export type Problem = 'noName' | 'badPhone';

/** What was typed, so that nothing is typed twice. */
export interface Typed {
  name: string;
  phone: string;
  gridCode: string;
  household: string;
  skills: readonly Skill[];
  form: string;
}

export interface JoinForm {
  language: Language;
  code: string;
  placeName: string;
  groups: readonly { code: string; name: string }[];
  alert: { mode: Mode; level: Level | null; order: Order | null };
  typed: Typed;
  problem?: Problem | undefined;
}

function page(language: Language, mode: Mode, other: string, body: string): string {
  const drill =
    mode === 'drill' ? `<div class="drill" role="note"><strong>${WORDS.drill[language]}</strong><small>${WORDS.drillMeans[language]}</small></div>` : '';
  const toOther = language === 'zh' ? `<a lang="en" href="${other}?lang=en">English</a>` : `<a lang="zh-CN" href="${other}">中文</a>`;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${WORDS.title[language]} · Laba</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/join.css"></head><body class="mode-${mode}">${drill}<main><p class="top">${toOther}</p>${body}</main></body></html>
`;
}

/** Where the code is typed that was only heard. */
export function codePage(language: Language): string {
  return page(
    language,
    'live',
    '/j',
    `<h1>${WORDS.title[language]}</h1><form method="get" action="/j">${language === 'en' ? '<input type="hidden" name="lang" value="en">' : ''}
<label class="field">${WORDS.code[language]}<input name="code" maxlength="20" required autocomplete="off" autocapitalize="characters" spellcheck="false"><small>${WORDS.codeHint[language]}</small></label>
<button>${WORDS.next[language]}</button></form>`,
  );
}

export function joinPage(of: JoinForm): string {
  const { language, typed, problem, groups } = of;
  const said = (key: keyof typeof WORDS) => WORDS[key][language];
  const here = `/j/${encodeURIComponent(of.code)}`;
  const field = (key: 'name' | 'phone' | 'household', input: string) =>
    `<label class="field">${said(key)}<input name="${key}" maxlength="${LIMITS.nameChars}" value="${escapeHtml(typed[key])}"${input}></label>`;
  return page(
    language,
    of.alert.mode,
    here,
    `<h1>${said('title')}</h1>${whatFor(of)}
<p>${said('lead')}</p><p class="first">${said('danger')}</p>
${problem === undefined ? '' : `<p class="problem" role="alert">${said(problem)}</p>`}
<form method="post" action="${here}${language === 'en' ? '?lang=en' : ''}"><input type="hidden" name="form" value="${escapeHtml(typed.form)}">
${field('name', ' required autocomplete="name"')}
${field('phone', ' type="tel" autocomplete="tel"')}
<details${isMoreTyped(typed) ? ' open' : ''}><summary>${said('more')}</summary><fieldset><legend>${said('skills')}</legend>${skillBoxes(language, typed.skills)}</fieldset>
${groups.length > 1 ? groupField(of) : ''}${field('household', ' autocomplete="off"')}</details>
<button name="answer" value="arrived">⚑ ${said('arrived')}</button><button class="second" name="answer" value="coming">➜ ${said('coming')}</button></form>`,
  );
}

const isMoreTyped = ({ gridCode, household, skills }: Typed) => gridCode !== '' || household !== '' || skills.length > 0;

function whatFor({ language, placeName, alert: { mode, level, order } }: JoinForm): string {
  const isRed = level === 'red' || order === 'move-now';
  const glue = language === 'zh' ? '' : ' ';
  const what = order === null ? `${LEVEL_WORDS[level ?? 'blue'][language]}${glue}${both('预警', 'warning')[language]}` : ORDER_WORDS[order][language];
  const exercise = mode === 'live' ? '' : `${MODE_WORDS[mode][language]} · `;
  return `<p class="place"><strong>${escapeHtml(placeName)}</strong> <span class="for${isRed ? ' red' : ''}">${isRed ? '▲' : '◆'} ${exercise}${what}</span></p>`;
}

function groupField({ language, groups, typed }: JoinForm): string {
  const options = groups.map(({ code, name }) => `<option value="${code}"${code === typed.gridCode ? ' selected' : ''}>${escapeHtml(name)}</option>`);
  return `<label class="field">${WORDS.group[language]}<select name="gridCode"><option value="">${WORDS.noGroup[language]}</option>${options.join('')}</select></label>`;
}

function skillBoxes(language: Language, chosen: readonly Skill[]): string {
  return Object.entries(SKILLS)
    .map(([skill, words]) => {
      const checked = chosen.includes(skill as Skill) ? ' checked' : '';
      return `<label class="choice"><input type="checkbox" name="skills" value="${skill}"${checked}><span>${words[language]}</span></label>`;
    })
    .join('');
}

export const JOIN_CSS = `:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:1.15rem/1.5 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;background:#fff;color:#141414}
body.mode-drill{border:12px solid #722ed1}.drill{background:#722ed1;color:#fff;text-align:center;padding:.5rem}.drill strong{font-size:1.6rem}.drill small{display:block}
main{max-width:36rem;margin:0 auto;padding:.6rem 1rem 2rem}.top{margin:0;text-align:right}a{display:inline-block;min-height:2.4rem;padding:.3rem;color:#0958d9}
h1{margin:.1em 0;font-size:1.7rem;line-height:1.25}.place{margin:.4em 0;font-size:1.25rem}
.for{display:inline-block;padding:.1rem .6rem;border-radius:.4rem;background:#fa8c16;color:#000;font-size:1.1rem;font-weight:700}.for.red{background:#cf1322;color:#fff}
.first{padding:.4rem .8rem;border:3px solid #874d00;border-radius:.6rem;background:#fffbe6;color:#613400}.problem{padding:.6rem 1rem;border:3px solid #cf1322;border-radius:.6rem;font-weight:700}
.field{display:block;margin:.8rem 0}.field input,.field select{display:block;width:100%;min-height:3.2rem;padding:.6rem;font:inherit;border:2px solid #595959;border-radius:.6rem;background:#fff;color:#141414}
fieldset{border:0;margin:.8rem 0;padding:0;display:grid;grid-template-columns:1fr 1fr;gap:.5rem}legend{padding:0 0 .3rem}
.choice{position:relative}.choice input{position:absolute;opacity:0}.choice span{display:block;min-height:3.2rem;padding:.6rem;border:2px solid #595959;border-radius:.6rem}
.choice input:checked+span{background:#0958d9;border-color:#0958d9;color:#fff}.choice input:checked+span::before{content:"✓ "}.choice input:focus-visible+span,:focus-visible{outline:4px solid #000;outline-offset:3px}
summary{min-height:3.2rem;padding:.7rem 0;color:#0958d9;cursor:pointer}
button{display:block;width:100%;min-height:6rem;margin:.8rem 0 0;padding:1rem;border:0;border-radius:.6rem;background:#237804;color:#fff;font:inherit;font-size:1.5rem;font-weight:700}
button.second{min-height:4rem;background:#fff;color:#0958d9;border:3px solid #0958d9}
`;
