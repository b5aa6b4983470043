// Peacetime: a window in which something is written down: it says why it cannot be sent, keeps what was refused, and reads all anew after it.
import { Button, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { post } from '../../api/client.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { readPeaceAnew } from './peace.ts';

interface ActWindowProps {
  title: string;
  send: string;
  path: string;
  body: object;
  /** Why it cannot be sent as it stands. */
  why?: string | undefined;
  onClose: () => void;
  children: ReactNode;
}

export function ActWindow({ title, send, path, body, why, onClose, children }: ActWindowProps) {
  const frame = useWords(frameWords);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await post(path, body);
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
    await readPeaceAnew();
  };
  return (
    <Modal open title={<Said>{title}</Said>} footer={null} onCancel={onClose} closable={{ 'aria-label': frame('close') }}>
      <form
        className="act-window"
        onSubmit={(event) => {
          event.preventDefault();
          if (why === undefined && !isBusy) void act();
        }}
      >
        {children}
        {error === undefined ? null : <ProblemNote error={error} />}
        <p className="acts">
          <Button type="primary" htmlType="submit" disabled={why !== undefined} loading={isBusy} aria-describedby="why-not-told">
            {send}
          </Button>
          <span id="why-not-told" className="small" role="status">
            {why}
          </span>
        </p>
      </form>
    </Modal>
  );
}
