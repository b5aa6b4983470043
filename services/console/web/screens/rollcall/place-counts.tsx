// Places where people are tonight who are on no household list: expected and counted by head, the emptiest first.
import type { PlaceView } from '@laba/domain/board-view';
import { LIMITS } from '@laba/domain/limits';
import { PLACE_KINDS, type PlaceKind } from '@laba/domain/place';
import { Button, InputNumber } from 'antd';
import { useMemo, useState } from 'react';
import { Age, AsOf } from '../../app/age.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { Chip } from '../board/chips.tsx';
import { VirtualList } from '../board/virtual-list.tsx';
import { useHeld } from './held.ts';
import { inHeldOrder } from './progress-order.ts';
import { refused, say as tell, waiting } from './marks.ts';
import { RefusedMark } from './refused-mark.tsx';
import { heardBy, useRoll } from './roll-context.ts';
import { usePlacesOf } from './roll-reads.ts';
import { rollWords } from './words.ts';

function CountForm({ place, named }: { place: PlaceView; named: string }) {
  const say = useWords(rollWords);
  const { alertId } = useRoll();
  const means = useStore(heardBy);
  const [counted, setCounted] = useState<number | null>(place.counted ?? place.expected);
  const errors = useStore(refused);
  const own = useStore(waiting).find((one) => one.is === 'place' && one.alertId === alertId && one.placeId === place.placeId);
  const { placeId, version } = place;
  return (
    <>
      <form
        className="acts"
        onSubmit={(event) => {
          event.preventDefault();
          if (counted !== null) tell({ is: 'place', alertId, placeId, named, counted, means, version });
        }}
      >
        <InputNumber
          aria-label={say('countedOf', { place: named })}
          min={0}
          max={LIMITS.headCount}
          precision={0}
          value={counted}
          onChange={(value) => setCounted(value)}
        />
        <Button htmlType="submit" size="small" disabled={counted === null}>
          {say('count')}
        </Button>
        <span className="small" role="status">
          {counted === null ? say('why.number') : own !== undefined && errors[own.key] === undefined ? say('scanWaits') : ''}
        </span>
      </form>
      {own === undefined || errors[own.key] === undefined ? null : <RefusedMark one={own} error={errors[own.key]} version={version} />}
    </>
  );
}

function PlaceRow({ place }: { place: PlaceView }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const places = usePlaces();
  const { mode, isOpen } = useRoll();
  const { placeId, name, kind, gridCode, expected, counted, contactName, isExpectedOld, markedAt } = place;
  const named = name ?? placeId;
  const isFull = (counted ?? 0) >= expected;
  return (
    <div className="list-row" data-place={placeId}>
      <span>
        <ModeTag mode={mode} />{' '}
        <Chip look={isFull ? ['✓', 'good'] : ['✕', 'bad']} word={PLACE_KINDS[kind as PlaceKind]?.[language] ?? ''} n={`${counted ?? 0} / ${expected}`} />{' '}
        <b>
          <Said>{named}</Said>
        </b>{' '}
        <small>
          <Said>{placeName(places, gridCode)}</Said> · <Age atMs={markedAt === null ? null : Date.parse(markedAt)} />
          {contactName === null ? null : (
            <>
              {' · '}
              <Said>{say('contact', { name: contactName })}</Said>
            </>
          )}
          {isExpectedOld ? ` · ${say('expectedOld')}` : ''}
        </small>
      </span>
      {isOpen ? <CountForm key={place.version} place={place} named={named} /> : null}
    </div>
  );
}

const lacking = ({ counted, expected }: PlaceView) => expected - (counted ?? 0);

export function PlaceCounts({ code }: { code: string }) {
  const say = useWords(rollWords);
  const { alertId } = useRoll();
  const { data, error, dataUpdatedAt, refetch } = usePlacesOf(alertId, code);
  const places = useMemo(() => (data?.pages ?? []).flatMap((page) => page.places).toSorted((a, b) => lacking(b) - lacking(a)), [data]);
  const { rows, hand } = useHeld<PlaceView>(
    ({ placeId }) => placeId,
    (held) => inHeldOrder(places, ({ placeId }) => placeId, held),
  );
  if (error === null && rows.length === 0) return null;
  return (
    <section aria-labelledby="places-title">
      <div className="spread">
        <h2 id="places-title">{say('placesTitle')}</h2>
        <AsOf atMs={data === undefined ? undefined : serverTimeOf(dataUpdatedAt)} />
      </div>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      <div {...hand}>
        <VirtualList rows={rows} keyOf={({ placeId }) => placeId} label={say('placesTitle')} draw={(place) => <PlaceRow place={place} />} />
      </div>
    </section>
  );
}
