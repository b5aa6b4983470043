// A box that finds a place of the officer's own area by name or code.
import type { Tier } from '@laba/domain/grid';
import { Select, type RefSelectProps } from 'antd';
import { useMemo, type Ref } from 'react';
import { frameWords } from '../i18n/frame-words.ts';
import { useWords } from '../i18n/language.ts';
import { placeName, usePlaces } from './places.ts';
import { Said } from './said.tsx';

interface PlaceSelectProps {
  id?: string;
  ref?: Ref<RefSelectProps>;
  value?: string;
  onChange?: (code: string) => void;
  tiers?: readonly Tier[];
  /** Where no label stands beside it. */
  label?: string;
}

export function PlaceSelect({ tiers, onChange, label, ...given }: PlaceSelectProps) {
  const say = useWords(frameWords);
  const places = usePlaces();
  const options = useMemo(
    () =>
      [...places.values()]
        .filter(({ tier }) => tiers === undefined || tiers.includes(tier))
        .map(({ code }) => ({ value: code, label: `${placeName(places, code)} ${code}`, name: placeName(places, code), title: '' })),
    [places, tiers],
  );
  return (
    <Select
      {...given}
      title=""
      {...(label === undefined ? {} : { 'aria-label': label })}
      showSearch={{ optionFilterProp: 'label' }}
      options={options}
      optionRender={({ data }) => (
        <bdi translate="no">
          {data.name} <small>{data.value}</small>
        </bdi>
      )}
      labelRender={({ label: named }) => <Said>{named}</Said>}
      placeholder={say('placeSearch')}
      notFoundContent={say('noPlace')}
      {...(onChange === undefined ? {} : { onChange })}
    />
  );
}
