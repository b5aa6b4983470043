// Chapter 0, people: understanding cards (明白卡) to print: two A5 cards on a page of A4, one for each household or each member of a grid node.
import { DUTIES } from '@laba/domain/ladder';
import { NEEDS, POSTS } from '@laba/domain/member';
import { fitOf, SECTION_NAMES, SECTIONS } from '@laba/domain/section';
import { escapeHtml } from '../phone/member-page.ts';
import type { CardPlace, HelpedHousehold, HouseholdOnCard, MemberOnCard, Responsible } from './card-store.ts';
import { CARD_WORDS } from './card-words.ts';

export const CARD_CSS = `@page{size:A4;margin:8mm}*{box-sizing:border-box}body{margin:0 auto;max-width:194mm;font:10.5pt/1.35 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#000;background:#fff;overflow-wrap:anywhere}
.card{min-height:137mm;break-inside:avoid;border:.4mm dashed #000;padding:5mm 6mm 3mm;margin:0 0 3mm;display:flex;flex-direction:column;gap:2mm}
h1{font-size:14pt;margin:0 0 2mm}h2{font-size:15pt;line-height:1.2;margin:0;display:flex;justify-content:space-between;gap:4mm;border-bottom:.6mm solid #000;padding-bottom:1.5mm}
h2 .whose{font-size:13pt}h3{font-size:10.5pt;margin:0}p,ul,dl{margin:0}ul{padding-left:5mm}dl{display:grid;grid-template-columns:24mm minmax(0,1fr);gap:1mm 3mm}dt{font-weight:700}dd{margin:0}
.tel{font-weight:700;white-space:nowrap;font-variant-numeric:tabular-nums}.blank{display:inline-block;min-width:60mm;height:5mm;border-bottom:.3mm solid #000;vertical-align:bottom}
table{width:100%;border-collapse:collapse}th,td{border:.3mm solid #000;padding:1mm 2mm;text-align:left;vertical-align:top}th{width:42%;font-weight:400}tr.now th,tr.now td{font-weight:700;border-width:.7mm}
.foot{margin-top:auto;font-size:8.5pt}.empty{padding:6mm;border:.4mm solid #000}
@media screen{body{padding:4mm}}@media screen and (max-width:600px){dl{grid-template-columns:minmax(0,1fr)}.card{padding:3mm;min-height:0}h2{display:block}.blank{min-width:40mm}}
@media print{.screen{display:none}:root[lang=en] body{font-size:9pt;line-height:1.25}:root[lang=en] h3{font-size:9pt}:root[lang=en] dl{grid-template-columns:28mm minmax(0,1fr)}}
`;

export type CardLanguage = 'zh' | 'en';

export interface CardSheet {
  language: CardLanguage;
  code: string;
  place: CardPlace;
  printedAt: string;
  /** As it is dialled; undefined: he has none. */
  telephoneOf: (of: { phoneCipher: string | null }) => string | undefined;
}

const row = (name: string, said: string) => `<dt>${name}</dt><dd>${said}</dd>`;
const BLANK = '<span class="blank"></span>';

function called({ language, telephoneOf }: CardSheet, of: { name: string; phoneCipher: string | null }): string {
  const telephone = telephoneOf(of);
  return `${escapeHtml(of.name)} <span class="tel">${telephone === undefined ? CARD_WORDS[language].noTelephone : escapeHtml(telephone)}</span>`;
}

function dutyOf({ duty, placeName }: Responsible, language: CardLanguage): string {
  const words = duty === null ? CARD_WORDS[language].groupLeader : DUTIES[duty][language];
  return `<small>(${escapeHtml(placeName)} ${words})</small>`;
}

const responsibleOf = (sheet: CardSheet) => sheet.place.responsible.map((one) => `${called(sheet, one)} ${dutyOf(one, sheet.language)}`).join('<br>') || BLANK;

function whereTo({ place: { musterPoints }, language }: CardSheet): string {
  const words = CARD_WORDS[language];
  const named = musterPoints.map(
    ({ name, placeName }) => `<b>${escapeHtml(name)}</b>${placeName === null ? '' : ` <small>(${escapeHtml(placeName)})</small>`}`,
  );
  return `${row(words.musterPoint, named.join(language === 'zh' ? '、' : ', ') || `${BLANK} <small>(${words.none})</small>`)}${row(words.way, BLANK)}`;
}

function signals(language: CardLanguage): string {
  const words = CARD_WORDS[language];
  const rows = (['prepare', 'move', 'gong', 'clear'] as const).map(
    (key) => `<tr${key === 'move' ? ' class="now"' : ''}><th scope="row">${words[key].hear}</th><td>${words[key].act}</td></tr>`,
  );
  return `<h3>${words.signals}</h3><table><tbody>${rows.join('')}</tbody></table><p>${words.drill}</p>`;
}

