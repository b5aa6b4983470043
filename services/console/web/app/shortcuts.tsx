// Shortcuts of single keys: listed by `?`, never while something is typed, and to be switched off (WCAG 2.1.4).
import { Modal, Switch } from 'antd';
import { useEffect, useState } from 'react';
import { frameWords } from '../i18n/frame-words.ts';
import { useWords } from '../i18n/language.ts';

export interface Shortcut {
  key: string;
  words: string;
  act: () => void;
}

const KEPT_AS = 'laba.shortcuts';
const TYPED_INTO = 'input, textarea, select, [contenteditable=true], [role=combobox], [role=dialog] *';

function isSwitchedOn(): boolean {
  try {
    return localStorage.getItem(KEPT_AS) !== 'off';
  } catch {
    return true;
  }
}

function keep(isOn: boolean): void {
  try {
    localStorage.setItem(KEPT_AS, isOn ? 'on' : 'off');
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

export function Shortcuts({ shortcuts, isOpen, setOpen }: { shortcuts: readonly Shortcut[]; isOpen: boolean; setOpen: (isOpen: boolean) => void }) {
  const say = useWords(frameWords);
  const [isOn, setOn] = useState(isSwitchedOn);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.matches(TYPED_INTO);
      if (!isOn || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '?') setOpen(true);
      shortcuts.find(({ key }) => key === event.key)?.act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isOn, setOpen, shortcuts]);
  const all = [...shortcuts, { key: '?', words: say('shortcutHelp') }];
  return (
    <Modal open={isOpen} title={say('shortcuts')} footer={null} onCancel={() => setOpen(false)} closable={{ 'aria-label': say('close') }}>
      <dl className="shortcuts">
        {all.map(({ key, words }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <label className="switch">
        <Switch
          checked={isOn}
          onChange={(on) => {
            keep(on);
            setOn(on);
          }}
        />
        <span>{say('shortcutsOn')}</span>
      </label>
    </Modal>
  );
}
