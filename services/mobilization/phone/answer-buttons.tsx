// The phone page: one large button for what comes next, small ones for everything else that can be said.
import { useState } from 'preact/hooks';
import { LIMITS } from '@laba/domain/limits';
import type { Answer } from '@laba/domain/member';
import type { Saying } from '@laba/domain/phone-page';
import { SAYING_WORDS, WORDS, type Language } from './words.ts';

interface Shown {
  /** As last said, whether the county has it yet or not. */
  answer: Answer | undefined;
  /** The county does not have it yet. */
  isKept: boolean;
  needsHelp: boolean;
  language: Language;
  onSay: (saying: Saying, words?: string) => void;
}

const NEXT: Record<Answer, Answer | undefined> = { coming: 'on-the-way', 'on-the-way': 'arrived', arrived: undefined, cannot: 'coming' };
const ALL = ['coming', 'on-the-way', 'arrived', 'cannot'] as const;

export function AnswerButtons({ answer, isKept, needsHelp, language, onSay }: Shown) {
  const next = answer === undefined ? 'coming' : NEXT[answer];
  const button = (saying: Saying, size: 'next' | 'small') => {
    const isChosen = saying === answer;
    const { icon, say } = SAYING_WORDS[saying];
    return (
      <button
        type="button"
        key={saying}
        class={`answer ${size} ${saying}${isChosen ? (isKept ? ' kept' : ' chosen') : ''}`}
        aria-current={isChosen ? 'true' : undefined}
        onClick={() => onSay(saying)}
      >
        <span aria-hidden="true">{isChosen ? '✓' : icon}</span> {say[language]}
      </button>
    );
  };
  return (
    <div class="answers">
      {next !== undefined && button(next, 'next')}
      <div class="others">
        {ALL.filter((one) => one !== next).map((one) => button(one, 'small'))}
        {button(needsHelp ? 'help-over' : 'help', 'small')}
      </div>
      {needsHelp && <HelpWords language={language} onSay={onSay} />}
    </div>
  );
}

function HelpWords({ language, onSay }: Pick<Shown, 'language' | 'onSay'>) {
  const [words, setWords] = useState('');
  const send = (event: Event): void => {
    event.preventDefault();
    if (words.trim() === '') return;
    onSay('help', words.trim());
    setWords('');
  };
  return (
    <form class="help-words" onSubmit={send}>
      <label>
        {WORDS.helpWords[language]}
        <textarea rows={2} maxLength={LIMITS.noteChars} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </label>
      <button type="submit" class="send">
        {WORDS.send[language]}
      </button>
    </form>
  );
}
