// Chapter 6, look back: the same figures village by village, each with its groups under it, and in all.
import type { Measured, MeasuredPlace, MeasuredVillage, MeasuresView } from '@laba/domain/measures-view';
import { Said } from '../../app/said.tsx';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { useWords } from '../../i18n/language.ts';
import { tookWords } from './spans.ts';
import { lookBackWords } from './words.ts';

const COLUMNS = ['place', 'speakers', 'firstSound', 'members', 'median', 'households', 'persons', 'ladderAnswer', 'ladderMoving', 'score'] as const;

function Took({ ms, late = false }: { ms: number | null; late?: boolean }) {
  const say = useWords(lookBackWords);
  return (
    <td className={late ? 'figure bad' : 'figure'}>
      {ms === null ? say('notYet') : tookWords(ms, say)}
      {late ? ` ✕ ${say('late')}` : ''}
    </td>
  );
}

/** Red where somebody or something is left. */
function Part({ count, of }: { count: number; of: number }) {
  return (
    <td className={count < of ? 'figure bad' : 'figure'}>
      {count} / {of}
    </td>
  );
}

function Cells({ of: { firstSound, answers, rollCall, score }, ladder }: { of: Measured; ladder: MeasuredVillage['ladder'] }) {
  const { households, persons } = rollCall;
  return (
    <>
      <Part count={firstSound.count} of={firstSound.speakers} />
      <Took ms={firstSound.firstMs} />
      <Part count={answers.count} of={answers.members} />
      <Took ms={answers.medianMs} />
      <Part count={households.accounted} of={households.total} />
      <Part count={persons.accounted} of={persons.total} />
      {ladder === null ? <td className="figure">–</td> : <Took ms={ladder.answeredMs} late={ladder.answeredLate} />}
      {ladder === null ? <td className="figure">–</td> : <Took ms={ladder.movingMs} late={ladder.movingLate} />}
      <td className="figure">{score?.points ?? '–'}</td>
    </>
  );
}

function PlaceRow({ place, ladder = null }: { place: MeasuredPlace; ladder?: MeasuredVillage['ladder'] }) {
  return (
    <tr data-place={place.code} className={place.code.length > 12 ? 'group' : 'village'}>
      <th scope="row">
        <Said>{place.name}</Said>
      </th>
      <Cells of={place} ladder={ladder} />
    </tr>
  );
}

export function PlaceTable({ view }: { view: MeasuresView }) {
  const say = useWords(lookBackWords);
  return (
    <WideTable name={say('byPlace')} columns={columnsOf(COLUMNS, say)} look="places">
      {view.villages.flatMap((village) => [
        <PlaceRow key={village.code} place={village} ladder={village.ladder} />,
        ...view.groups.filter(({ code }) => code.startsWith(village.code)).map((group) => <PlaceRow key={group.code} place={group} />),
      ])}
      <tr className="all">
        <th scope="row">{say('all')}</th>
        <Cells of={view} ladder={null} />
      </tr>
    </WideTable>
  );
}
