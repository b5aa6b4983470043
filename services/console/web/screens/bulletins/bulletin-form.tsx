// A broadcast is written, or changed as a whole: words or a recording in each language, the area out of the grid, the hours; beside it who will hear it.
import type { BulletinListView, BulletinView } from '@laba/domain/bulletin-view';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { post, put } from '../../api/client.ts';
import { problemOf } from '../../api/problem.ts';
import { hrefOf } from '../../app/route.ts';
import { serverNow } from '../../app/server-time.ts';
import { languageName } from '../../i18n/language-name.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { AreaStep } from '../raise/area-step.tsx';
import { whyNotManage } from './acts.tsx';
import { BULLETINS, dayIn, paths, readBulletinsAnew, timesWords } from './bulletins.ts';
import { askOf, bodyOf, draftOf, LANGUAGES, missingOf, newDraft, newText, type Draft, type DraftText } from './draft.ts';
import { Meanwhile } from './meanwhile.tsx';
import { Preview, useForecast } from './preview.tsx';
import { Recording } from './recording.tsx';
import { TimesFields } from './times-fields.tsx';
import { bulletinsWords } from './words.ts';
import { useWrongWords, WrongNote } from './wrong-note.tsx';

type Change = (part: Partial<Draft>) => void;

interface FieldsProps {
  draft: Draft;
  change: Change;
}

function OneText({
  text,
  others,
  change,
  onDrop,
}: {
  text: DraftText;
  others: readonly string[];
  change: (part: Partial<DraftText>) => void;
  onDrop?: () => void;
}) {
  const say = useWords(bulletinsWords);
  const language = useLanguage();
  const name = languageName(text.language, language);
  const options = [...new Set([text.language, ...LANGUAGES])]
    .filter((one) => !others.includes(one))
    .map((value) => ({ value, label: languageName(value, language) }));
  return (
    <div className="field" data-text={text.language}>
      <span className="acts">
        <Select
          className="language-select"
          aria-label={say('language')}
          value={text.language}
          options={options}
          onChange={(value: string) => change({ language: value })}
        />
        {onDrop === undefined ? null : (
          <Button size="small" onClick={onDrop}>
            {say('dropLanguage', { language: name })}
          </Button>
        )}
      </span>
      <Input.TextArea
        value={text.text}
        lang={text.language}
        translate="no"
        rows={3}
        maxLength={LIMITS.alertTextChars}
        aria-label={say('textField', { language: name })}
        onChange={({ target: { value } }) => change({ text: value })}
      />
      <Recording text={text} change={change} />
    </div>
  );
}

function TextFields({ texts, change }: { texts: Draft['texts']; change: (of: (before: Draft) => Draft) => void }) {
  const say = useWords(bulletinsWords);
  const language = LANGUAGES.find((one) => !texts.some((text) => text.language === one));
  // A recording comes back while something else is typed: each part is put upon what stands then.
  const edit = (index: number) => (part: Partial<DraftText>) =>
    change((before) => ({ ...before, texts: before.texts.map((text, at) => (at === index ? { ...text, ...part } : text)) }));
  return (
    <>
      {texts.map((text, index) => (
        <OneText
          key={index}
          text={text}
          others={texts.filter((one) => one !== text).map((one) => one.language)}
          change={edit(index)}
          {...(texts.length === 1 ? {} : { onDrop: () => change((before) => ({ ...before, texts: before.texts.toSpliced(index, 1) })) })}
        />
      ))}
      <small>{say('textHint')}</small>
      {language === undefined || texts.length >= LIMITS.alertLanguages ? null : (
        <p>
          <Button size="small" onClick={() => change((before) => ({ ...before, texts: [...before.texts, newText(language)] }))}>
            {say('addLanguage')}
          </Button>
        </p>
      )}
    </>
  );
}

function Head({ draft, change }: FieldsProps) {
  const say = useWords(bulletinsWords);
  return (
    <div className="two">
      <label className="field">
        {say('titleField')}
        <Input
          name="title"
          autoComplete="off"
          maxLength={LIMITS.alertTitleChars}
          value={draft.title}
          onChange={({ target: { value } }) => change({ title: value })}
        />
      </label>
      <label className="field">
        {say('volume')}
        <InputNumber min={1} max={100} precision={0} value={draft.volume} onChange={(volume) => change({ volume: volume ?? draft.volume })} />
      </label>
    </div>
  );
}

