// A list of which only the rows in sight are drawn: a county has thousands. Rows are as high as their words need.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type ReactNode } from 'react';

interface VirtualListProps<T> {
  rows: readonly T[];
  keyOf: (row: T) => string;
  draw: (row: T) => ReactNode;
  label: string;
  className?: string;
}

const ROW_PX = 56;

export function VirtualList<T>({ rows, keyOf, draw, label, className = '' }: VirtualListProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    getItemKey: (index) => keyOf(rows[index]!),
  });
  return (
    <div ref={box} className={`virtual ${className}`} role="region" aria-label={label} tabIndex={0}>
      <ul style={{ height: shown.getTotalSize() }}>
        {shown.getVirtualItems().map(({ index, start, key }) => (
          <li
            key={key}
            ref={shown.measureElement}
            data-index={index}
            style={{ transform: `translateY(${start}px)` }}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
          >
            {draw(rows[index]!)}
          </li>
        ))}
      </ul>
    </div>
  );
}
