// Step 3: whose warning it is, for how long, and the words, which are as prepared until the officer changes them.
import type { AlertText } from '@laba/domain/alert';
import { LIMITS } from '@laba/domain/limits';
import { Button, Input, InputNumber } from 'antd';
import { languageName } from '../../i18n/language-name.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { needsIssuer, type Draft } from './draft.ts';
import { raiseWords } from './words.ts';

interface WordsStepProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** The exact words as the house would say them; undefined while it has not said. */
  prepared: readonly AlertText[] | undefined;
}

const MAX_MINUTES = 10_080;

function OwnWords({ texts, change }: { texts: readonly AlertText[]; change: WordsStepProps['change'] }) {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const edit = (index: number, part: Partial<AlertText>) => change({ texts: texts.map((text, at) => (at === index ? { ...text, ...part } : text)) });
  return texts.map((text, index) => {
    const name = languageName(text.language, language);
    return (
      <div className="field" key={text.language}>
        <Input
          value={text.title}
          lang={text.language}
          maxLength={LIMITS.alertTitleChars}
          aria-label={say('wordsTitle', { language: name })}
          onChange={(event) => edit(index, { title: event.target.value })}
        />
        <Input.TextArea
          value={text.text}
          lang={text.language}
          rows={3}
          maxLength={LIMITS.alertTextChars}
          aria-label={say('wordsText', { language: name })}
          onChange={(event) => edit(index, { text: event.target.value })}
        />
      </div>
    );
  });
}

export function WordsStep({ draft, change, prepared }: WordsStepProps) {
  const say = useWords(raiseWords);
  const { subject, texts, issuer, minutes, updated } = draft;
  return (
    <>
      <div className="two">
        {subject !== undefined && needsIssuer(subject) ? (
          <label className="field issuer">
            {say('issuer')}
            <Input
              value={issuer}
              maxLength={LIMITS.nameChars}
              autoComplete="off"
              placeholder={say('issuerHint')}
              onChange={({ target: { value } }) => change({ issuer: value, isIssuerOwn: value !== '' })}
            />
          </label>
        ) : null}
        <label className="field">
          {say('minutes')}
          <InputNumber value={minutes ?? null} min={1} max={MAX_MINUTES} precision={0} onChange={(value) => change({ minutes: value ?? undefined })} />
        </label>
      </div>
      {texts === undefined ? (
        <p className="acts">
          <Button size="small" disabled={prepared === undefined || prepared.length === 0} onClick={() => change({ texts: prepared })}>
            {say('edit')}
          </Button>
          {prepared === undefined ? <small>{say('editLater')}</small> : null}
        </p>
      ) : (
        <>
          <OwnWords texts={texts} change={change} />
          {updated !== undefined && draft.template === undefined ? null : (
            <Button size="small" onClick={() => change({ texts: undefined })}>
              {say('asPrepared')}
            </Button>
          )}
        </>
      )}
    </>
  );
}
