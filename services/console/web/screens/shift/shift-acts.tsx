// Chapter 6, shift log: begun, handed over, taken back, taken over by a signature. What cannot be done says why.
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import type { OpenThings, ShiftLine, ShiftView } from '@laba/domain/shift-view';
import { Button, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { post } from '../../api/client.ts';
import { signedIn } from '../../api/session.ts';
import { IS_VILLAGE, signInAs } from '../../api/sign-in.ts';
import { AsOf } from '../../app/age.tsx';
import { print } from '../../app/print.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { OpenList } from './open-list.tsx';
import { CHANGED_BY, paths, readShiftsAnew, SHIFTS, typedHandOver } from './shift.ts';
import { shiftWords } from './words.ts';

/** Does it once, reads anew, and keeps what was refused beside its button. */
function useDoing() {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const run = async (act: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await act();
    } catch (refused) {
      setError(refused);
    }
    await readShiftsAnew();
    setBusy(false);
  };
  return { isBusy, run, problem: error === undefined ? null : <ProblemNote error={error} /> };
}

function OpenNow() {
  const say = useWords(shiftWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useRead<OpenThings>(paths.open, { changedBy: CHANGED_BY });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <h3 className="spread">
        {say('openNow')} <AsOf atMs={data.asOfMs} />
      </h3>
      <OpenList things={data} />
    </>
  );
}

