// What is said, in each language: how long it takes, and where it was recorded, to be listened to.
import type { BulletinTextView } from '@laba/domain/bulletin-view';
import { Listen } from '../../acts/spoken-words.tsx';
import { languageName } from '../../i18n/language-name.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { bulletinsWords } from './words.ts';

/** A gateway's own voice speaks Chinese alone. */
const isSilent = ({ language, audioSha256 }: BulletinTextView) => audioSha256 === null && !/^zh(-|$)/i.test(language);

export function Texts({ texts }: { texts: readonly BulletinTextView[] }) {
  const say = useWords(bulletinsWords);
  const language = useLanguage();
  return texts.map((text) => {
    const name = languageName(text.language, language);
    const { audioSha256: sha256, seconds: n } = text;
    return (
      <figure className="spoken" key={text.language}>
        <figcaption className="spread small">
          <b>{name}</b> {isSilent(text) ? <b className="bad">✕ {say('notSpoken')}</b> : say(sha256 === null ? 'secondsVoice' : 'secondsMeasured', { n })}
        </figcaption>
        <blockquote lang={text.language} translate="no" dir="auto">
          {text.text}
        </blockquote>
        {sha256 === null ? <small>{isSilent(text) ? null : say('noRecording')}</small> : <Listen sha256={sha256} name={name} />}
      </figure>
    );
  });
}
