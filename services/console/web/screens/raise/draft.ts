// What is being composed: which words, where, whether it is real; what the house is asked, and what is still missing before a button may be held.
import type { AlertSubject, AlertText, Mode } from '@laba/domain/alert';
import { MODE_WORDS, rankOf } from '@laba/domain/alert';
import type { AlertView, RevisionView, TemplateView } from '@laba/domain/alert-view';
import type { Decision } from '@laba/domain/forecast-view';
import { tierOf, withoutCovered } from '@laba/domain/grid';
import type { Officer } from '@laba/domain/officer';
import type { ReportView } from '@laba/domain/report-view';

/** What an update goes on from. */
export interface Updated {
  alert: AlertView;
  /** What sounds now. */
  sounding: RevisionView;
  /** What others did to it while the update was written. */
  meanwhile?: readonly Meanwhile[];
}

export type Meanwhile = 'over' | 'revised' | 'extended' | 'waits' | 'quiet' | 'touched';

export interface Draft {
  subject: AlertSubject | undefined;
  template: TemplateView | undefined;
  areas: readonly string[];
  /** Words that the officer wrote himself; undefined: as prepared for this area. */
  texts: readonly AlertText[] | undefined;
  issuer: string;
  /** The officer wrote it; otherwise it was filled in for him, and goes with what it was filled in for. */
  isIssuerOwn: boolean;
  minutes: number | undefined;
  /** Typed before a drill. */
  confirmed: string;
  report: Pick<ReportView, 'id' | 'hazard' | 'gridCode'> | undefined;
  updated: Updated | undefined;
}

const NOTHING: Draft = {
  subject: undefined,
  template: undefined,
  areas: [],
  texts: undefined,
  issuer: '',
  isIssuerOwn: false,
  minutes: undefined,
  confirmed: '',
  report: undefined,
  updated: undefined,
};

/** Whoever answers for one place below the county has it ticked already; of a county nobody ticks the whole by opening a screen. */
export function newDraft({ scopes }: Pick<Officer, 'scopes'>, report?: Draft['report']): Draft {
  const own = scopes.length === 1 && tierOf(scopes[0]!) !== 'county' && tierOf(scopes[0]!) !== undefined ? scopes : [];
  return { ...NOTHING, areas: report === undefined ? own : [report.gridCode], report };
}

const MINUTE_MS = 60_000;
const LEAST_MINUTES = 30;
const plain = (texts: readonly AlertText[]) => texts.map(({ language, title, text }) => ({ language, title, text }));

export function updateDraft(updated: Updated, nowMs: number): Draft {
  const { mode, kind, level, order, issuer, texts, areaCodes, endTime } = updated.sounding;
  const minutes = Math.max(LEAST_MINUTES, Math.ceil((Date.parse(endTime) - nowMs) / MINUTE_MS));
  return { ...NOTHING, subject: { mode, kind, level, order }, issuer, texts: plain(texts), areas: areaCodes, minutes, updated };
}

const saidBy = ({ kind, level, order, texts, areaCodes }: RevisionView) => JSON.stringify([kind, level, order, plain(texts), areaCodes]);

/** The alert as it is now in place of the one that was seen, and what became of it: what the officer wrote stands, and is sent for what he is told. */
export function caughtUp({ alert: seen, sounding: heard, meanwhile = [] }: Updated, alert: AlertView, sounding = heard): Updated {
  const became: Partial<Record<Meanwhile, boolean>> = {
    over: alert.state !== 'raised',
    revised: saidBy(sounding) !== saidBy(heard),
    extended: sounding.endTime !== heard.endTime,
    waits: alert.updateWaits,
    quiet: alert.quiet && !seen.quiet,
  };
  const news = (Object.keys(became) as Meanwhile[]).filter((one) => became[one] === true);
  return { alert, sounding, meanwhile: [...new Set([...meanwhile, ...(news.length === 0 ? (['touched'] as const) : news)])] };
}

