// Peacetime: the village checks its activity room item by item; the township looks at it and says by when what is missing must be there.
import type { RoomItem } from '@laba/domain/round-policy';
import type { RoundRow } from '@laba/domain/round-view';
import { Checkbox, Select } from 'antd';
import { useState } from 'react';
import { inZoneOf } from '../../app/county-time.ts';
import { Said } from '../../app/said.tsx';
import { serverNow } from '../../app/server-time.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { ActWindow } from './act-window.tsx';
import { actPath } from './peace.ts';
import { peaceWords } from './words.ts';

const DAY_MS = 86_400_000;
const DAYS = [7, 14, 30, 60, 90];
const USUAL_DAYS = 30;

interface RoomWindowProps {
  row: RoundRow;
  items: readonly RoomItem[];
  onClose: () => void;
}

/** What the items are called the county wrote. */
function Items({ items, lacking, onChange }: { items: readonly RoomItem[]; lacking: readonly string[]; onChange: (lacking: string[]) => void }) {
  const say = useWords(peaceWords);
  const language = useLanguage();
  return (
    <fieldset className="choices">
      <legend>{say('lacking', { n: lacking.length })}</legend>
      <Checkbox.Group
        value={[...lacking]}
        options={items.map((item) => ({ value: item.id, label: <Said>{item[language]}</Said> }))}
        onChange={(ids) => onChange(ids.map(String))}
      />
    </fieldset>
  );
}

export function CheckWindow({ row, items, onClose }: RoomWindowProps) {
  const say = useWords(peaceWords);
  const [lacking, setLacking] = useState<string[]>([]);
  const body = { result: lacking.length === 0 ? 'complete' : 'lacking', means: 'on-site', lacking };
  return (
    <ActWindow title={say('checkTitle', { name: row.name })} send={say('send')} path={actPath(row.planId, 'done')} body={body} onClose={onClose}>
      <p>{say('checkLead')}</p>
      <Items items={items} lacking={lacking} onChange={setLacking} />
    </ActWindow>
  );
}

export function ConfirmWindow({ row, items, at, onClose }: RoomWindowProps & { at: string }) {
  const say = useWords(peaceWords);
  const language = useLanguage();
  const room = row.room!;
  const [lacking, setLacking] = useState<string[]>(room.lacking);
  const [days, setDays] = useState(USUAL_DAYS);
  // What was looked at is the check that stood here when the window was opened.
  const [{ checkId, checkedAtMs }] = useState(room);
  const body = { checkId, lacking, ...(lacking.length === 0 ? {} : { mendByMs: Math.floor(serverNow()) + days * DAY_MS }) };
  return (
    <ActWindow title={say('confirmTitle', { name: row.name })} send={say('confirmSend')} path={actPath(row.planId, 'confirm')} body={body} onClose={onClose}>
      <p>{say('confirmLead', { at: inZoneOf(at, checkedAtMs) })}</p>
      <Items items={items} lacking={lacking} onChange={setLacking} />
      {lacking.length === 0 ? null : (
        <div className="field">
          <span>{say('mendDays')}</span>
          <Select
            key={language}
            aria-label={say('mendDays')}
            value={days}
            options={DAYS.map((value) => ({ value, label: say('days', { n: value }) }))}
            onChange={setDays}
          />
        </div>
      )}
    </ActWindow>
  );
}
