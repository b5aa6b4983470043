// What an administrator does to one account: a new first link, unlock, disable. Each is asked again in words, and what changed meanwhile is said.
import type { MadeLink, OfficerView } from '@laba/domain/officer-view';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { post } from '../../../api/client.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { queries } from '../../../app/queries.ts';
import { Said } from '../../../app/said.tsx';
import { frameWords } from '../../../i18n/frame-words.ts';
import { useWords } from '../../../i18n/language.ts';
import { adminWords } from '../words.ts';
import type { Slip } from './link-slip.tsx';
import { OFFICERS, stateOf, type OfficerState } from './officers.ts';
import { officersWords } from './words.ts';

type Verb = 'link' | 'unlock' | 'disable';
const PATHS: Record<Verb, string> = { link: 'first-link', unlock: 'unlock', disable: 'disable' };
/** In which states each makes sense. */
const FITS: Record<Verb, readonly OfficerState[]> = {
  link: ['good', 'new', 'locked'],
  unlock: ['locked'],
  disable: ['good', 'new', 'locked'],
};

interface Asked {
  officer: OfficerView;
  verb: Verb;
  onClose: () => void;
  onLink: (slip: Slip) => void;
}

/** The list behind the window goes on being read: the account may be another by the time he presses. */
function AskWindow({ officer, verb, onClose, onLink }: Asked) {
  const say = useWords(officersWords);
  const admin = useWords(adminWords);
  const frame = useWords(frameWords);
  const [opened] = useState(() => stateOf(officer));
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const state = stateOf(officer);
  const act = async () => {
    setBusy(true);
    try {
      const made = await post<Partial<MadeLink>>(`${OFFICERS}/${encodeURIComponent(officer.id)}/${PATHS[verb]}`);
      onClose();
      if (made.firstLink !== undefined) onLink({ name: officer.name, username: officer.username, path: made.firstLink.path });
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
    await queries.invalidateQueries({ queryKey: [OFFICERS] });
  };
  return (
    <Modal
      open
      title={<Said>{say(`${verb}Title`, { name: officer.name })}</Said>}
      okText={say(`${verb}Yes`)}
      okButtonProps={{ danger: verb === 'disable', disabled: !FITS[verb].includes(state) }}
      cancelText={frame('cancel')}
      confirmLoading={isBusy}
      onOk={() => void act()}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <p>{say(`${verb}Lead`)}</p>
      {state === opened ? null : (
        <p className="bad" role="status">
          ! {admin('changedMeanwhile', { what: say('stateNow', { state: say(`state.${state}`) }) })}
        </p>
      )}
      {error === undefined ? null : <ProblemNote error={error} />}
    </Modal>
  );
}

/** `isSelf`: of the officer who looks. */
export function OfficerActs({ officer, isSelf, onLink }: { officer: OfficerView; isSelf: boolean; onLink: (slip: Slip) => void }) {
  const say = useWords(officersWords);
  const [verb, ask] = useState<Verb>();
  const state = stateOf(officer);
  const whyId = `why-${officer.id}`;
  const button = (one: Verb, isOff = false) => (
    <Button
      size="small"
      danger={one === 'disable'}
      disabled={isOff}
      aria-describedby={isOff ? whyId : undefined}
      aria-label={`${say(one)} ${officer.name}`}
      onClick={() => ask(one)}
    >
      {say(one)}
    </Button>
  );
  return (
    <span className="acts">
      {state === 'locked' ? button('unlock') : null}
      {state === 'disabled' ? <small>{say('isDisabled')}</small> : button('link')}
      {state === 'disabled' ? null : button('disable', isSelf)}
      {isSelf ? <small id={whyId}>{say('itIsYou')}</small> : null}
      {verb === undefined ? null : <AskWindow officer={officer} verb={verb} onClose={() => ask(undefined)} onLink={onLink} />}
    </span>
  );
}
