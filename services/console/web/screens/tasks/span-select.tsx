// How long from now: chosen, with the moment that it means.
import { Select } from 'antd';
import { spanWords } from '../../app/age.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { SPANS } from './tasks.ts';

const MINUTE_MS = 60_000;

/** `minutes`: may be one that is not in the list, out of a template. */
export function SpanSelect({ label, minutes, onChange }: { label: string; minutes: number; onChange: (minutes: number) => void }) {
  const frame = useWords(frameWords);
  const all = SPANS.includes(minutes) ? SPANS : [...SPANS, minutes].sort((a, b) => a - b);
  const options = all.map((value) => ({ value, label: spanWords(value * MINUTE_MS, frame) }));
  return <Select aria-label={label} value={minutes} options={options} onChange={onChange} popupMatchSelectWidth={false} />;
}
