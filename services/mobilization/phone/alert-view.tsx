// The phone page: what is going on and what to do, in a picture, in words and aloud.
import { LEVEL_WORDS, MODE_WORDS, ORDER_WORDS } from '@laba/domain/alert';
import type { PhoneState, PhoneText } from '@laba/domain/phone-page';
import { Listen } from './listen.tsx';
import { SituationPicture } from './pictures.tsx';
import { OVER_WORDS, WORDS, type Language } from './words.ts';

interface Shown {
  state: PhoneState;
  language: Language;
}

export function DrillBand({ language }: { language: Language }) {
  return (
    <div class="drill" role="note">
      {WORDS.drill[language]}
      <small>{WORDS.drillMeans[language]}</small>
    </div>
  );
}

export function AlertView({ state, language }: Shown) {
  const over = OVER_WORDS[state.alertState];
  if (over === undefined)
    return (
      <>
        <Badge state={state} language={language} />
        {inLanguage(state.texts, language).map((text) => (
          <Told key={text.language} text={text} language={language} />
        ))}
      </>
    );
  return (
    <h1 class={`over ${state.alertState}`}>
      <SituationPicture state={state} />
      <span>
        {state.mode === 'live' ? '' : `${MODE_WORDS[state.mode][language]} · `}
        {over[language]}
      </span>
    </h1>
  );
}

function Badge({ state, language }: Shown) {
  const { mode, level, order } = state;
  const look = order === null ? (level ?? 'blue') : order === 'move-now' ? 'red' : 'orange';
  const what =
    order === null ? `${LEVEL_WORDS[level ?? 'blue'][language]}${language === 'zh' ? '' : ' '}${WORDS.warning[language]}` : ORDER_WORDS[order][language];
  return (
    <h1 class={`badge ${look}`}>
      <SituationPicture state={state} />
      <span>
        {mode === 'live' ? '' : `${MODE_WORDS[mode][language]} · `}
        {what}
      </span>
    </h1>
  );
}

function Told({ text, language }: { text: PhoneText; language: Language }) {
  return (
    <section class="words" lang={text.language}>
      <h2>{text.title}</h2>
      <p>{text.text}</p>
      <Listen text={text} language={language} />
    </section>
  );
}

const isOf = (text: PhoneText, language: Language): boolean => text.language.toLowerCase().split('-')[0] === language;

/** The words in the chosen language; where the alert has none, those in Chinese; where neither, whatever there is. */
function inLanguage(texts: readonly PhoneText[], language: Language): readonly PhoneText[] {
  const own = texts.filter((text) => isOf(text, language));
  const chinese = own.length > 0 ? own : texts.filter((text) => isOf(text, 'zh'));
  return chinese.length > 0 ? chinese : texts.slice(0, 1);
}

/** What must not push the buttons off a small screen: other languages; after the end, what was said before. */
export function MoreWords({ state, language }: Shown) {
  const isOver = OVER_WORDS[state.alertState] !== undefined;
  const shown = isOver ? [] : inLanguage(state.texts, language);
  const rest = state.texts.filter((text) => shown.indexOf(text) < 0);
  if (rest.length === 0) return null;
  return (
    <details>
      <summary>{isOver ? WORDS.before[language] : WORDS.otherLanguages[language]}</summary>
      {rest.map((text) => (
        <Told key={text.language} text={text} language={language} />
      ))}
    </details>
  );
}
