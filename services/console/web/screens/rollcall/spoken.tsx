// What the villages told by mouth of how many are out, beside what is counted by name: never in the figures.
import type { SpokenView } from '@laba/domain/board-view';
import { roleMay } from '@laba/domain/officer';
import { session } from '../../api/session.ts';
import { Age } from '../../app/age.tsx';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { useRoll } from './roll-context.ts';
import { ALL } from './roll-reads.ts';
import { rollWords } from './words.ts';

type Told = SpokenView['statuses'][number];

function Line({ told }: { told: Told }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const { counts, expected } = told;
  const said = [
    counts.households === null ? '' : say('saidHouseholds', { n: counts.households, total: expected.households }),
    counts.persons === null ? '' : say('saidPersons', { n: counts.persons, total: expected.persons }),
    counts.moved === null ? '' : say('saidMoved', { n: counts.moved }),
    counts.missing === null ? '' : say('saidMissing', { n: counts.missing }),
    counts.injured === null ? '' : say('saidInjured', { n: counts.injured }),
  ].filter((words) => words !== '');
  return (
    <li className={told.isGrave ? 'bad' : undefined}>
      <Said>{told.gridName}</Said> {told.meansWords[language]}: {said.length === 0 ? say('saidNothing') : said.join(' · ')} <Age atMs={told.saidAtMs} />
    </li>
  );
}

function Told({ code }: { code: string }) {
  const say = useWords(rollWords);
  const { alertId } = useRoll();
  const { data } = useRead<SpokenView>(`/api/v1/statuses?alertId=${encodeURIComponent(alertId)}&newest=true`, { changedBy: /^(status|contact)\./ });
  const told = (data?.statuses ?? []).filter(({ gridCode }) => code === ALL || gridCode.startsWith(code));
  if (told.length === 0) return null;
  return (
    <div className="small">
      <b>{say('statuses')}</b>
      <ul className="plain-list">
        {told.map((one) => (
          <Line key={one.id} told={one} />
        ))}
      </ul>
    </div>
  );
}

export function Spoken({ code }: { code: string }) {
  const standing = useStore(session);
  if (!('officer' in standing) || !roleMay(standing.officer.role, 'status.read')) return null;
  return <Told code={code} />;
}
