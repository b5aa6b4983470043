// On "Now": a shift that nobody has taken over.
import type { NowShift } from '@laba/domain/now-view';
import { Age } from '../../app/age.tsx';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { nowWords } from './words.ts';

function Note({ shift: { id, state, areas, officerName, sinceMs } }: { shift: NowShift }) {
  const say = useWords(nowWords);
  const post = areas.join(useLanguage() === 'zh' ? '、' : ', ');
  return (
    <p className="shift-note" role="status" data-waiting-shift={id}>
      <b className="bad">
        <span aria-hidden="true">✕</span> <Said>{say(state === 'offered' ? 'shiftOffered' : 'shiftLong', { post, who: officerName })}</Said>
      </b>{' '}
      <Age atMs={sinceMs} /> · <a href={hrefOf('shift', id)}>{say('openShift')}</a>
    </p>
  );
}

export function ShiftNotes({ shifts }: { shifts: readonly NowShift[] }) {
  return shifts.map((shift) => <Note key={shift.id} shift={shift} />);
}
