// The sections (分组布阵): per group needed and have; who is out and not heard of stands first.
import type { SectionGroupView, SectionsView } from '@laba/domain/board-view';
import { Age, AsOf } from '../../app/age.tsx';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { hrefOfList, useBoard } from './board-context.ts';
import { useSections } from './board-reads.ts';
import { Chip } from './chips.tsx';
import { unansweredOf } from './commanders.tsx';
import { NextStep } from './next-step.tsx';
import { RowMode } from './row-mode.tsx';
import { sectionWords } from './section-words.ts';
import { VirtualList } from './virtual-list.tsx';
import { Watches } from './watches.tsx';
import { boardWords } from './words.ts';

const isUnfillable = ({ sections }: SectionGroupView) => sections.some((one) => one.unfillable);
const lacks = ({ needed, have }: SectionGroupView) => Math.max(0, needed - have);

const overdueIn = (view: SectionsView | undefined, code: string) => (view?.watches ?? []).filter((watch) => watch.overdue && watch.gridCode === code).length;

/** People who are not heard of before a commander who has not answered; anything else after both. */
const alarmIn = (view: SectionsView | undefined, code: string) =>
  overdueIn(view, code) > 0 ? 2 : view !== undefined && unansweredOf(view, code) !== undefined ? 1 : 0;

/** Where somebody is not heard of or silent first, then where nobody is left to be chosen, then where the most are missing. */
export function groupsOf(pages: readonly SectionsView[]): SectionGroupView[] {
  const alarm = ({ code }: SectionGroupView) => alarmIn(pages[0], code);
  return pages
    .flatMap(({ groups }) => groups)
    .toSorted((a, b) => alarm(b) - alarm(a) || Number(isUnfillable(b)) - Number(isUnfillable(a)) || lacks(b) - lacks(a) || a.code.localeCompare(b.code));
}

/** What cannot wait, by the name of the place. */
function Alarms({ view, code }: { view: SectionsView | undefined; code: string }) {
  const say = useWords(sectionWords);
  const overdue = overdueIn(view, code);
  const silent = view === undefined ? undefined : unansweredOf(view, code);
  return (
    <>
      {overdue === 0 ? null : <Chip look={['✕', 'bad']} word={say('notHeardOf')} n={overdue} />}{' '}
      {silent === undefined ? null : (
        <>
          <Chip look={['✕', 'bad']} word={say('noYes')} /> <Age atMs={Date.parse(silent.namedAt)} />
        </>
      )}
    </>
  );
}

interface SectionRowProps {
  group: SectionGroupView;
  view: SectionsView | undefined;
  href: string | undefined;
}

export function SectionRow({ group, view, href }: SectionRowProps) {
  const say = useWords(boardWords);
  const language = useLanguage();
  const { isOver } = useBoard();
  const isShort = group.have < group.needed;
  const name = <Said>{group.name}</Said>;
  return (
    <div className="section-row" data-section={group.code}>
      <span>
        <RowMode /> <Chip look={isShort ? ['✕', 'bad'] : ['✓', 'good']} word={say(isShort ? 'short' : 'enough')} n={`${group.have} / ${group.needed}`} />{' '}
        <b>
          {href === undefined ? (
            name
          ) : (
            <a href={href} data-cell={`sections ${group.code}`}>
              {name}
            </a>
          )}
        </b>{' '}
        <Alarms view={view} code={group.code} />
      </span>
      <span className="chips">
        {group.sections.map((one) => (
          <Chip
            key={one.section}
            look={one.have < one.needed ? [one.unfillable ? '⊘' : '○', one.unfillable ? 'bad' : 'warn'] : ['✓', 'good']}
            word={one.unfillable ? `${one.words[language]} (${say('unfillable')})` : one.words[language]}
            n={`${one.have}/${one.needed}`}
          />
        ))}
      </span>
      <span className="small">
        {say('takenFrom', { reach: group.reachWords[language] })}
        {group.shortSince === null ? null : (
          <>
            {' · '}
            {say('shortSince')} <Age atMs={Date.parse(group.shortSince)} />
          </>
        )}
        {isShort ? <NextStep words={say(isOver ? 'next.over' : isUnfillable(group) ? 'next.unfillable' : 'next.fill')} /> : null}
      </span>
    </div>
  );
}

export function Sections() {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { data, dataUpdatedAt } = useSections(alertId);
  const first = data?.pages[0];
  if (data === undefined || first === undefined || first.groups.length === 0) return null;
  return (
    <section aria-labelledby="sections-title">
      <div className="spread">
        <h2 id="sections-title">{say('sections')}</h2>
        <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
      </div>
      <Watches view={first} code={undefined} />
      <VirtualList
        rows={groupsOf(data.pages)}
        keyOf={({ code }) => code}
        label={say('sections')}
        draw={(group) => <SectionRow group={group} view={first} href={hrefOfList(alertId, 'sections', group.code)} />}
      />
    </section>
  );
}
