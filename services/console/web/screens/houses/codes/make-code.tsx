// A local code is made for somebody and one house, or made anew in the place of the one that is there.
import type { LocalCodePlacesView, LocalCodesView, MadeLocalCode } from '@laba/domain/local-code-view';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { post } from '../../../api/client.ts';
import { placeName, usePlaces } from '../../../app/places.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { useRead } from '../../../app/queries.ts';
import { Said } from '../../../app/said.tsx';
import { useWords } from '../../../i18n/language.ts';
import type { Slip } from './code-slip.tsx';
import { CHANGED_BY, CODES, placesPath, readCodesAnew } from './codes.ts';
import { codesWords } from './words.ts';

type Place = LocalCodePlacesView['places'][number];

interface FieldProps<T> {
  value: string | undefined;
  all: readonly T[];
  onChange: (value: string) => void;
}

function WhoField({ value, all, selfId, onChange }: FieldProps<LocalCodesView['officers'][number]> & { selfId: string }) {
  const say = useWords(codesWords);
  return (
    <div className="field">
      <label htmlFor="code-who">{say('who')}</label>
      <Select
        id="code-who"
        title=""
        {...(value === undefined ? {} : { value })}
        showSearch={{ optionFilterProp: 'label' }}
        options={all.map(({ id, name, username }) => ({ value: id, label: `${id === selfId ? say('itIsYou', { name }) : name} ${username}`, title: '' }))}
        optionRender={({ data }) => <Said>{data.label}</Said>}
        labelRender={({ label }) => <Said>{label}</Said>}
        onChange={onChange}
      />
    </div>
  );
}

function WhereField({ value, all, onChange }: FieldProps<Place>) {
  const say = useWords(codesWords);
  const places = usePlaces();
  const named = ({ code, name }: Place) => (places.has(code) ? placeName(places, code) : name);
  return (
    <div className="field">
      <label htmlFor="code-where">{say('where')}</label>
      <Select
        id="code-where"
        title=""
        {...(value === undefined ? {} : { value })}
        placeholder={say('whereSearch')}
        showSearch={{ optionFilterProp: 'label' }}
        options={all.map((place) => ({ value: place.code, label: `${named(place)} ${place.code}`, title: '' }))}
        optionRender={({ data }) => <Said>{data.label}</Said>}
        labelRender={({ label }) => <Said>{label}</Said>}
        onChange={onChange}
      />
    </div>
  );
}

interface MakeProps {
  officers: LocalCodesView['officers'];
  selfId: string;
  onMade: (slip: Slip) => void;
}

export function MakeCode({ officers, selfId, onMade }: MakeProps) {
  const say = useWords(codesWords);
  const [officerId, setOfficer] = useState(selfId);
  const [code, setCode] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [isMissing, setMissing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const { data, error: unread } = useRead<LocalCodePlacesView>(placesPath(officerId), { changedBy: CHANGED_BY });
  const place = data?.places.find((one) => one.code === code);
  const make = async () => {
    setMissing(place === undefined);
    if (place === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      const replaces = place.codeId === null ? {} : { replaces: place.codeId };
      const made = await post<MadeLocalCode>(CODES, { officerId, gridCode: place.code, ...replaces });
      onMade({ name: officers.find(({ id }) => id === officerId)?.name ?? '', gridName: made.gridName, code: made.code });
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
    await readCodesAnew();
  };
  const choose = (some: { officerId?: string; code?: string }) => {
    setError(undefined);
    setMissing(false);
    if (some.officerId !== undefined) setOfficer(some.officerId);
    setCode(some.code);
  };
  return (
    <form
      className="six-lines"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      {officers.length > 1 ? <WhoField value={officerId} all={officers} selfId={selfId} onChange={(id) => choose({ officerId: id })} /> : null}
      <WhereField value={code} all={data?.places ?? []} onChange={(chosen) => choose({ code: chosen })} />
      {place?.codeId === undefined || place.codeId === null ? null : <p role="note">! {say('hasOne')}</p>}
      {isMissing ? (
        <p className="bad" role="alert">
          ✕ {say('chooseWhere')}
        </p>
      ) : null}
      {unread === null ? null : <ProblemNote error={unread} />}
      {error === undefined ? null : <ProblemNote error={error} />}
      <Button type="primary" htmlType="submit" loading={isBusy}>
        {say(place?.codeId === undefined || place.codeId === null ? 'makeYes' : 'renewYes')}
      </Button>
    </form>
  );
}
