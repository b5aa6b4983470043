// Peacetime: one list, what was missed first; each with its last round, the next deadline, and what an officer may do.
import { roleMay, type Officer } from '@laba/domain/officer';
import type { RoundKind } from '@laba/domain/round';
import type { RoomItem } from '@laba/domain/round-policy';
import type { RoundRow } from '@laba/domain/round-view';
import { Button } from 'antd';
import { useState } from 'react';
import { Age } from '../../app/age.tsx';
import { inZoneOf } from '../../app/county-time.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { ContactWindow } from './contact-window.tsx';
import { SHOWN_ROWS } from './peace.ts';
import { CheckWindow, ConfirmWindow } from './room-windows.tsx';
import { ToldWindow } from './told-window.tsx';
import { peaceWords } from './words.ts';

interface Shown {
  officer: Officer;
  items: readonly RoomItem[];
  /** Any time that the house told: of its zone. */
  at: string;
}

function Last({ row }: { row: RoundRow }) {
  const say = useWords(peaceWords);
  if (row.last === null) return say('never');
  const { result, means, atMs, reportId } = row.last;
  const isBad = result === 'wrong' || result === 'need' || result === 'lacking';
  return (
    <>
      <b className={isBad ? 'bad' : ''}>{say(`result.${result}`)}</b> <small>{say(`means.${means}`)}</small> <Age atMs={atMs} />
      {reportId === null ? null : (
        <>
          {' '}
          <a href={hrefOf('reports')}>{say('report')}</a>
        </>
      )}
    </>
  );
}

function Room({ row, items, at }: { row: RoundRow } & Pick<Shown, 'items' | 'at'>) {
  const say = useWords(peaceWords);
  const language = useLanguage();
  const { room } = row;
  if (room === null) return <span className="small">{say('unchecked')}</span>;
  const names = items.filter(({ id }) => room.lacking.includes(id)).map((item) => item[language]);
  return (
    <span className="small">
      {room.lacking.length === 0 ? (
        <span className="good">✓ {say('complete')}</span>
      ) : (
        <b className="bad">
          ✕ {say('lacking', { n: room.lacking.length })}: <Said>{names.join(language === 'zh' ? '、' : ', ')}</Said>
        </b>
      )}
      {room.waitsSinceMs === null ? null : (
        <span className="block">
          {say('waits')} <Age atMs={room.waitsSinceMs} />
        </span>
      )}
      {room.mendByMs === null ? null : <span className="block">{say('mendBy', { at: inZoneOf(at, room.mendByMs) })}</span>}
    </span>
  );
}

type Open = 'tell' | 'check' | 'confirm' | 'contact';

function actsOf({ kind, room }: RoundRow, { role }: Officer): Open[] {
  if (!roleMay(role, 'round.write')) return [];
  if (kind !== 'room') return ['tell', 'contact'];
  return room !== null && room.waitsSinceMs !== null && roleMay(role, 'round.check') ? ['check', 'confirm'] : ['check'];
}

function Acts({ row, officer, items, at }: { row: RoundRow } & Shown) {
  const say = useWords(peaceWords);
  const [open, setOpen] = useState<Open>();
  const onClose = () => setOpen(undefined);
  return (
    <span className="acts">
      {actsOf(row, officer).map((act) => (
        <Button key={act} size="small" aria-label={`${say(act)} ${row.name}`} onClick={() => setOpen(act)}>
          {say(act)}
        </Button>
      ))}
      {open === 'tell' ? <ToldWindow row={row} at={at} onClose={onClose} /> : null}
      {open === 'contact' ? <ContactWindow row={row} onClose={onClose} /> : null}
      {open === 'check' ? <CheckWindow row={row} items={items} onClose={onClose} /> : null}
      {open === 'confirm' ? <ConfirmWindow row={row} items={items} at={at} onClose={onClose} /> : null}
    </span>
  );
}

function Row({ row, ...shown }: { row: RoundRow } & Shown) {
  const say = useWords(peaceWords);
  const language = useLanguage();
  return (
    <tr data-round={row.subjectId} className={row.missed > 0 ? 'missed' : ''}>
      <th scope="row">
        <Said>{row.name}</Said> {row.hazardWords === null ? null : <small>{row.hazardWords[language]}</small>}
        {row.kind === 'room' ? <Room row={row} {...shown} /> : null}
      </th>
      <td>
        <Said>{row.villageCode === row.gridCode ? row.villageName : `${row.villageName} ${row.gridName}`}</Said>
      </td>
      {row.kind === 'room' ? null : <td>{row.walker === null ? <span className="bad">{say('nobody')}</span> : <Said>{row.walker}</Said>}</td>}
      <td>
        <Last row={row} />
      </td>
      <td>{row.dueAtMs === null ? say('notAsked') : <time>{inZoneOf(shown.at, row.dueAtMs)}</time>}</td>
      <td>
        {row.missed === 0 ? (
          say('noneMissed')
        ) : (
          <b className="bad">
            <span aria-hidden="true">✕ </span>
            {say('times', { n: row.missed, at: inZoneOf(shown.at, row.missedSinceMs!) })}
          </b>
        )}
      </td>
      <td>
        <Acts row={row} {...shown} />
      </td>
    </tr>
  );
}

export function RoundTable({ kind, rows, ...shown }: { kind: RoundKind; rows: readonly RoundRow[] } & Shown) {
  const say = useWords(peaceWords);
  if (rows.length === 0) return <p className="empty">{say('nothing')}</p>;
  const columns = (['name', 'where', 'walker', 'last', 'next', 'overdue', 'acts'] as const).filter((column) => kind !== 'room' || column !== 'walker');
  return (
    <>
      <WideTable name={say(`list.${kind}`)} columns={columnsOf(columns, say)} look="rounds">
        {rows.slice(0, SHOWN_ROWS).map((row) => (
          <Row key={row.planId} row={row} {...shown} />
        ))}
      </WideTable>
      {rows.length > SHOWN_ROWS ? <p className="empty">{say('more', { n: rows.length - SHOWN_ROWS })}</p> : null}
    </>
  );
}
