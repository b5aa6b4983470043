// What is real and what is an exercise: a screen that is wholly a drill's says so, and stands in a purple frame that nothing else has.
import type { Mode } from '@laba/domain/alert';
import { useEffect } from 'react';
import { frameWords } from '../i18n/frame-words.ts';
import { useWords } from '../i18n/language.ts';
import { Store, useStore } from './store.ts';

const frameMode = new Store<Mode | undefined>(undefined);

/** Said by a screen: the frame is of this mode as long as the screen stands. `undefined`: no frame. */
export function useFrameMode(mode: Mode | undefined): void {
  useEffect(() => {
    frameMode.set(mode);
    return () => frameMode.set(undefined);
  }, [mode]);
}

export function ModeFrame() {
  const say = useWords(frameWords);
  const mode = useStore(frameMode);
  if (mode === undefined) return null;
  return (
    <>
      <div className={`mode-frame ${mode}`} aria-hidden="true" />
      {mode === 'live' ? null : (
        <p className={`mode-banner ${mode}`} role="note">
          {say(mode === 'drill' ? 'drillFrame' : 'testFrame')}
        </p>
      )}
    </>
  );
}