const card = (title: string, whose: string, inside: string, foot: string) =>
  `<section class="card"><h2><span>${title}</span><span class="whose">${whose}</span></h2>${inside}<p class="foot">${foot}</p></section>`;

function householdCard(sheet: CardSheet, household: HouseholdOnCard): string {
  const { language, place, printedAt } = sheet;
  const words = CARD_WORDS[language];
  const helper = household.helper === null ? `${BLANK} <small>(${words.none})</small>` : called(sheet, household.helper);
  const facts = [
    row(words.household, `${escapeHtml(place.name)} ${escapeHtml(household.doorplate)} · ${escapeHtml(household.headName)}`),
    row(words.helper, helper),
    row(words.responsible, responsibleOf(sheet)),
    whereTo(sheet),
    row(words.take, words.taken),
  ];
  const whose = `${escapeHtml(household.doorplate)} · ${words.persons(household.persons)}`;
  return card(words.title, whose, `<dl>${facts.join('')}</dl>${signals(language)}`, words.printed(printedAt));
}

/** The sections that his post and his skills are for, the best fitting first. */
function sectionsOf({ post, skills }: MemberOnCard, language: CardLanguage): string {
  const words = CARD_WORDS[language];
  const fit = { posts: post === null ? [] : [post], skills };
  const fitting = SECTION_NAMES.filter((section) => fitOf(section, fit) > 0).toSorted((a, b) => fitOf(b, fit) - fitOf(a, fit));
  const named = fitting.slice(0, 2).map((section) => `${SECTIONS[section][language]}${words.bySection}`);
  return named.join(language === 'zh' ? '、' : ', ') || words.anySection;
}

function helpedLine({ doorplate, headName, persons, needs }: HelpedHousehold, language: CardLanguage): string {
  const weak = needs.map((need) => NEEDS[need][language]).join(language === 'zh' ? '、' : ', ');
  return `<li>${escapeHtml(doorplate)} ${escapeHtml(headName)} · ${CARD_WORDS[language].persons(persons)}${weak === '' ? '' : ` · <b>${weak}</b>`}</li>`;
}

function memberCard(sheet: CardSheet, member: MemberOnCard): string {
  const { language, place, printedAt } = sheet;
  const words = CARD_WORDS[language];
  // Nobody answers to himself.
  const above = { ...sheet, place: { ...place, responsible: place.responsible.filter(({ memberId }) => memberId !== member.memberId) } };
  const facts = [
    row(words.post, `${escapeHtml(place.name)} · ${member.post === null ? words.noPost : POSTS[member.post][language]}`),
    row(words.section, sectionsOf(member, language)),
    row(words.answersTo, responsibleOf(above)),
    whereTo(sheet),
  ];
  const helps = member.helps.length === 0 ? `<p>${words.helpsNobody}</p>` : `<ul>${member.helps.map((one) => helpedLine(one, language)).join('')}</ul>`;
  const duties = `<h3>${words.onCall}</h3><ul>${words.duties.map((duty) => `<li>${duty}</li>`).join('')}</ul>`;
  const inside = `<dl>${facts.join('')}</dl><h3>${words.helps}</h3>${helps}${duties}<p>${words.drill}</p>`;
  return card(words.memberTitle, escapeHtml(member.name), inside, words.printed(printedAt));
}

/** The sheet in one language; on the screen it leads to the other one and to the other kind of cards. */
function page({ language, code, place }: CardSheet, kind: 'households' | 'members', cards: readonly string[]): string {
  const words = CARD_WORDS[language];
  const title = words[kind === 'households' ? 'householdCards' : 'memberCards'];
  const other = kind === 'households' ? 'members' : 'households';
  const toKind = `<a href="/api/v1/cards/${other}?group=${code}&amp;lang=${language}">${words[other === 'members' ? 'memberCards' : 'householdCards']}</a>`;
  const toLanguage = `<a lang="${language === 'zh' ? 'en' : 'zh-CN'}" href="/api/v1/cards/${kind}?group=${code}&amp;lang=${language === 'zh' ? 'en' : 'zh'}">${words.otherLanguage}</a>`;
  const none = `<p class="empty">${words[kind === 'households' ? 'noHouseholds' : 'noMembers']}</p>`;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escapeHtml(place.name)} ${title}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/card-sheet.css"></head><body><header class="screen"><h1>${title}</h1><p>${escapeHtml(words.printing(cards.length, place.name))}</p><p>${toKind} · ${toLanguage}</p></header>
<main>${cards.length === 0 ? none : cards.join('\n')}</main></body></html>`;
}

export function householdSheet(sheet: CardSheet, households: readonly HouseholdOnCard[]): string {
  return page(
    sheet,
    'households',
    households.map((household) => householdCard(sheet, household)),
  );
}

export function memberSheet(sheet: CardSheet, members: readonly MemberOnCard[]): string {
  return page(
    sheet,
    'members',
    members.map((member) => memberCard(sheet, member)),
  );
}
