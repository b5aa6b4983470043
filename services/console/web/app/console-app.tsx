// The whole console: what every screen may rely on, and the door before it.
import { QueryClientProvider } from '@tanstack/react-query';
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/es/locale/en_US.js';
import zhCN from 'antd/es/locale/zh_CN.js';
import { useEffect } from 'react';
import { LiveLine } from '../api/live-line.ts';
import { session, signedIn, signedOut, type SignedIn } from '../api/session.ts';
import { useLanguage } from '../i18n/language.ts';
import { Frame } from './frame.tsx';
import { changedBy, onUnreachable, queries, readAllAnew } from './queries.ts';
import { SignInAgain, SignInPage } from './sign-in.tsx';
import { useStore } from './store.ts';
import { theme } from './theme.ts';

// Nobody signed in is no refusal here: it is the first thing asked.
async function lookWhoIsSignedIn(): Promise<void> {
  const response = await fetch('/api/v1/sessions/current', { cache: 'no-store' }).catch(() => undefined);
  if (response?.ok === true) signedIn((await response.json()) as SignedIn);
  else signedOut();
}

function useLine(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const opened = new LiveLine({ onEvent: changedBy, onAnew: readAllAnew });
    opened.open();
    const forget = onUnreachable(() => opened.doubt());
    return () => {
      forget();
      opened.close();
      queries.clear();
    };
  }, [isOpen]);
}

function Door() {
  const standing = useStore(session);
  useLine('officer' in standing);
  useEffect(() => void lookWhoIsSignedIn(), []);
  if (standing.is === 'unknown') return null;
  if (!('officer' in standing)) return <SignInPage />;
  return (
    <>
      <Frame officer={standing.officer} />
      <SignInAgain />
    </>
  );
}

export function ConsoleApp() {
  const language = useLanguage();
  return (
    <ConfigProvider theme={theme} locale={language === 'zh' ? zhCN : enUS} button={{ autoInsertSpace: false }} wave={{ disabled: true }}>
      <App>
        <QueryClientProvider client={queries}>
          <Door />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  );
}
