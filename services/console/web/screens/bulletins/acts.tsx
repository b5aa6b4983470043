// What an officer does with a broadcast or one time of it. What cannot be done says why; what silences something is asked once more.
import type { BulletinTimeView, BulletinView } from '@laba/domain/bulletin-view';
import { roleMay, type Officer } from '@laba/domain/officer';
import { Button, Modal } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { post } from '../../api/client.ts';
import { problemOf } from '../../api/problem.ts';
import { hrefOf } from '../../app/route.ts';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords, type Say } from '../../i18n/language.ts';
import { paths, readBulletinsAnew, type Key } from './bulletins.ts';
import { Meanwhile } from './meanwhile.tsx';
import { lookOf } from './time-look.ts';
import { bulletinsWords } from './words.ts';
import { WrongNote } from './wrong-note.tsx';

/** Why this officer may not act on it at all; undefined: he may. */
export function whyNotManage(bulletin: Pick<BulletinView, 'mayManage'> | undefined, { role }: Officer, say: Say<Key>): string | undefined {
  if (!roleMay(role, 'bulletin.manage')) return say('why.role');
  return bulletin?.mayManage === true ? undefined : say('why.outside');
}

interface AskedProps {
  title: string;
  lead: string;
  act: () => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
  /** Said instead of a refusal that came of somebody else's act. */
  meanwhile?: string;
}

/** Asks once more; closes when the house has done it, stays with the reason when it refused. */
function Asked({ title, lead, act, onClose, children, meanwhile }: AskedProps) {
  const say = useWords(bulletinsWords);
  const frame = useWords(frameWords);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const does = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await act();
      onClose();
    } catch (refused) {
      setError(refused);
    }
    await readBulletinsAnew();
    setBusy(false);
  };
  const isMeanwhile = meanwhile !== undefined && error !== undefined && problemOf(error).code === 'changed-meanwhile';
  return (
    <Modal open title={title} footer={null} onCancel={onClose} closable={{ 'aria-label': frame('close') }}>
      <div className="act-window">
        {children}
        <p>{lead}</p>
        {isMeanwhile ? <p role="alert">{meanwhile}</p> : error === undefined ? null : <WrongNote error={error} />}
        <p className="acts">
          <Button type="primary" loading={isBusy} onClick={() => void does()}>
            {say('yes')}
          </Button>
          <Button onClick={onClose}>{say('no')}</Button>
        </p>
      </div>
    </Modal>
  );
}

interface ActButtonProps {
  words: string;
  why: string | undefined;
  onPress: () => void;
  look?: 'primary' | 'danger';
  /** Why not is said beside the next button, which has the same reason. */
  isSaid?: boolean;
}

/** A button with, beside it, why it cannot be pressed. */
export function ActButton({ words, why, onPress, look, isSaid = true }: ActButtonProps) {
  const id = useId();
  return (
    <>
      <Button
        {...(look === 'primary' ? { type: 'primary' } : {})}
        danger={look === 'danger'}
        disabled={why !== undefined}
        aria-describedby={why === undefined ? undefined : id}
        onClick={onPress}
      >
        {words}
      </Button>
      {why === undefined ? null : (
        <span id={id} className={isSaid ? 'small' : 'unseen'}>
          {why}
        </span>
      )}
    </>
  );
}

interface WholeProps {
  bulletin: BulletinView;
  officer: Officer;
}

/** Acts on the version that stood when the window was opened; once he was told of a newer one, on that. */
function WholeWindow({ verb, bulletin, onClose }: { verb: 'approve' | 'stop'; bulletin: BulletinView; onClose: () => void }) {
  const say = useWords(bulletinsWords);
  const [seen] = useState(bulletin);
  const [isTold, tell] = useState(false);
  const act = async () => {
    try {
      await post(paths.does(bulletin.id, verb), {}, { etag: `"${(isTold ? bulletin : seen).version}"` });
    } catch (error) {
      if (problemOf(error).code === 'changed-meanwhile') tell(true);
      throw error;
    }
  };
  return (
    <Asked
      title={say(verb === 'approve' ? 'approve' : 'stopAll')}
      lead={say(verb === 'approve' ? 'approveLead' : 'stopAllLead')}
      act={act}
      onClose={onClose}
      meanwhile={say('actMeanwhile')}
    >
      <Meanwhile before={seen} now={bulletin} />
    </Asked>
  );
}

export function WholeActs({ bulletin, officer }: WholeProps) {
  const say = useWords(bulletinsWords);
  const [asked, ask] = useState<'approve' | 'stop'>();
  const { state, mayApprove, id } = bulletin;
  const why = state === 'stopped' ? say('why.stopped') : whyNotManage(bulletin, officer, say);
  return (
    <div className="acts">
      {state === 'waiting' ? (
        <ActButton words={say('approve')} look="primary" why={why ?? (mayApprove ? undefined : say('why.own'))} onPress={() => ask('approve')} />
      ) : null}
      <ActButton words={say('change')} why={why} isSaid={false} onPress={() => location.assign(hrefOf('bulletins', id, 'edit'))} />
      <ActButton words={say('stopAll')} look="danger" why={why} onPress={() => ask('stop')} />
      {asked === undefined ? null : <WholeWindow verb={asked} bulletin={bulletin} onClose={() => ask(undefined)} />}
    </div>
  );
}

interface TimeProps {
  time: BulletinTimeView;
  bulletin: BulletinView | undefined;
  officer: Officer;
}

export function TimeActs({ time, bulletin, officer }: TimeProps) {
  const say = useWords(bulletinsWords);
  const [isAsked, ask] = useState(false);
  const { id, state } = time;
  const isOver = ['played', 'partly', 'silent', 'dropped'].includes(lookOf(time, useServerNow()));
  const why = state === 'cancelled' ? say('why.cancelled') : isOver ? say('why.over') : whyNotManage(bulletin, officer, say);
  return (
    <div className="acts">
      <ActButton words={say('stopTime')} look="danger" why={why} onPress={() => ask(true)} />
      {isAsked && id !== null ? (
        <Asked title={say('stopTime')} lead={say('stopTimeLead')} act={() => post(paths.cancel(id))} onClose={() => ask(false)} />
      ) : null}
    </div>
  );
}
