// Chapter 6, look back: what one answer to "what happened where nobody could hear it" looks like. Times as text with their offset (CAP 1.2) and in ms since 1970.
import type { Mode } from './alert.ts';
import type { EventView } from './measures-view.ts';

/** One time in which a place was alone. */
export interface AloneSpell {
  fromMs: number;
  from: string;
  /** Null: it is alone still. */
  backMs: number | null;
  back: string | null;
  /** What of it was silent. */
  of: { kind: 'site' | 'house'; name: string }[];
}

export interface AlonePlace extends AloneSpell {
  code: string;
  name: string;
}

/** The latest first. */
export interface AlonePlacesView {
  asOfMs: number;
  alone: AlonePlace[];
}

export interface AloneEvent extends EventView {
  /** Of the alert that it belongs to. */
  mode: Mode | null;
  /** Told by what was alone; else it happened here meanwhile. */
  isFromThere: boolean;
  /** The clock there said an earlier time than it had said before. */
  isClockOff: boolean;
  happenedAtMs: number;
  happenedAt: string;
}

export interface AloneView {
  code: string;
  name: string;
  asOfMs: number;
  spells: AloneSpell[];
  /** Of which the events are; null: it was never alone. */
  spell: AloneSpell | null;
  /** In the order in which they happened. */
  events: AloneEvent[];
  more: boolean;
}
