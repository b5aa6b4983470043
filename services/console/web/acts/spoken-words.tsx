// The exact words of an alert in each language: as they are signed, shown and spoken, how many seconds they sound, and to be listened to.
import type { AlertText } from '@laba/domain/alert';
import type { SoundingTime } from '@laba/domain/forecast-view';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { languageName } from '../i18n/language-name.ts';
import { useLanguage, useWords } from '../i18n/language.ts';
import { actsWords } from './words.ts';

interface SpokenWordsProps {
  texts: readonly AlertText[];
  sounds?: readonly SoundingTime[];
  /** Languages in which nothing real would be heard. */
  noVoice?: readonly string[];
  /** Of these, languages in which a stand-in recording is played all the same. */
  standIns?: readonly string[];
}

function Seconds({ sound }: { sound: SoundingTime | undefined }) {
  const say = useWords(actsWords);
  if (sound === undefined) return null;
  return <span>{say(sound.isMeasured ? 'secondsMeasured' : 'secondsVoice', { n: sound.seconds })}</span>;
}

/** Plays the recording here, on the desk: the same file that the speakers play. */
export function Listen({ sha256, name }: { sha256: string; name: string }) {
  const say = useWords(actsWords);
  const sound = useRef<HTMLAudioElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [error, setError] = useState(false);
  useEffect(() => () => sound.current?.pause(), [sha256]);
  const stop = () => {
    sound.current?.pause();
    setPlaying(false);
  };
  const play = async () => {
    const audio = new Audio(`/audio/${sha256}.wav`);
    audio.addEventListener('ended', () => setPlaying(false));
    sound.current = audio;
    setError(false);
    setPlaying(true);
    await audio.play().catch(() => {
      setPlaying(false);
      setError(true);
    });
  };
  return (
    <span className="acts">
      <Button size="small" aria-label={say(isPlaying ? 'stopListening' : 'listen', { language: name })} onClick={() => (isPlaying ? stop() : void play())}>
        {isPlaying ? '■' : '▶'} {say(isPlaying ? 'stop' : 'play')}
      </Button>
      {error ? <b className="bad">✕ {say('notPlayed')}</b> : null}
    </span>
  );
}

export function SpokenWords({ texts, sounds = [], noVoice = [], standIns = [] }: SpokenWordsProps) {
  const say = useWords(actsWords);
  const language = useLanguage();
  return texts.map((text) => {
    const isStandIn = standIns.includes(text.language);
    const isSilent = noVoice.includes(text.language) && !isStandIn;
    const name = languageName(text.language, language);
    return (
      <figure className="spoken" key={text.language}>
        <figcaption className="spread small">
          <b>{name}</b>
          {isStandIn ? <b className="bad">✕ {say('standIn')}</b> : null}
          {isSilent ? <b className="bad">✕ {say('notSpoken')}</b> : <Seconds sound={sounds.find((one) => one.language === text.language)} />}
        </figcaption>
        <blockquote lang={text.language} translate="no">
          <b>{text.title}</b>
          <p>{text.text}</p>
        </blockquote>
        {text.clipSha256 === undefined || isSilent ? <small>{isSilent ? null : say('noRecording')}</small> : <Listen sha256={text.clipSha256} name={name} />}
      </figure>
    );
  });
}
