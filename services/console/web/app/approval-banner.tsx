// Over every screen of whoever may be the second officer: an alert waits for him. It chimes each time he is asked.
import { useEffect, useRef } from 'react';
import { frameWords } from '../i18n/frame-words.ts';
import { useWords } from '../i18n/language.ts';
import { Age } from './age.tsx';
import { chime } from './chime.ts';
import { ModeTag } from './mode-tag.tsx';
import { useNow } from './now.ts';
import { hrefOf, useRoute } from './route.ts';
import { Said } from './said.tsx';

export function ApprovalBanner() {
  const say = useWords(frameWords);
  const { screen, rest } = useRoute();
  const mine = (useNow().data?.waiting ?? []).flatMap(({ approval, ...alert }) => (approval?.isMine === true ? { ...alert, approval } : []));
  // A round is told once, however often it is read; an edit begins anew.
  const asked = mine.map(({ id, approval }) => `${id} ${approval.askedAtMs}`).join();
  const heard = useRef('');
  useEffect(() => {
    const isNews = asked.split(',').some((one) => one !== '' && !heard.current.split(',').includes(one));
    heard.current = asked;
    if (isNews) chime();
  }, [asked]);
  const elsewhere = mine.filter(({ id }) => !(screen === 'raise' && rest[1] === id));
  if (elsewhere.length === 0) return null;
  return (
    <div className="ask-approval" role="alert">
      {elsewhere.map(({ id, mode, title, approval }) => (
        <p key={id}>
          <ModeTag mode={mode} always /> <b>{say('askApproval')}</b> <Said>{title}</Said> · <Age atMs={approval.sinceMs} /> ·{' '}
          <a href={hrefOf('raise', 'alert', id)}>{say('openApproval')}</a>
        </p>
      ))}
    </div>
  );
}
