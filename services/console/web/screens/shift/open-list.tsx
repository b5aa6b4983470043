// What was or is open: how many of each kind, and which; the same words stand on paper.
import { OPEN_KIND_NAMES, OPEN_KINDS } from '@laba/domain/shift';
import type { OpenItem, OpenThings } from '@laba/domain/shift-view';
import { Age } from '../../app/age.tsx';
import { inZoneOf } from '../../app/county-time.ts';
import { ModeTag } from '../../app/mode-tag.tsx';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { clockOf } from './shift.ts';
import { shiftWords } from './words.ts';

/** `asOf`: of what was signed; then it says when it began, for its age goes on no more. */
function Item({ item, asOf }: { item: OpenItem; asOf: string | undefined }) {
  const language = useLanguage();
  return (
    <li>
      <ModeTag mode={item.mode} /> <Said>{item[language]}</Said>
      {item.sinceMs === null ? null : <small> · {asOf === undefined ? <Age atMs={item.sinceMs} /> : inZoneOf(asOf, item.sinceMs)}</small>}
    </li>
  );
}

/** `isSigned`: as it stood then. */
export function OpenList({ things, isSigned = false }: { things: OpenThings; isSigned?: boolean }) {
  const say = useWords(shiftWords);
  const language = useLanguage();
  const kinds = OPEN_KIND_NAMES.filter((kind) => things.counts[kind] > 0);
  if (kinds.length === 0) return <p className="empty">✓ {say('nothingOpen')}</p>;
  return (
    <div className="open-things" role="region" aria-label={`${say('openNow')} ${clockOf(things.asOf)}`} tabIndex={0}>
      {kinds.map((kind) => {
        const named = things.items.filter((item) => item.kind === kind);
        const more = things.counts[kind] - named.length;
        return (
          <div key={kind} data-open={kind}>
            <h4>
              <span aria-hidden="true">✕</span> {OPEN_KINDS[kind][language]} <b className="figure">{things.counts[kind]}</b>
            </h4>
            <ul>
              {named.map((item) => (
                <Item key={item.key} item={item} asOf={isSigned ? things.asOf : undefined} />
              ))}
              {more > 0 ? <li>{say('more', { n: more })}</li> : null}
            </ul>
          </div>
        );
      })}
    </div>
  );
}
