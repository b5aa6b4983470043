// The sections (分组布阵): per group needed and have; who is out and not heard of stands first.
import type { SectionGroupView, SectionsView } from '@laba/domain/board-view';
import { Age, AsOf } from '../../app/age.tsx';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { hrefOfList, useBoard } from './board-context.ts';
import { useSections } from './board-reads.ts';
import { Chip } from './chips.tsx';
import { NextStep } from './next-step.tsx';
import { RowMode } from './row-mode.tsx';
import { VirtualList } from './virtual-list.tsx';
import { boardWords } from './words.ts';

const isUnfillable = ({ sections }: SectionGroupView) => sections.some((one) => one.unfillable);
const lacks = ({ needed, have }: SectionGroupView) => Math.max(0, needed - have);

/** Where nobody is left to be chosen first, then where the most are missing. */
export const groupsOf = (pages: readonly SectionsView[]): SectionGroupView[] =>
  pages
    .flatMap(({ groups }) => groups)
    .toSorted((a, b) => Number(isUnfillable(b)) - Number(isUnfillable(a)) || lacks(b) - lacks(a) || a.code.localeCompare(b.code));

export function SectionRow({ group, href }: { group: SectionGroupView; href: string | undefined }) {
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
        </b>
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

/** Pairs that are out and people who were called back: the overdue ones first. */
export function Watches({ view, code }: { view: SectionsView; code: string | undefined }) {
  const say = useWords(boardWords);
  const out = view.watches.filter(({ state, gridCode }) => state === 'out' && (code === undefined || gridCode.startsWith(code)));
  if (out.length === 0) return null;
  return (
    <ul className="plain-list">
      {out
        .toSorted((a, b) => Number(b.overdue) - Number(a.overdue))
        .map((watch) => (
          <li key={watch.id} className={watch.overdue ? 'bad' : ''}>
            <RowMode /> <Chip look={watch.overdue ? ['✕', 'bad'] : ['➜', 'idle']} word={say(`watch.${watch.kind}`)} />{' '}
            <Said>
              {watch.members
                .filter(({ backAt }) => backAt === null)
                .map(({ name, memberId }) => name ?? memberId)
                .join(' · ')}
            </Said>{' '}
            {say(watch.overdue ? 'notBack' : 'outUntil', { at: watch.dueAt.slice(11, 16) })}
          </li>
        ))}
    </ul>
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
        draw={(group) => <SectionRow group={group} href={hrefOfList(alertId, 'sections', group.code)} />}
      />
    </section>
  );
}
