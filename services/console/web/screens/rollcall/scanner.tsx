// A hand scanner is a keyboard: it types what stands on the tag and presses Enter. The field takes it wherever the focus is; what was scanned is told large and kept in a list.
import type { TagView } from '@laba/domain/board-view';
import { Button, Input, Radio, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { get, newKey } from '../../api/client.ts';
import { serverNow } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { useWords } from '../../i18n/language.ts';
import { rememberScan, say as tell, scans } from './marks.ts';
import { movedTo, useRoll } from './roll-context.ts';
import { hrefOfPart } from './roll-reads.ts';
import { LastScan, ScanList } from './scan-list.tsx';
import { tagCodeOf } from './tag-code.ts';
import { rollWords } from './words.ts';

const TYPED_INTO = 'input, textarea, select, [contenteditable=true], [role=combobox], [role=dialog] *';

export function ScanButton({ code, isScanning }: { code: string; isScanning: boolean }) {
  const say = useWords(rollWords);
  const { alertId } = useRoll();
  return (
    <Button type={isScanning ? 'default' : 'primary'} href={hrefOfPart(alertId, code, isScanning ? undefined : 'scan')}>
      {say(isScanning ? 'scanStop' : 'scan')}
    </Button>
  );
}

/** What a scanner types goes into the field, whatever had the focus: its letters open no other screen. */
function useCaught(field: { current: InputRef | null }): void {
  useEffect(() => {
    field.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.matches(TYPED_INTO);
      if (isTyping || event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey || event.altKey) return;
      event.stopPropagation();
      field.current?.focus();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [field]);
}

/** Whose it is, and nothing more. */
async function look(alertId: string, code: string): Promise<void> {
  const one = { key: newKey(), alertId, code, atMs: serverNow(), changed: 0 };
  try {
    rememberScan({ ...one, is: 'seen', tagged: await get<TagView>(`/api/v1/rollcall/tags/${encodeURIComponent(code)}`) });
  } catch (error) {
    rememberScan({ ...one, is: 'wrong', tagged: null, error });
  }
}

function take(alertId: string, typed: string, isMarking: boolean): void {
  const code = tagCodeOf(typed);
  if (code === undefined) rememberScan({ key: newKey(), alertId, code: typed.trim().slice(0, 80), atMs: serverNow(), is: 'wrong', tagged: null, changed: 0 });
  else if (isMarking) tell({ is: 'scan', alertId, named: code, code, musterPointId: movedTo.value });
  else void look(alertId, code);
}

export function Scanner() {
  const say = useWords(rollWords);
  const { alertId, mode } = useRoll();
  const field = useRef<InputRef>(null);
  const [typed, setTyped] = useState('');
  const [isMarking, setMarking] = useState(true);
  const scanned = useStore(scans).filter((one) => one.alertId === alertId);
  useCaught(field);
  return (
    <div className={`scanner ${mode}`}>
      <p className="small">{say('scanLead')}</p>
      <Radio.Group
        aria-label={say('scan')}
        value={isMarking}
        onChange={(event) => {
          setMarking(event.target.value === true);
          field.current?.focus();
        }}
        options={[
          { value: true, label: say('scanMarks') },
          { value: false, label: say('scanLooks') },
        ]}
      />
      <form
        className="acts"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') take(alertId, typed, isMarking);
          setTyped('');
          field.current?.focus();
        }}
      >
        <Input
          ref={field}
          name="tag"
          aria-label={say('scanField')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
        />
        <Button htmlType="submit">{say('scanGo')}</Button>
      </form>
      <LastScan scan={scanned[0]} />
      <ScanList scanned={scanned} />
    </div>
  );
}
