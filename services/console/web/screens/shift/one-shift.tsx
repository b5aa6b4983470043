// Chapter 6, shift log: one shift whole: whose it was, what was open when it changed hands, the words of both, what happened.
import type { ShiftLine, ShiftView, SignedThings } from '@laba/domain/shift-view';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { OpenList } from './open-list.tsx';
import { RemarkForm } from './remark-form.tsx';
import { clockOf, paths, SHIFT_CHANGED } from './shift.ts';
import { PrintButton } from './shift-acts.tsx';
import { ShiftLog } from './shift-log.tsx';
import { shiftWords } from './words.ts';

export function Areas({ areas }: Pick<ShiftLine, 'areas'>) {
  const language = useLanguage();
  return <Said>{areas.map(({ name }) => name).join(language === 'zh' ? '、' : ', ')}</Said>;
}

function Signed({ things, title }: { things: SignedThings; title: string }) {
  return (
    <>
      <h3>
        {title} <small>{clockOf(things.asOf)}</small>
      </h3>
      <p>
        <b>
          <Said>{things.by}</Said>
        </b>
      </p>
      {things.words === '' ? null : (
        <div className="note">
          <Said block>{things.words}</Said>
        </div>
      )}
      <OpenList things={things} isSigned />
    </>
  );
}

export function ShiftHead({ shift }: { shift: ShiftLine }) {
  const say = useWords(shiftWords);
  const { number, state, startedAt, officerName, offeredAt, offeredBy, overAt, takenOverBy, altered, seal } = shift;
  return (
    <>
      <h2 id="shift-title">
        {say('shiftNo', { n: number })} · <Areas areas={shift.areas} />
      </h2>
      {altered ? (
        <p className="bad" role="alert">
          ✕ {say('altered')}
        </p>
      ) : null}
      <p>
        <b className={state === 'offered' ? 'bad' : undefined}>{say(`state.${state}`)}</b> · {say('onDuty')} <Said>{officerName}</Said> · {say('since')}{' '}
        {clockOf(startedAt)}
      </p>
      {state === 'running' ? null : (
        <p>
          {say('handedOver')} {offeredBy === null ? say('nobodyHanded') : <Said>{offeredBy}</Said>} {clockOf(offeredAt ?? '')}
          {takenOverBy === null ? null : (
            <>
              {' · '}
              {say('tookOver')} <Said>{takenOverBy}</Said> {clockOf(overAt ?? '')}
            </>
          )}
        </p>
      )}
      {seal === null ? null : (
        <p className="small">
          {say('seal')} <code translate="no">{seal}</code>
        </p>
      )}
    </>
  );
}

export function OneShift({ id, mayWrite }: { id: string; mayWrite: boolean }) {
  const say = useWords(shiftWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useRead<ShiftView>(paths.one(id), SHIFT_CHANGED);
  if (data === undefined) return <section>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</section>;
  return (
    <section aria-labelledby="shift-title" className="one-shift" data-shift={id}>
      <ShiftHead shift={data} />
      {data.state === 'over' ? (
        <p className="acts">
          <PrintButton id={id} /> <a href={hrefOf('shift')}>{say('backToNow')}</a>
        </p>
      ) : null}
      {mayWrite && data.state !== 'over' ? <RemarkForm shiftId={id} /> : null}
      {data.offered === null ? null : <Signed things={data.offered} title={say('openThen')} />}
      {data.taken === null ? null : <Signed things={data.taken} title={say('openTaken')} />}
      <h3>{say('log')}</h3>
      <ShiftLog id={id} />
    </section>
  );
}
