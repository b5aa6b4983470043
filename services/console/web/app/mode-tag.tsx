// The mode, level or order of an alert: always colour, shape and word together.
import { LEVEL_WORDS, MODE_WORDS, ORDER_WORDS, type Level, type Mode, type Order } from '@laba/domain/alert';
import { useLanguage } from '../i18n/language.ts';

const SHAPES: Record<Level, string> = { red: '▲', orange: '◆', yellow: '●', blue: '■' };

/** Nothing for what is real, unless `always`: a drill and a test are always said. */
export function ModeTag({ mode, always = false }: { mode: Mode; always?: boolean }) {
  const language = useLanguage();
  if (mode === 'live' && !always) return null;
  return <span className={`mode-tag ${mode}`}>{MODE_WORDS[mode][language]}</span>;
}

export function LevelTag({ level, order }: { level: Level | null; order: Order | null }) {
  const language = useLanguage();
  const colour = order === null ? (level ?? 'blue') : order === 'move-now' ? 'red' : 'orange';
  const words = order === null ? LEVEL_WORDS[level ?? 'blue'][language] : ORDER_WORDS[order][language];
  return (
    <span className={`level-tag ${colour}`}>
      <span aria-hidden="true">{SHAPES[colour]}</span> {words}
    </span>
  );
}
