// Chapter 2, alert: one revision's content out of what the officer says and what the template holds. Pure; writes nothing.
import { defaultIntervalSeconds, hasSiren, type AlertSubject, type AlertText, type Mode } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { withoutCovered } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { cleanText } from '@laba/domain/text';
import type { Tables } from '@laba/storage/tables';
import type { AlertInput } from './alert-body.ts';
import { PLAIN_CANCEL, PLAIN_END, speak } from './spoken-texts.ts';

export type TemplateRow = Tables['template']['$inferSelect'];
type RevisionRow = Tables['alertRevision']['$inferSelect'];

/** Everything of a revision but whose and which it is. */
export type AlertContent = Omit<RevisionRow, 'alertId' | 'revision' | 'cap' | 'draftedBy' | 'raisedAtMs' | 'raisedAtCode'>;

export interface ContentSource {
  template: TemplateRow | undefined;
  /** What the report's hazard is called in GB/T 35561, '' when nothing fits. */
  hazardEventCode: string;
  /** Who gives an order when nobody is named: the grid node that covers the area. */
  placeName: string;
  nowMs: number;
  /** Which of the template's prepared texts have somebody to speak to here; all when it is not said. */
  speaksHere?: (text: AlertText) => boolean;
}

/** Starting later than this is not possible: raise it then. */
const START_AHEAD_MS = 60_000;
const DEFAULT_MINUTES: Record<Mode, number> = { live: 180, drill: 30, test: 5 };
/** A drill says its words and is silent; a live alert goes on until somebody ends it. */
const DEFAULT_PLAY_TIMES: Record<Mode, number> = { live: 0, drill: 2, test: 1 };
const DEFAULT_VOLUME: Record<Mode, number> = { live: 100, drill: 70, test: 0 };

/** @throws `bad-input` (names the field), `bad-time`, `bad-text` */
export function composeContent(input: AlertInput, source: ContentSource): AlertContent {
  const { template, nowMs } = source;
  const subject = subjectOf(input, template);
  if (input.siren === true && !hasSiren(subject))
    throw new LabaError('bad-input', 'siren: the public siren is for live move-now and red only.', { field: 'siren' });
  return {
    ...subject,
    eventCode: input.eventCode || template?.eventCode || source.hazardEventCode || 'other',
    issuer: issuerOf(input, source),
    ...textsOf(input, localTemplate(template, source.speaksHere)),
    areaCodes: withoutCovered(input.areaCodes),
    siren: input.siren ?? hasSiren(subject),
    playTimes: input.playTimes ?? DEFAULT_PLAY_TIMES[subject.mode],
    intervalSeconds: input.intervalSeconds ?? defaultIntervalSeconds(subject),
    volume: input.volume ?? DEFAULT_VOLUME[subject.mode],
    ...timesOf(input, template, nowMs),
  };
}

function subjectOf(input: AlertInput, template: TemplateRow | undefined): AlertSubject {
  const { mode, kind } = input;
  if (template !== undefined) assertTemplateFits(input, template);
  const level = kind === 'warning' ? (input.level ?? template?.level ?? null) : (input.level ?? null);
  const order = kind === 'order' ? (input.order ?? template?.order ?? null) : (input.order ?? null);
  if (kind === 'warning' && level === null)
    throw new LabaError('bad-input', 'level: a warning needs its colour: red, orange, yellow or blue.', { field: 'level' });
  if (kind === 'warning' && order !== null)
    throw new LabaError('bad-input', 'order: a warning carries no order; make it an order, or leave this out.', { field: 'order' });
  if (kind === 'order' && order === null) throw new LabaError('bad-input', 'order: an order says prepare or move-now.', { field: 'order' });
  if (kind === 'order' && level !== null)
    throw new LabaError('bad-input', 'level: colours belong to the authority that issues warnings; an order has none.', { field: 'level' });
  return { mode, kind, level, order };
}

// Drill words in a live alert would tell people that nothing is the matter (I5).
function assertTemplateFits(input: AlertInput, template: TemplateRow): void {
  if (template.kind !== input.kind) throw new LabaError('bad-input', `kind: the template ${template.id} is for the kind ${template.kind}.`, { field: 'kind' });
  const only = template.stage === 'drill' || template.stage === 'test' ? template.stage : undefined;
  if (only !== undefined && only !== input.mode)
    throw new LabaError('bad-input', `templateId: the template ${template.id} is for mode ${only} only.`, { field: 'templateId' });
}