/** The mode that a template is bound to. */
export function onlyMode({ stage }: Pick<TemplateView, 'stage'>): Mode | undefined {
  return stage === 'drill' || stage === 'test' ? stage : undefined;
}

/** The gravest first; what fits the report before everything. */
export function inOrder(templates: readonly TemplateView[], hazard: string | undefined): TemplateView[] {
  const rank = (template: TemplateView) => rankOf({ ...template, mode: onlyMode(template) ?? 'live' });
  const fits = (template: TemplateView) => Number(hazard !== undefined && template.hazard === hazard);
  return [...templates].sort((a, b) => fits(b) - fits(a) || rank(b) - rank(a) || a.id.localeCompare(b.id));
}

/** Choosing the words and whether it is real is one step, and neither is ever chosen by itself. */
export function withTemplate(draft: Draft, template: TemplateView, mode: Mode, issuer: string): Draft {
  const { kind, level, order, durationMinutes } = template;
  return {
    ...draft,
    template,
    subject: { mode, kind, level, order },
    texts: undefined,
    minutes: durationMinutes,
    issuer: draft.isIssuerOwn ? draft.issuer : kind === 'warning' ? issuer : '',
    confirmed: '',
  };
}

/** What the house is asked, for the forecast and for the alert alike; undefined while it cannot be asked. */
export function bodyOf({ subject, template, areas, texts, issuer, minutes, report, updated }: Draft): Record<string, unknown> | undefined {
  if (subject === undefined || areas.length === 0) return undefined;
  if (needsIssuer(subject) && issuer.trim() === '') return undefined;
  if (texts?.some(({ title, text }) => title.trim() === '' || text.trim() === '') === true) return undefined;
  const isAsItSounds = updated !== undefined && template === undefined;
  const kept = isAsItSounds ? keptOf(updated.sounding) : {};
  // What is not asked for is not seen, and what is not seen is not sent.
  const isIssuerSaid = needsIssuer(subject) || isAsItSounds;
  return {
    ...subject,
    ...kept,
    areaCodes: withoutCovered(areas),
    ...(texts === undefined ? {} : { texts: plain(texts) }),
    ...(isIssuerSaid && issuer.trim() !== '' ? { issuer: issuer.trim() } : {}),
    ...(minutes === undefined ? {} : { durationMinutes: minutes }),
    ...(template === undefined ? {} : { templateId: template.id }),
    ...(report === undefined ? {} : { reportId: report.id }),
  };
}

const keptOf = ({ eventCode, endTexts, cancelTexts }: RevisionView) => ({ eventCode, endTexts: plain(endTexts), cancelTexts: plain(cancelTexts) });

export const needsIssuer = ({ kind, mode }: AlertSubject): boolean => kind === 'warning' && mode !== 'test';

const isTyped = (typed: string) => Object.values(MODE_WORDS.drill).some((word) => word === typed.trim().toLowerCase());

export type Missing = 'missingTemplate' | 'missingArea' | 'missingIssuer' | 'missingWords' | 'missingMinutes' | 'missingConfirmed';

/** What the officer has still to do, the first of it. */
export function missingOf(draft: Draft): Missing | undefined {
  const { subject, areas, texts, issuer, minutes, confirmed } = draft;
  if (subject === undefined) return 'missingTemplate';
  if (areas.length === 0) return 'missingArea';
  if (needsIssuer(subject) && issuer.trim() === '') return 'missingIssuer';
  if (texts?.some(({ title, text }) => title.trim() === '' || text.trim() === '') === true) return 'missingWords';
  if (minutes === undefined) return 'missingMinutes';
  return subject.mode === 'drill' && !isTyped(confirmed) ? 'missingConfirmed' : undefined;
}

/** Nothing but the second officer is missing: it is sent to him by the same button. */
export const needsSecond = ({ missing }: Decision): boolean => missing.length === 1 && missing[0] === 'second-officer';
