// A button that acts only when it is held, by mouse, finger, Space or Enter. Let go early and nothing happened. What keeps it from being pressed stands under it.
import { useCallback, useEffect, useId, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useWords } from '../i18n/language.ts';
import { actsWords } from './words.ts';

export const HOLD_MS = 1_200;

export interface HoldButtonProps {
  label: string;
  look: 'live' | 'drill' | 'test' | 'approve' | 'good' | 'danger' | 'plain';
  /** Why it cannot be pressed now; null: it can. */
  why: string | null;
  onHeld: () => Promise<void>;
}

/** `idle`: not touched; `short`: it was let go too early; `busy`: held, and the house is being asked. */
type Phase = 'idle' | 'holding' | 'short' | 'busy';

function useHold(why: string | null, onHeld: () => Promise<void>) {
  const [phase, setPhase] = useState<Phase>('idle');
  const timer = useRef<number>(undefined);
  // Not the phase of the last painting: a second press may come before that.
  const isBusy = useRef(false);
  const stop = useCallback(() => {
    if (timer.current === undefined) return;
    window.clearTimeout(timer.current);
    timer.current = undefined;
    setPhase('short');
  }, []);
  const act = async () => {
    timer.current = undefined;
    isBusy.current = true;
    setPhase('busy');
    await onHeld().finally(() => {
      isBusy.current = false;
      setPhase('idle');
    });
  };
  const start = () => {
    if (why !== null || isBusy.current || timer.current !== undefined) return;
    setPhase('holding');
    timer.current = window.setTimeout(() => void act(), HOLD_MS);
  };
  // What is held while another window comes to the front was let go where nobody saw it.
  useEffect(() => {
    window.addEventListener('blur', stop);
    document.addEventListener('visibilitychange', stop);
    return () => {
      window.removeEventListener('blur', stop);
      document.removeEventListener('visibilitychange', stop);
      window.clearTimeout(timer.current);
    };
  }, [stop]);
  // What it would do has changed under the finger: it is not done.
  useEffect(() => {
    if (why !== null) stop();
  }, [why, stop]);
  return { phase, start, stop };
}

function Progress({ isHolding }: { isHolding: boolean }) {
  const bar = useRef<HTMLSpanElement>(null);
  // Moved by hand: where motion is reduced, how far it is must still be seen.
  useEffect(() => {
    if (!isHolding) return undefined;
    const beganMs = performance.now();
    let frame = 0;
    const paint = () => {
      const part = Math.min(1, (performance.now() - beganMs) / HOLD_MS);
      if (bar.current !== null) bar.current.style.transform = `scaleX(${part})`;
      frame = requestAnimationFrame(paint);
    };
    paint();
    return () => cancelAnimationFrame(frame);
  }, [isHolding]);
  return isHolding ? <span ref={bar} className="fill" aria-hidden="true" /> : null;
}

const isHoldKey = ({ key }: KeyboardEvent) => key === ' ' || key === 'Enter';

export function HoldButton({ label, look, why, onHeld }: HoldButtonProps) {
  const say = useWords(actsWords);
  const noteId = useId();
  const { phase, start, stop } = useHold(why, onHeld);
  const keyDown = (event: KeyboardEvent) => {
    if (!isHoldKey(event)) return;
    event.preventDefault();
    if (!event.repeat) start();
  };
  return (
    <div className="hold-box">
      <button
        type="button"
        className={`hold ${look} ${phase}`}
        aria-disabled={why !== null || phase === 'busy'}
        aria-describedby={noteId}
        onPointerDown={(event: PointerEvent) => (event.button === 0 ? start() : undefined)}
        onPointerUp={stop}
        onPointerLeave={stop}
        onPointerCancel={stop}
        onKeyDown={keyDown}
        onKeyUp={(event) => (isHoldKey(event) ? stop() : undefined)}
        onBlur={stop}
        onContextMenu={(event) => event.preventDefault()}
      >
        <Progress isHolding={phase === 'holding'} />
        <span className="label">{label}</span>
      </button>
      <small id={noteId} className={why === null ? 'why' : 'why cannot'} role="status">
        {why ?? say(`hold.${phase}`)}
      </small>
    </div>
  );
}