/** Saves it upon exactly the version that was seen. */
function useSaving(draft: Draft, base: BulletinView | undefined) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const body = bodyOf(draft);
      const made = await (base === undefined
        ? post<BulletinView>(BULLETINS, body)
        : put<BulletinView>(paths.one(base.id), body, { etag: `"${base.version}"` }));
      await readBulletinsAnew();
      location.assign(hrefOf('bulletins', made.id));
    } catch (refused) {
      // Who changed it, and what, is told above the form as soon as it is read.
      if (problemOf(refused).code !== 'changed-meanwhile') setError(refused);
      await readBulletinsAnew();
    }
    setBusy(false);
  };
  return { save, isBusy, problem: error === undefined ? null : <WrongNote error={error} /> };
}

interface FormProps {
  list: BulletinListView;
  officer: Officer;
  /** As it stands now; undefined: a new one. */
  current?: BulletinView;
}

/** The draft, and the version upon which it was written; a newer one is told before anything is saved. */
function useDraft({ list, officer, current }: FormProps) {
  const [base, setBase] = useState(current);
  const [draft, setDraft] = useState<Draft>(() => (current === undefined ? newDraft(officer, dayIn(list.asOf, serverNow())) : draftOf(current)));
  const isOld = base !== undefined && current !== undefined && base.version !== current.version;
  const takeTheirs = () => {
    setBase(current);
    if (current !== undefined) setDraft(draftOf(current));
  };
  return { base, draft, setDraft, isOld, takeTheirs, keepMine: () => setBase(current) };
}

export function BulletinForm({ list, officer, current }: FormProps) {
  const say = useWords(bulletinsWords);
  const sayWrong = useWrongWords();
  const { base, draft, setDraft, isOld, takeTheirs, keepMine } = useDraft({ list, officer, ...(current === undefined ? {} : { current }) });
  const change: Change = (part) => setDraft((before) => ({ ...before, ...part }));
  const asked = askOf(draft);
  const foreseen = useForecast(asked);
  const { save, isBusy, problem } = useSaving(draft, base);
  const missing = missingOf(draft);
  const wrong = foreseen.forecast?.wrong ?? null;
  const notYours = current === undefined ? undefined : current.state === 'stopped' ? say('why.stopped') : whyNotManage(current, officer, say);
  const isSame = base !== undefined && JSON.stringify(bodyOf(draft)) === JSON.stringify(bodyOf(draftOf(base)));
  const why =
    notYours ??
    (isOld ? say('why.meanwhile') : missing !== undefined ? say(missing) : undefined) ??
    (wrong === null ? (foreseen.forecast === undefined ? say('why.forecasting') : isSame ? say('why.same') : undefined) : sayWrong(wrong));
  return (
    <div className="raise">
      <section aria-labelledby="form-title">
        <div className="spread">
          <h2 id="form-title">{say(base === undefined ? 'newTitle' : 'editTitle')}</h2>
          <Button href={base === undefined ? hrefOf('bulletins') : hrefOf('bulletins', base.id)}>{say('close')}</Button>
        </div>
        {isOld && base !== undefined && current !== undefined ? (
          <>
            <Meanwhile before={base} now={current} />
            <p className="acts">
              <Button onClick={takeTheirs}>{say('takeTheirs')}</Button>
              {current.state === 'stopped' ? null : <Button onClick={keepMine}>{say('keepMine')}</Button>}
            </p>
          </>
        ) : null}
        <form
          className="act-window bulletin-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (why === undefined) void save();
          }}
        >
          <Head draft={draft} change={change} />
          <AreaStep areas={draft.areaCodes} onChange={(areaCodes) => change({ areaCodes })} name={say('area')} />
          <TextFields texts={draft.texts} change={setDraft} />
          <TimesFields times={draft.times} change={(part) => setDraft((before) => ({ ...before, times: { ...before.times, ...part } }))} rules={list.rules} />
          {base === undefined ? null : <p className="note">{say('changeNote')}</p>}
          {problem}
          <p className="acts">
            <Button type="primary" htmlType="submit" disabled={why !== undefined} loading={isBusy} aria-describedby="why-not-save">
              {say(base === undefined ? 'save' : 'saveChange')}
            </Button>
            <span id="why-not-save" className="small" role="status">
              {why}
            </span>
          </p>
        </form>
      </section>
      <Preview foreseen={foreseen} isAsked={asked !== undefined} hours={timesWords(bodyOf(draft).times, say)} />
    </div>
  );
}
