// Rows do not jump from under the hand: while a list is pointed at or has the focus, its order stands still.
import { useState, type FocusEvent, type PointerEvent } from 'react';

interface Held {
  /** The keys of its rows as they stood when the hand came; undefined: nobody's hand is there. */
  held: readonly string[] | undefined;
  /** What the list's own element listens to. */
  hand: {
    onPointerEnter: () => void;
    onFocus: () => void;
    onPointerLeave: (event: PointerEvent<HTMLElement>) => void;
    onBlur: (event: FocusEvent<HTMLElement>) => void;
  };
}

/** `order`: of the keyed rows, given what is held. */
export function useHeld<T>(keyed: (row: T) => string, order: (held: readonly string[] | undefined) => readonly T[]): Held & { rows: readonly T[] } {
  const [held, hold] = useState<readonly string[]>();
  const rows = order(held);
  const keep = () => hold((was) => was ?? rows.map(keyed));
  const letGo = () => hold(undefined);
  return {
    ...{ held, rows },
    hand: {
      onPointerEnter: keep,
      onFocus: keep,
      onPointerLeave: ({ currentTarget }) => !currentTarget.contains(document.activeElement) && letGo(),
      onBlur: ({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && !currentTarget.matches(':hover') && letGo(),
    },
  };
}
