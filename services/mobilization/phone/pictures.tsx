// The phone page: what is going on as a picture, for who does not read. Decoration for a screen reader: the words stand beside it.
import type { ComponentChildren } from 'preact';
import type { PhoneState } from '@laba/domain/phone-page';

function Picture({ children }: { children: ComponentChildren }) {
  return (
    <svg
      class="picture"
      viewBox="0 0 96 96"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      stroke-width="6"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      {children}
    </svg>
  );
}

/** Somebody runs uphill, away from what comes down. */
function MoveNow() {
  return (
    <Picture>
      <path d="M4 92 L92 58" />
      <circle cx="52" cy="16" r="8" fill="currentColor" />
      <path d="M50 30 L42 52 L56 62 L52 76 M42 52 L30 64 L18 66 M49 32 L62 42 L72 36 M48 34 L34 36 L28 46" />
      <path d="M72 26 L88 12 M76 10 L88 12 L87 24" />
    </Picture>
  );
}

/** A packed bag stands ready, the clock runs. */
function Prepare() {
  return (
    <Picture>
      <path d="M34 36 V26 a12 12 0 0 1 24 0 V36" />
      <rect x="18" y="36" width="56" height="50" rx="8" />
      <path d="M18 56 H74 M40 56 V66 H52 V56" />
      <circle cx="78" cy="24" r="14" />
      <path d="M78 16 V24 L84 27" stroke-width="5" />
    </Picture>
  );
}

/** Rain over a slope, and look out. */
function Warning() {
  return (
    <Picture>
      <path d="M26 44 a15 15 0 0 1 2 -30 a20 20 0 0 1 38 4 a13 13 0 0 1 4 26 Z" />
      <path d="M30 56 L26 66 M48 56 L44 66 M66 56 L62 66" />
      <path d="M6 90 L40 76 L90 90" />
    </Picture>
  );
}

/** A house, and all is well. */
function Over() {
  return (
    <Picture>
      <path d="M10 48 L48 14 L86 48 M20 42 V84 H76 V42" />
      <path d="M34 60 L45 71 L64 50" />
    </Picture>
  );
}

export function SituationPicture({ state }: { state: PhoneState }) {
  if (state.alertState === 'ended' || state.alertState === 'cancelled') return <Over />;
  if (state.order === 'move-now') return <MoveNow />;
  return state.order === 'prepare' ? <Prepare /> : <Warning />;
}
