// The second button: whoever holds it speaks. A program's single word begins it, the next one ends it.
import { LIMITS } from '@laba/domain/limits';
import { watchContacts, type ButtonDeps, type ButtonSource } from './button.ts';
import type { Speaking } from './own-voice.ts';

/** `talk`: begins to speak; undefined when nobody can now. Returns how to stop watching; what is spoken then ends too. */
export function watchTalkButton(source: ButtonSource, deps: ButtonDeps, talk: () => Speaking | undefined): () => void {
  let speaking: Speaking | undefined;
  let cancel = () => {};
  const stop = () => {
    void speaking?.stop();
    speaking = undefined;
  };
  const start = () => {
    const begun = (speaking = talk());
    // It may have ended by itself: the button sticks, or the microphone says nothing.
    void begun?.over.then(() => {
      if (speaking === begun) speaking = undefined;
    });
  };
  const unwatch = watchContacts(source, deps, (contact) => {
    cancel();
    if (contact === 'up') cancel = deps.clock.after(LIMITS.buttonDebounceMs, stop);
    else if (contact === 'whole' && speaking !== undefined) stop();
    else if (speaking === undefined) start();
  });
  return () => {
    cancel();
    unwatch();
    stop();
  };
}
