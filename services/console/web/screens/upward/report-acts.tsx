// Chapter 6, reporting upward: what an officer does with one report: fills it anew, signs it, takes a copy. What cannot be done says why.
import { LIMITS } from '@laba/domain/limits';
import type { SituationSheet } from '@laba/domain/situation-view';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { print } from '../../app/print.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { FillButton } from './due-list.tsx';
import { hasWords, paths, readReportsAnew, typedWords } from './upward.ts';
import { upwardWords } from './words.ts';

/** As the house judges it again. */
export const isOld = (asOfMs: number, nowMs: number) => nowMs - asOfMs > LIMITS.situationFreshMs;

function SignWindow({ sheet, onClose }: { sheet: SituationSheet; onClose: () => void }) {
  const say = useWords(upwardWords);
  const frame = useWords(frameWords);
  // What he read when he opened the window is what he signs.
  const [read] = useState(sheet);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const sign = async () => {
    setBusy(true);
    try {
      await post(paths.send(read.id), { version: read.version });
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
    await readReportsAnew();
  };
  return (
    <Modal
      open
      title={say('signTitle')}
      okText={say('signYes')}
      cancelText={frame('cancel')}
      confirmLoading={isBusy}
      onOk={() => void sign()}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <p>
        <Said>{read.document.title}</Said>
      </p>
      <p>{say('signLead')}</p>
      {read.late ? <p className="bad">! {say('signLate')}</p> : null}
      {error === undefined ? null : <ProblemNote error={error} />}
    </Modal>
  );
}

function DraftActs({ sheet }: { sheet: SituationSheet }) {
  const say = useWords(upwardWords);
  const nowMs = useServerNow();
  const typed = useStore(typedWords)[sheet.id];
  const [isSigning, setSigning] = useState(false);
  const why = isOld(sheet.asOfMs, nowMs) ? say('figuresOld') : hasWords(typed) ? say('unsaved') : undefined;
  return (
    <>
      <FillButton alertId={sheet.alertId} words={say('fillAnew')} primary={false} />
      <Button type="primary" disabled={why !== undefined} aria-describedby="why-not-sign" onClick={() => setSigning(true)}>
        {say('sign')}
      </Button>
      <span id="why-not-sign" className="small" role="status">
        {why}
      </span>
      {isSigning ? <SignWindow sheet={sheet} onClose={() => setSigning(false)} /> : null}
    </>
  );
}

function SentActs({ sheet: { kind, alertId } }: { sheet: SituationSheet }) {
  const say = useWords(upwardWords);
  if (kind === 'zero') return null;
  if (kind === 'final') return <span className="small">{say('noNext')}</span>;
  return <FillButton alertId={alertId} words={say('fillNext')} />;
}

function Copies({ sheet: { id, alertId, document } }: { sheet: SituationSheet }) {
  const say = useWords(upwardWords);
  const language = useLanguage();
  return (
    <>
      <Button onClick={() => print(paths.print(id, language))}>{say('print')}</Button>
      <Button href={paths.docx(id, language)} download>
        {say('word')}
      </Button>
      <Button href={paths.json(id)} download={`${document.title}.json`}>
        {say('json')}
      </Button>
      {alertId === null ? null : <Button href={hrefOf('board', alertId)}>{say('board')}</Button>}
    </>
  );
}

export function ReportActs({ sheet, mayReport }: { sheet: SituationSheet; mayReport: boolean }) {
  const say = useWords(upwardWords);
  const own = sheet.state === 'draft' ? <DraftActs sheet={sheet} /> : <SentActs sheet={sheet} />;
  return (
    <div className="acts">
      {mayReport ? own : <span className="small">{say('readOnly')}</span>}
      <Copies sheet={sheet} />
    </div>
  );
}
