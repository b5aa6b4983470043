// The list of what waits. Only the rows in sight are drawn: a county cut off is thousands of them.
import type { Mode } from '@laba/domain/alert';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { Age } from '../../app/age.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import type { Row } from './rank.ts';
import { nowWords } from './words.ts';

const ROW_PX = 40;

/** Where an officer does something about it. */
function hrefOfRow({ key, kind, alertId, gridCode }: Row): string {
  if ((kind === 'approval' || kind === 'unsigned') && alertId !== null) return hrefOf('raise', 'alert', alertId);
  if (kind === 'report') return hrefOf('reports');
  if (kind === 'situation') return hrefOf('upward');
  if (kind === 'round') return hrefOf('peace', key.split(' ')[1] ?? 'patrol', gridCode ?? '');
  if (kind === 'task') return hrefOf('tasks', key.slice('task '.length));
  if (alertId !== null && kind === 'ladder') return hrefOf('board', alertId, 'ladders', gridCode ?? 'all', 'answer');
  if (alertId !== null && kind === 'missing') return hrefOf('board', alertId, 'sections', gridCode ?? 'all');
  if (kind === 'house' && (gridCode ?? '').length < 12) return hrefOf('houses');
  // From which nothing comes by the line says by telephone how it stands.
  return gridCode === null ? hrefOf('houses', 'status') : hrefOf('houses', 'status', gridCode);
}

function What({ row }: { row: Row }) {
  const say = useWords(nowWords);
  const language = useLanguage();
  const words = Object.entries(row.values).map(([name, value]): [string, string | number] => {
    if (value === null) return [name, say('nobody')];
    return [name, typeof value === 'object' ? value[language] : value];
  });
  const told = say(row.says as Parameters<typeof say>[0], Object.fromEntries(words));
  // What somebody is called is not ours to translate.
  return row.kind === 'task' || row.kind === 'unsigned' ? <Said>{told}</Said> : told;
}

export function WorstFirst({ rows, label }: { rows: readonly Row[]; label: string }) {
  const say = useWords(nowWords);
  const box = useRef<HTMLDivElement>(null);
  const shown = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (index) => rows[index]!.key,
  });
  return (
    <div ref={box} className="worst-first" role="region" aria-label={label} tabIndex={0}>
      <ul style={{ height: shown.getTotalSize() }}>
        {shown.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index]!;
          return (
            <li
              key={key}
              className={row.mode === 'live' ? row.kind : `${row.kind} drill`}
              style={{ transform: `translateY(${start}px)` }}
              data-place={row.gridCode ?? undefined}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
            >
              <b className="kind">
                <span aria-hidden="true">✕</span> {say(`kind.${row.kind}`)}
              </b>
              <span>
                <ModeTag mode={row.mode as Mode} /> <a href={hrefOfRow(row)}>{row.gridName === null ? say(`kind.${row.kind}`) : <Said>{row.gridName}</Said>}</a>
              </span>
              <span className="what">
                <What row={row} />
              </span>
              <span className="since">{row.sinceMs === null ? '' : <Age atMs={row.sinceMs} />}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
