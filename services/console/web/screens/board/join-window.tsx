// A question before something about joining is done: what was refused stands in it, and all is read anew after it.
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { ProblemNote } from '../../app/problem-note.tsx';
import { queries } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { useBoard } from './board-context.ts';
import { joinCodesPath } from './join-reads.ts';

/** Does it once and reads the codes and who joined anew, also when it was refused: then the rows say why. */
export function useJoinAct() {
  const { alertId } = useBoard();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const run = async (act: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setError(undefined);
    let isDone = true;
    try {
      await act();
    } catch (refused) {
      setError(refused);
      isDone = false;
    }
    await queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(joinCodesPath(alertId)) });
    setBusy(false);
    return isDone;
  };
  return { run, isBusy, problem: error === undefined ? null : <ProblemNote error={error} /> };
}

interface JoinWindowProps {
  title: string;
  lead: string;
  send: string;
  act: () => Promise<unknown>;
  onClose: () => void;
}

export function JoinWindow({ title, lead, send, act, onClose }: JoinWindowProps) {
  const frame = useWords(frameWords);
  const { run, isBusy, problem } = useJoinAct();
  const submit = async () => {
    if (await run(act)) onClose();
  };
  return (
    <Modal open title={<Said>{title}</Said>} footer={null} onCancel={onClose} closable={{ 'aria-label': frame('close') }}>
      <form
        className="act-window"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void submit();
        }}
      >
        <p>{lead}</p>
        {problem}
        <p className="acts">
          <Button danger htmlType="submit" loading={isBusy}>
            {send}
          </Button>
          <Button onClick={onClose}>{frame('cancel')}</Button>
        </p>
      </form>
    </Modal>
  );
}
