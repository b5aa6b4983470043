// By what the officer learns how people are, and where they are taken: chosen once, it holds for every mark until it is changed.
import { HEARD_MEANS, MARK_MEANS } from '@laba/domain/rollcall';
import { Select } from 'antd';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import type { HeardMeans } from './marks.ts';
import { heardBy, movedTo, useRoll } from './roll-context.ts';
import { useMusterPoints } from './roll-reads.ts';
import { rollWords } from './words.ts';

interface PointSelectProps {
  label: string;
  /** What stands for no place. */
  none: string;
  value: string;
  onChange: (point: string) => void;
}

/** Muster points and shelters, with how many are there; one that is full says so. */
export function PointSelect({ label, none, value, onChange }: PointSelectProps) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const { alertId } = useRoll();
  const points = useMusterPoints(alertId).data?.points ?? [];
  const options = [
    { value: '', label: none },
    ...points.map(({ id, name, persons, capacity, isOverfull }) => ({
      value: id,
      title: '',
      label: say(isOverfull || persons >= capacity ? 'full' : 'room', { name, persons, capacity }),
    })),
  ];
  return (
    <Select
      key={language}
      aria-label={label}
      title=""
      value={options.some((option) => option.value === value) ? value : ''}
      options={options}
      optionRender={(option) => (option.value === '' ? option.label : <Said>{option.label}</Said>)}
      labelRender={(option) => (option.value === '' ? option.label : <Said>{option.label}</Said>)}
      onChange={onChange}
      popupMatchSelectWidth={false}
    />
  );
}

export function MeansSelect({ value, onChange }: { value: HeardMeans; onChange: (means: HeardMeans) => void }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const options = HEARD_MEANS.map((means) => ({ value: means, label: MARK_MEANS[means][language] }));
  return <Select key={language} aria-label={say('heardBy')} value={value} options={options} onChange={onChange} popupMatchSelectWidth={false} />;
}

export function HowSelect() {
  const say = useWords(rollWords);
  const means = useStore(heardBy);
  const point = useStore(movedTo);
  return (
    <div className="roll-how">
      <span>{say('heardBy')}</span>
      <MeansSelect value={means} onChange={(chosen) => heardBy.set(chosen)} />
      <span>{say('movedTo')}</span>
      <PointSelect label={say('movedTo')} none={say('nowhere')} value={point ?? ''} onChange={(id) => movedTo.set(id === '' ? undefined : id)} />
    </div>
  );
}
