// The phone page: a hazard that he sees is reported by one touch and a few words, also without a line.
import { useState } from 'preact/hooks';
import { LIMITS } from '@laba/domain/limits';
import { HAZARDS, type Hazard } from '@laba/domain/report';
import type { Said } from './outbox.ts';
import { smallPhoto } from './small-photo.ts';
import { WORDS, type Language } from './words.ts';

const NAMES = Object.keys(HAZARDS) as Hazard[];

export function ReportHazard({ language, onReport }: { language: Language; onReport: (said: Said) => void }) {
  const [isOpen, setOpen] = useState(false);
  const [hazard, setHazard] = useState<Hazard>();
  const [text, setText] = useState('');
  const [photo, setPhoto] = useState<string>();
  // These two say nothing by their name alone.
  const needsWords = hazard === 'need' || hazard === 'other';
  const send = (event: Event): void => {
    event.preventDefault();
    if (hazard === undefined || (needsWords && text.trim() === '')) return;
    onReport({ path: 'reports', body: { hazard, text: text.trim() }, ...(photo === undefined ? {} : { photo }) });
    setPhoto(undefined);
    setHazard(undefined);
    setText('');
    setOpen(false);
  };
  return (
    <details class="report" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{WORDS.report[language]}</summary>
      <form onSubmit={send}>
        <div class="marks" role="group" aria-label={WORDS.whatSeen[language]}>
          {NAMES.map((name) => (
            <button type="button" key={name} class={name === hazard ? 'chosen' : ''} aria-pressed={name === hazard} onClick={() => setHazard(name)}>
              {HAZARDS[name][language]}
            </button>
          ))}
        </div>
        <label>
          {WORDS.whereSeen[language]}
          <textarea rows={3} maxLength={LIMITS.reportTextChars} required={needsWords} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <label class="photo">
          {WORDS[photo === undefined ? 'photo' : 'photoTaken'][language]}
          <input type="file" accept="image/*" capture="environment" onChange={(event) => void smallPhoto(event.currentTarget.files?.[0]).then(setPhoto)} />
        </label>
        {photo !== undefined && <img class="taken" src={photo} alt={WORDS.photoTaken[language]} />}
        <button type="submit" class="send" disabled={hazard === undefined}>
          {WORDS.send[language]}
        </button>
      </form>
    </details>
  );
}
