// Peacetime: what is due, done, missed and not yet due, village by village.
import { ROUND_KIND_NAMES, type RoundKind } from '@laba/domain/round';
import type { PeaceView, RoundFigures } from '@laba/domain/round-view';
import { AsOf } from '../../app/age.tsx';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useWords } from '../../i18n/language.ts';
import { worstFirst } from './peace.ts';
import { peaceWords } from './words.ts';

const PARTS = ['due', 'kept', 'missed', 'open'] as const;

function Cells({ kind, figures }: { kind: RoundKind; figures: RoundFigures }) {
  return PARTS.map((part) => (
    <td key={part} className={figures[part] === 0 ? 'figure zero' : part === 'missed' ? 'figure bad' : 'figure'} data-figure={`${kind} ${part}`}>
      {part === 'missed' && figures.missed > 0 ? <span aria-hidden="true">✕ </span> : null}
      {figures[part]}
    </td>
  ));
}

function Head() {
  const say = useWords(peaceWords);
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={2}>
          {say('village')}
        </th>
        {ROUND_KIND_NAMES.map((kind) => (
          <th key={kind} scope="colgroup" colSpan={PARTS.length}>
            {say(`kind.${kind}`)} <small>{say(`of.${kind}`)}</small>
          </th>
        ))}
      </tr>
      <tr>
        {ROUND_KIND_NAMES.flatMap((kind) =>
          PARTS.map((part) => (
            <th key={`${kind} ${part}`} scope="col">
              {say(part)}
            </th>
          )),
        )}
      </tr>
    </thead>
  );
}

export function Figures({ view }: { view: PeaceView }) {
  const say = useWords(peaceWords);
  return (
    <section aria-labelledby="peace-figures">
      <div className="spread">
        <h2 id="peace-figures">{say('figures')}</h2>
        <AsOf atMs={view.asOfMs} />
      </div>
      <p className="small">{say('watched', view.watched)}</p>
      {view.villages.length === 0 ? (
        <p className="empty">{say('none')}</p>
      ) : (
        <div className="wide peace-figures" role="region" aria-label={say('figures')} tabIndex={0}>
          <table className="figures">
            <Head />
            <tbody>
              <tr className="all">
                <th scope="row">{say('all')}</th>
                {ROUND_KIND_NAMES.map((kind) => (
                  <Cells key={kind} kind={kind} figures={view.total[kind]} />
                ))}
              </tr>
              {worstFirst(view.villages).map((village) => (
                <tr key={village.gridCode} data-village={village.gridCode}>
                  <th scope="row">
                    <a href={hrefOf('peace', 'patrol', village.gridCode)} aria-label={village.gridName} translate="no">
                      <Said>{village.gridName}</Said>
                    </a>
                  </th>
                  {ROUND_KIND_NAMES.map((kind) => (
                    <Cells key={kind} kind={kind} figures={village[kind]} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
