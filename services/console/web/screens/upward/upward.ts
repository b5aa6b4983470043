// Where reports upward are read and made, and what an officer typed but has not saved.
import type { SituationField, SituationWords } from '@laba/domain/situation';
import { SITUATION_FIELD_NAMES } from '@laba/domain/situation';
import type { SituationSheet } from '@laba/domain/situation-view';
import { post } from '../../api/client.ts';
import { queries } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Store } from '../../app/store.ts';
import type { Language } from '../../i18n/language.ts';

export const REPORTS = '/api/v1/situation-reports';
export const CHANGED_BY = /^(situation|alert)\./;

const idOf = (id: string) => `${REPORTS}/${encodeURIComponent(id)}`;
const tagOf = (language: Language) => (language === 'zh' ? 'zh-CN' : 'en');

export const paths = {
  sheet: (id: string, language: Language) => `${idOf(id)}/sheet?lang=${tagOf(language)}`,
  print: (id: string, language: Language) => `${idOf(id)}/print?lang=${tagOf(language)}`,
  docx: (id: string, language: Language) => `${idOf(id)}/docx?lang=${tagOf(language)}`,
  json: idOf,
  words: (id: string) => `${idOf(id)}/words`,
  send: (id: string) => `${idOf(id)}/send`,
};

/** Every list and sheet that may show it is read anew. */
export const readReportsAnew = () =>
  queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(REPORTS) || path === '/api/v1/now' });

/** One key: the next report of this alert, or of the quiet day, with the board's figures of this moment; it is opened. */
export async function fillAndOpen(alertId: string | null): Promise<void> {
  const path = alertId === null ? `${REPORTS}/zero` : `/api/v1/alerts/${encodeURIComponent(alertId)}/situation-reports`;
  const { id } = await post<{ id: string }>(path);
  await readReportsAnew();
  location.assign(hrefOf('upward', id));
}

export type InBoth = SituationWords[SituationField];

/** `base`: what stood there when he began to type. */
export type Typed = Partial<Record<SituationField, { mine: InBoth; base: InBoth }>>;

/** By report; outlives the screen, so that a look at the board loses nothing. */
export const typedWords = new Store<Readonly<Record<string, Typed>>>({});

export const isSame = (a: InBoth, b: InBoth) => a.zh === b.zh && a.en === b.en;

export function typeWords({ id, words }: SituationSheet, field: SituationField, mine: InBoth): void {
  const typed = typedWords.value[id] ?? {};
  const base = typed[field]?.base ?? words[field];
  const { [field]: _, ...others } = typed;
  typedWords.set({ ...typedWords.value, [id]: isSame(mine, base) && isSame(mine, words[field]) ? others : { ...typed, [field]: { mine, base } } });
}

export function dropWords(id: string, fields: readonly SituationField[] = SITUATION_FIELD_NAMES): void {
  const left = Object.entries(typedWords.value[id] ?? {}).filter(([field]) => !fields.includes(field as SituationField));
  typedWords.set({ ...typedWords.value, [id]: Object.fromEntries(left) });
}

export const hasWords = (typed: Typed | undefined) => Object.keys(typed ?? {}).length > 0;
