// By what an officer heard what he writes down: most often by telephone.
import { LADDER_MEANS } from '@laba/domain/ladder';
import { Radio } from 'antd';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { actWords } from './act-words.ts';

const MEANS = ['telephone', 'radio', 'face-to-face'] as const;
export type Means = (typeof MEANS)[number];

export function HeardBy({ value, onChange }: { value: Means; onChange: (means: Means) => void }) {
  const say = useWords(actWords);
  const language = useLanguage();
  return (
    <fieldset className="choices">
      <legend>{say('means')}</legend>
      <Radio.Group
        name="means"
        value={value}
        options={MEANS.map((means) => ({ value: means, label: LADDER_MEANS[means][language] }))}
        onChange={(event) => onChange(event.target.value as Means)}
      />
    </fieldset>
  );
}
