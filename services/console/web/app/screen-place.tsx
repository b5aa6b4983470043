// The place where a screen stands: loaded when it is opened, and one that fails does not take the frame with it.
import { Button, Result, Spin } from 'antd';
import { Component, createElement, lazy, Suspense, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react';
import { frameWords } from '../i18n/frame-words.ts';
import { useWords } from '../i18n/language.ts';
import { SCREENS, type Screen } from '../screens/screens.ts';

const loaded = new Map<string, LazyExoticComponent<ComponentType>>(SCREENS.map(({ name, load }) => [name, lazy(async () => ({ default: await load() }))]));

function Broken({ onRetry }: { onRetry: () => void }) {
  const say = useWords(frameWords);
  return <Result status="error" title={say('screenBroke')} extra={<Button onClick={onRetry}>{say('retry')}</Button>} />;
}

class Guard extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken onRetry={() => location.reload()} /> : this.props.children;
  }
}

export function ScreenPlace({ screen }: { screen: Screen }) {
  const say = useWords(frameWords);
  return (
    <Guard key={screen.name}>
      <Suspense
        fallback={
          <Spin description={say('loading')}>
            <div className="waiting" />
          </Spin>
        }
      >
        {createElement(loaded.get(screen.name)!)}
      </Suspense>
    </Guard>
  );
}
