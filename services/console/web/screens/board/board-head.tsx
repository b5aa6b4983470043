// What the board is about: the order, where, how long it goes on, what is said; and the clock since the raise.
import type { AlertText } from '@laba/domain/alert';
import type { AlertView } from '@laba/domain/alert-view';
import { AlertActs } from '../../acts/alert-acts.tsx';
import { spanWords } from '../../app/age.tsx';
import { LevelTag, ModeTag } from '../../app/mode-tag.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { boardWords } from './words.ts';

const two = (n: number) => String(n).padStart(2, '0');

function clockOf(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1_000));
  return `${s >= 3_600 ? `${Math.floor(s / 3_600)}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

function Timer({ alert, raisedAt }: { alert: AlertView; raisedAt: string }) {
  const say = useWords(boardWords);
  const span = useWords(frameWords);
  const nowMs = useServerNow();
  const untilMs = alert.overAt === null ? nowMs : Date.parse(alert.overAt);
  const leftMs = Date.parse(alert.endTime) - nowMs;
  return (
    <div className="since-raise">
      <small>{say(alert.overAt === null ? 'sinceRaise' : 'lasted')}</small>
      <span className="timer" role="timer">
        {clockOf(untilMs - Date.parse(raisedAt))}
      </span>
      {alert.state !== 'raised' ? null : (
        <small>{leftMs > 0 ? say('endsIn', { left: spanWords(leftMs, span) }) : <b className="bad">✕ {say('pastEnd')}</b>}</small>
      )}
    </div>
  );
}

function Texts({ texts }: { texts: AlertText[] }) {
  const say = useWords(boardWords);
  return (
    <details className="small">
      <summary>{say('texts')}</summary>
      {texts.map(({ language, title, text }) => (
        <p key={language}>
          <b>
            <Said>{title}</Said>
          </b>{' '}
          <Said block>{text}</Said>
        </p>
      ))}
    </details>
  );
}

export function BoardHead({ alert }: { alert: AlertView }) {
  const say = useWords(boardWords);
  const language = useLanguage();
  const places = usePlaces();
  const shown = alert.revisions.findLast(({ raisedAt }) => raisedAt !== null) ?? alert.revisions.at(-1);
  return (
    <section className={`board-head ${alert.mode}`} data-alert={alert.id}>
      <div className="spread">
        <div>
          <p className="tags">
            <ModeTag mode={alert.mode} always /> <LevelTag level={alert.level} order={alert.order} />{' '}
            <b className={alert.state === 'raised' ? 'bad' : ''}>
              <span aria-hidden="true">{alert.state === 'raised' ? '●' : '■'}</span> {say(`state.${alert.state}`)}
            </b>
          </p>
          <h1>
            <Said>{shown?.texts[0]?.title ?? alert.title}</Said>
          </h1>
          <p>
            <Said>{(shown?.areaCodes ?? alert.areaCodes).map((code) => placeName(places, code)).join(language === 'zh' ? '、' : ', ')}</Said>
            {alert.overReason !== null && alert.overReason !== '' ? (
              <>
                {' · '}
                <Said>{alert.overReason}</Said>
              </>
            ) : null}
          </p>
          {alert.updateWaits ? (
            <p role="status">
              <b>… {say('updateWaits')}</b>
            </p>
          ) : null}
          {alert.quiet && alert.state === 'raised' ? (
            <p role="status">
              <b>■ {say('quiet')}</b>
            </p>
          ) : null}
        </div>
        {alert.raisedAt === null ? null : <Timer alert={alert} raisedAt={alert.raisedAt} />}
      </div>
      <div className="spread">
        <Texts texts={shown?.texts ?? []} />
        <p className="acts">
          <a href={hrefOf('board')}>{say('allAlerts')}</a>
        </p>
      </div>
      <AlertActs alert={alert} />
    </section>
  );
}