function ActWindow({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const frame = useWords(frameWords);
  return (
    <Modal open title={title} footer={null} width={760} onCancel={onClose} closable={{ 'aria-label': frame('close') }}>
      <div className="act-window">{children}</div>
    </Modal>
  );
}

function HandOverWindow({ shift, onClose }: { shift: ShiftLine; onClose: () => void }) {
  const say = useWords(shiftWords);
  const words = useStore(typedHandOver);
  const { isBusy, run, problem } = useDoing();
  const handOver = () =>
    run(async () => {
      await post(paths.handOver(shift.id), { version: shift.version, words: words.trim() });
      typedHandOver.set('');
      onClose();
    });
  return (
    <ActWindow title={say('handOver')} onClose={onClose}>
      <p>{say('handOverLead')}</p>
      <OpenNow />
      <label className="field">
        {say('handOverWords')}
        <Input.TextArea
          name="hand-over"
          rows={3}
          maxLength={LIMITS.shiftWordsChars}
          value={words}
          onChange={(event) => typedHandOver.set(event.target.value)}
        />
      </label>
      {problem}
      <p>
        <Button type="primary" loading={isBusy} onClick={() => void handOver()}>
          {say('handOverYes')}
        </Button>
      </p>
    </ActWindow>
  );
}

function Offered({ id }: { id: string }) {
  const say = useWords(shiftWords);
  const { data } = useRead<ShiftView>(paths.one(id), { changedBy: CHANGED_BY });
  const words = data?.offered?.words ?? '';
  if (words === '') return null;
  return (
    <div className="note">
      <b>{say('told')}</b> <Said>{data?.offered?.by}</Said>
      <Said block>{words}</Said>
    </div>
  );
}

function TakeOverWindow({ shift, officer, onClose }: { shift: ShiftLine; officer: Officer; onClose: () => void }) {
  const say = useWords(shiftWords);
  const [words, setWords] = useState('');
  const [secret, setSecret] = useState('');
  const { isBusy, run, problem } = useDoing();
  const isOffered = shift.state === 'offered';
  const why = secret === '' ? say('why.noSignature') : !isOffered && words.trim() === '' ? say('why.noReason') : undefined;
  const takeOver = () =>
    run(async () => {
      setSecret('');
      signedIn(await signInAs(officer.username, secret));
      await post(paths.takeOver(shift.id), { version: shift.version, words: words.trim() });
      onClose();
      location.assign(hrefOf('shift'));
    });
  return (
    <ActWindow title={say('takeOver')} onClose={onClose}>
      <form
        className="act-window"
        onSubmit={(event) => {
          event.preventDefault();
          if (why === undefined) void takeOver();
        }}
      >
        <p>{say(IS_VILLAGE ? 'takeOverLeadCode' : 'takeOverLead')}</p>
        {isOffered ? <Offered id={shift.id} /> : <p className="bad">! {say('notHanded')}</p>}
        <OpenNow />
        <label className="field">
          {say(isOffered ? 'takeOverWords' : 'takeOverWhy')}
          <Input.TextArea name="take-over" rows={2} maxLength={LIMITS.shiftWordsChars} value={words} onChange={(event) => setWords(event.target.value)} />
        </label>
        <input type="text" name="username" autoComplete="username" value={officer.username} readOnly hidden />
        <label className="field">
          {say(IS_VILLAGE ? 'signatureCode' : 'signature')}
          <Input.Password
            name="signature"
            autoComplete={IS_VILLAGE ? 'one-time-code' : 'current-password'}
            visibilityToggle={false}
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
          />
        </label>
        {problem}
        <p className="acts">
          <Button type="primary" htmlType="submit" loading={isBusy} disabled={why !== undefined} aria-describedby="why-not-sign">
            {say('takeOverYes')}
          </Button>
          <span id="why-not-sign" className="small" role="status">
            {isBusy ? '' : why}
          </span>
        </p>
      </form>
    </ActWindow>
  );
}

export function BeginButton() {
  const say = useWords(shiftWords);
  const { isBusy, run, problem } = useDoing();
  return (
    <>
      <Button type="primary" loading={isBusy} onClick={() => void run(() => post(SHIFTS))}>
        {say('begin')}
      </Button>
      {problem}
    </>
  );
}

export function PrintButton({ id }: { id: string }) {
  const say = useWords(shiftWords);
  const language = useLanguage();
  return <Button onClick={() => print(paths.print(id, language))}>{say('print')}</Button>;
}

function Withdraw({ shift }: { shift: ShiftLine }) {
  const say = useWords(shiftWords);
  const { isBusy, run, problem } = useDoing();
  return (
    <>
      <Button loading={isBusy} onClick={() => void run(() => post(paths.withdraw(shift.id), { version: shift.version }))}>
        {say('withdraw')}
      </Button>
      {problem}
    </>
  );
}

export function ShiftActs({ shift, officer }: { shift: ShiftLine; officer: Officer }) {
  const say = useWords(shiftWords);
  const [asked, ask] = useState<'hand-over' | 'take-over'>();
  const isOnDuty = shift.officerId === officer.id;
  const onClose = () => ask(undefined);
  return (
    <div className="shift-acts">
      <p className="acts">
        <Button type={isOnDuty ? 'primary' : 'default'} disabled={!isOnDuty} aria-describedby="why-not-hand-over" onClick={() => ask('hand-over')}>
          {say(shift.state === 'offered' ? 'handOverAnew' : 'handOver')}
        </Button>
        <span id="why-not-hand-over" className="small">
          {isOnDuty ? '' : say('why.notOnDuty')}
        </span>
      </p>
      <p className="acts">
        <Button type={isOnDuty ? 'default' : 'primary'} disabled={isOnDuty} aria-describedby="why-not-take-over" onClick={() => ask('take-over')}>
          {say('takeOver')}
        </Button>
        <span id="why-not-take-over" className="small">
          {isOnDuty ? say('why.onDuty') : ''}
        </span>
      </p>
      <p className="acts">
        {isOnDuty && shift.state === 'offered' ? <Withdraw shift={shift} /> : null}
        <PrintButton id={shift.id} />
      </p>
      {asked === 'hand-over' ? <HandOverWindow shift={shift} onClose={onClose} /> : null}
      {asked === 'take-over' ? <TakeOverWindow shift={shift} officer={officer} onClose={onClose} /> : null}
    </div>
  );
}
