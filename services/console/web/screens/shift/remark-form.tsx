// The officer's own words: written down as they are; what the line has not taken yet stands here until it has.
import { LIMITS } from '@laba/domain/limits';
import { Button, Input } from 'antd';
import { spanWords } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { dropRemark, refused, waiting, writeAgain, writeRemark, type Waiting } from './remarks.ts';
import { typedRemark } from './shift.ts';
import { shiftWords } from './words.ts';

function OnItsWay({ remark, shiftId }: { remark: Waiting; shiftId: string }) {
  const say = useWords(shiftWords);
  const frame = useWords(frameWords);
  const nowMs = useServerNow();
  const error = useStore(refused)[remark.key];
  return (
    <li className="clash" data-waiting={remark.key}>
      <Said block>{remark.words}</Said>
      {error === undefined ? (
        <p className="small" role="status">
          ○ {say('waiting', { age: spanWords(nowMs - remark.writtenAtMs, frame) })}
        </p>
      ) : (
        <>
          <p className="bad">✕ {say('refusedRemark')}</p>
          <ProblemNote error={error} />
          <p className="acts">
            <Button size="small" onClick={() => writeAgain(remark.key, shiftId)}>
              {say('writeAgain')}
            </Button>
            <Button size="small" onClick={() => dropRemark(remark.key)}>
              {say('dropRemark')}
            </Button>
          </p>
        </>
      )}
    </li>
  );
}

export function RemarkForm({ shiftId }: { shiftId: string }) {
  const say = useWords(shiftWords);
  const words = useStore(typedRemark);
  const onItsWay = useStore(waiting);
  const isEmpty = words.trim() === '';
  return (
    <form
      className="remark-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isEmpty) return;
        writeRemark(shiftId, words.trim());
        typedRemark.set('');
      }}
    >
      <label className="field">
        {say('remarkWords')}
        <Input.TextArea name="remark" rows={2} maxLength={LIMITS.shiftRemarkChars} value={words} onChange={(event) => typedRemark.set(event.target.value)} />
      </label>
      <p className="acts">
        <Button type="primary" htmlType="submit" disabled={isEmpty} aria-describedby="why-not-remark">
          {say('remarkYes')}
        </Button>
        <span id="why-not-remark" className="small" role="status">
          {isEmpty ? say('why.noWords') : ''}
        </span>
      </p>
      {onItsWay.length === 0 ? null : (
        <ul className="on-its-way">
          {onItsWay.map((remark) => (
            <OnItsWay key={remark.key} remark={remark} shiftId={shiftId} />
          ))}
        </ul>
      )}
    </form>
  );
}
