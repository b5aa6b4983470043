// What an officer does to an alert that sounds: each act a button of its own, held. End sends people home, cancel takes back an error: never the same button.
import type { AlertView } from '@laba/domain/alert-view';
import { isWithin } from '@laba/domain/grid';
import { roleMay, type Action } from '@laba/domain/officer';
import { Button } from 'antd';
import { useState } from 'react';
import { session } from '../api/session.ts';
import { ProblemNote } from '../app/problem-note.tsx';
import { hrefOf } from '../app/route.ts';
import { useStore } from '../app/store.ts';
import { useWords } from '../i18n/language.ts';
import { actOn, soundingOf, useAct } from './act.ts';
import { CancelWindow, EndWindow, ExtendWindow } from './act-windows.tsx';
import { HoldButton } from './hold-button.tsx';
import { actsWords } from './words.ts';

function Quieten({ alert }: { alert: AlertView }) {
  const say = useWords(actsWords);
  const { error, run } = useAct();
  return (
    <div className="act">
      <HoldButton label={`■ ${say('holdQuieten')}`} look="plain" why={alert.quiet ? say('isQuiet') : null} onHeld={run(() => actOn(alert, 'quieten'))} />
      <small className="block">{say('quietenNote')}</small>
      {error === undefined ? null : <ProblemNote error={error} />}
    </div>
  );
}

type Asked = 'extend' | 'end' | 'cancel';

function Windows({ asked, alert, onClose }: { asked: Asked | undefined; alert: AlertView; onClose: () => void }) {
  if (asked === 'extend') return <ExtendWindow alert={alert} onClose={onClose} />;
  if (asked === 'end') return <EndWindow alert={alert} onClose={onClose} />;
  return asked === 'cancel' ? <CancelWindow alert={alert} onClose={onClose} /> : null;
}

function useMay(codes: readonly string[]) {
  const standing = useStore(session);
  if (!('officer' in standing)) return { isInScope: false, may: () => false };
  const { role, scopes } = standing.officer;
  return {
    isInScope: codes.every((code) => scopes.some((scope) => isWithin(scope, code))),
    may: (action: Action) => roleMay(role, action),
  };
}

/** Nothing when it does not sound. For the board of one alert too. */
export function AlertActs({ alert }: { alert: AlertView }) {
  const say = useWords(actsWords);
  const [asked, ask] = useState<Asked>();
  const { isInScope, may } = useMay(soundingOf(alert)?.areaCodes ?? alert.areaCodes);
  if (alert.state !== 'raised') return null;
  if (!isInScope) return <p className="note">{say('outsideScope')}</p>;
  if (!may('alert.quieten')) return <p className="note">{say('notYours')}</p>;
  return (
    <div className="alert-acts" role="group" aria-label={say('title')}>
      {may('alert.quieten') ? <Quieten alert={alert} /> : null}
      <span className="acts">
        {may('alert.raise') ? (
          <>
            <Button href={hrefOf('raise', 'update', alert.id)}>↻ {say('update')}</Button>
            <Button disabled={alert.updateWaits} title={alert.updateWaits ? say('updateWaits') : undefined} onClick={() => ask('extend')}>
              ＋ {say('extend')}
            </Button>
          </>
        ) : null}
        {may('alert.end') ? (
          <Button className="end" onClick={() => ask('end')}>
            ✓ {say('end')}…
          </Button>
        ) : null}
        {may('alert.cancel') ? (
          <Button danger onClick={() => ask('cancel')}>
            ✕ {say('cancel')}…
          </Button>
        ) : null}
      </span>
      <Windows asked={asked} alert={alert} onClose={() => ask(undefined)} />
    </div>
  );
}
