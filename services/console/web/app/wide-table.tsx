// A table that may be wider than its place: the keyboard can scroll it, and it says what it is.
import type { ReactNode } from 'react';

interface Column {
  key: string;
  words: string;
}

/** The columns of `keys`, each by its word. */
export const columnsOf = <K extends string>(keys: readonly K[], say: (key: K) => string): Column[] => keys.map((key) => ({ key, words: say(key) }));

/** Without columns it has no head. `children`: its rows. */
export function WideTable({ name, columns, look, children }: { name: string; columns: readonly Column[]; look?: string; children: ReactNode }) {
  return (
    <div className="wide" role="region" aria-label={name} tabIndex={0}>
      <table className={look}>
        {columns.length === 0 ? null : (
          <thead>
            <tr>
              {columns.map(({ key, words }) => (
                <th key={key} scope="col">
                  {words}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
