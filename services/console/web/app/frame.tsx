// What stands around every screen: menu, line, who is signed in and for which area, and what shortcuts there are.
import { ROLE_WORDS, roleMay, type Officer } from '@laba/domain/officer';
import { Button } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { remove } from '../api/client.ts';
import { signedOut } from '../api/session.ts';
import { frameWords } from '../i18n/frame-words.ts';
import { useLanguage, useWords } from '../i18n/language.ts';
import { SCREENS, type Screen } from '../screens/screens.ts';
import { ApprovalBanner } from './approval-banner.tsx';
import { HouseTime } from './house-time.tsx';
import { sendKept } from './kept.ts';
import { LanguageButton } from './language-button.tsx';
import { ModeFrame } from './mode-frame.tsx';
import { useNow } from './now.ts';
import { placeName, usePlaces } from './places.ts';
import { hrefOf, useRoute } from './route.ts';
import { Said } from './said.tsx';
import { ScreenPlace } from './screen-place.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { DegradedBanner, LineState, StaleBanner } from './stale-banner.tsx';

function Menu({ screens, current }: { screens: readonly Screen[]; current: Screen }) {
  const say = useWords(frameWords);
  const language = useLanguage();
  const unread = useNow().data?.reports.unread ?? 0;
  return (
    <nav aria-label={say('menu')}>
      {screens.map((screen) => (
        <a key={screen.name} href={hrefOf(screen.name)} aria-current={screen === current ? 'page' : undefined}>
          {screen[language]}
          {screen.name === 'reports' && unread > 0 ? <b className="count">{unread}</b> : null}
        </a>
      ))}
    </nav>
  );
}

function Who({ officer }: { officer: Officer }) {
  const say = useWords(frameWords);
  const language = useLanguage();
  const places = usePlaces();
  const area = officer.scopes.map((code) => placeName(places, code)).join(language === 'zh' ? '、' : ', ');
  return (
    <span className="who">
      <b>
        <Said>{officer.name}</Said>
      </b>{' '}
      {ROLE_WORDS[officer.role][language]} · {say('inArea')} <Said>{area}</Said>
    </span>
  );
}

/** Who is on the telephone speaks now: the form opens for the place whose row has the focus. */
function openSixLines(): void {
  const code = document.activeElement?.closest<HTMLElement>('[data-place]')?.dataset['place'] ?? '';
  location.assign(code === '' ? hrefOf('houses', 'status') : hrefOf('houses', 'status', code));
}

async function leave(): Promise<void> {
  await remove('/api/v1/sessions/current').catch(() => undefined);
  signedOut();
}

export function Frame({ officer }: { officer: Officer }) {
  const say = useWords(frameWords);
  const language = useLanguage();
  const { screen: wanted } = useRoute();
  const [isListOpen, setListOpen] = useState(false);
  const content = useRef<HTMLElement>(null);
  const screens = useMemo(() => SCREENS.filter(({ action }) => roleMay(officer.role, action)), [officer.role]);
  const current = screens.find(({ name }) => name === wanted) ?? screens[0] ?? SCREENS[0];
  const shortcuts = useMemo(
    () => [
      ...screens.map((screen) => ({ key: screen.key, words: say('goTo', { screen: screen[language] }), act: () => location.assign(hrefOf(screen.name)) })),
      ...(roleMay(officer.role, 'status.write') ? [{ key: '6', words: say('sixLines'), act: openSixLines }] : []),
    ],
    [screens, language, say, officer.role],
  );
  useEffect(() => void sendKept(officer.id).catch(() => undefined), [officer.id]);
  useEffect(() => {
    document.title = `${current[language]} · ${say('brand')}`;
  }, [current, language, say]);
  return (
    <>
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          content.current?.focus();
        }}
      >
        {say('skip')}
      </a>
      <header>
        <span className="brand">{say('brand')}</span>
        <Menu screens={screens} current={current} />
        <span role="status">
          <LineState />
        </span>
        <Who officer={officer} />
        <a href="/">{say('plainPage')}</a>
        <Button type="text" aria-label={say('shortcuts')} onClick={() => setListOpen(true)}>
          <kbd>?</kbd>
        </Button>
        <LanguageButton />
        <Button type="text" onClick={() => void leave()}>
          {say('signOut')}
        </Button>
      </header>
      <StaleBanner />
      <ApprovalBanner />
      <DegradedBanner />
      <HouseTime role={officer.role} />
      <ModeFrame />
      <main id="content" ref={content} tabIndex={-1}>
        <ScreenPlace screen={current} />
      </main>
      <Shortcuts shortcuts={shortcuts} isOpen={isListOpen} setOpen={setListOpen} />
    </>
  );
}
