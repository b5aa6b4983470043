// The phone page: the play button, for who does not read: the county's own recording, or the phone's voice where there is none.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PhoneText } from '@laba/domain/phone-page';
import { WORDS, type Language } from './words.ts';

export function Listen({ text, language }: { text: PhoneText; language: Language }) {
  const [isOn, setOn] = useState(false);
  const sound = useRef<HTMLAudioElement>(null);
  const quiet = (): void => {
    sound.current?.pause();
    if (text.clip === null) speechSynthesis.cancel();
    setOn(false);
  };
  useEffect(() => quiet, [text.clip, text.text]);
  if (text.clip === null && typeof speechSynthesis === 'undefined') return null;
  const play = (): void => {
    setOn(true);
    if (text.clip === null) return speak(text, () => setOn(false));
    const audio = new Audio(text.clip);
    sound.current = audio;
    audio.onended = () => setOn(false);
    audio.onerror = () => setOn(false);
    audio.play().catch(() => setOn(false));
  };
  return (
    <button type="button" class="listen" aria-pressed={isOn} onClick={isOn ? quiet : play}>
      <span aria-hidden="true">{isOn ? '■' : '▶'}</span> {isOn ? WORDS.stop[language] : WORDS.listen[language]}
    </button>
  );
}

function speak({ language, title, text }: PhoneText, onEnd: () => void): void {
  const said = new SpeechSynthesisUtterance(`${title}。${text}`);
  said.lang = language;
  said.rate = 0.9;
  said.onend = onEnd;
  said.onerror = onEnd;
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}