function issuerOf(input: AlertInput, source: ContentSource): string {
  const issuer = cleanText(input.issuer ?? '');
  if (issuer.length > LIMITS.nameChars) throw new LabaError('bad-input', `issuer: ${LIMITS.nameChars} characters are possible.`, { field: 'issuer' });
  if (issuer !== '') return issuer;
  if (input.kind === 'warning' && input.mode !== 'test')
    throw new LabaError('bad-input', 'issuer: name the authority that issued this warning.', { field: 'issuer' });
  return source.placeName;
}

function localTemplate(template: TemplateRow | undefined, speaksHere: ContentSource['speaksHere']): TemplateRow | undefined {
  if (template === undefined || speaksHere === undefined) return template;
  const { texts, endTexts, cancelTexts } = template;
  return { ...template, texts: texts.filter(speaksHere), endTexts: endTexts.filter(speaksHere), cancelTexts: cancelTexts.filter(speaksHere) };
}

function textsOf(input: AlertInput, template: TemplateRow | undefined): Pick<AlertContent, 'texts' | 'endTexts' | 'cancelTexts'> {
  const { mode } = input;
  const prepared = (own: readonly AlertText[] | null | undefined, known: readonly AlertText[] = [], plain: readonly AlertText[] = []) =>
    speak(mode, own ?? (known.length === 0 ? plain : known), known);
  // A test makes no sound: words it was not given it does not have.
  if (mode === 'test') return { texts: prepared(input.texts), endTexts: [], cancelTexts: [] };
  const texts = prepared(input.texts, template?.texts);
  if (texts.length === 0)
    throw new LabaError('bad-text', 'texts: an alert says something in at least one language; choose a template or write the words.', { field: 'texts' });
  const heard = (plain: readonly AlertText[]) => plain.filter((text) => text.language === 'zh-CN' || texts.some((one) => one.language === text.language));
  const given = (own: readonly AlertText[] | null | undefined) => (own?.length ? own : undefined);
  return {
    texts,
    endTexts: prepared(given(input.endTexts), template?.endTexts, heard(PLAIN_END)),
    cancelTexts: prepared(given(input.cancelTexts), template?.cancelTexts, heard(PLAIN_CANCEL)),
  };
}

function timesOf(input: AlertInput, template: TemplateRow | undefined, nowMs: number): Pick<AlertContent, 'startTimeMs' | 'endTimeMs'> {
  const startTimeMs = Math.max(nowMs, input.startTime ? Date.parse(input.startTime) : nowMs);
  if (startTimeMs > nowMs + START_AHEAD_MS)
    throw new LabaError('bad-time', 'startTime: it cannot lie more than a minute ahead; raise the alert when it is time.', { field: 'startTime' });
  if (input.endTime && input.durationMinutes != null)
    throw new LabaError('bad-time', 'endTime, durationMinutes: give one of them, not both.', { field: 'endTime' });
  const minutes = input.durationMinutes ?? template?.durationMinutes ?? DEFAULT_MINUTES[input.mode];
  const endTimeMs = input.endTime ? Date.parse(input.endTime) : startTimeMs + Math.round(minutes * 60_000);
  assertTimes(startTimeMs, endTimeMs, nowMs);
  return { startTimeMs, endTimeMs };
}

/** @throws `bad-time` when the end is past, too near, or too far away */
export function assertTimes(startTimeMs: number, endTimeMs: number, nowMs: number): void {
  if (endTimeMs <= nowMs || endTimeMs <= startTimeMs) throw new LabaError('bad-time', 'The end must lie after now and after the start.', { field: 'endTime' });
  if (endTimeMs - startTimeMs < LIMITS.alertMinimumMs)
    throw new LabaError('bad-time', `An alert lasts at least ${LIMITS.alertMinimumMs / 1000} seconds.`, { field: 'endTime' });
  if (endTimeMs - startTimeMs > LIMITS.alertDurationMs)
    throw new LabaError('bad-time', `An alert lasts at most ${LIMITS.alertDurationMs / 86_400_000} days; extend it when it is time.`, { field: 'endTime' });
}
