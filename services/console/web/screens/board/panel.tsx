// Beside the board: the list that a figure opened, or what happened with one of its rows. Not over the board, which goes on.
import { Button } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { placeName, usePlaces } from '../../app/places.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useWords } from '../../i18n/language.ts';
import { ANSWER, hrefOfList, LISTS, useBoard, type ListName } from './board-context.ts';
import { HouseholdList, PlaceList } from './household-lists.tsx';
import { JoiningPanel } from './joining-panel.tsx';
import { LadderPanel } from './ladder-panel.tsx';
import { MemberList } from './member-list.tsx';
import type { ListProps } from './row-list.tsx';
import { RowMode } from './row-mode.tsx';
import { SectionPanel } from './section-panel.tsx';
import { SiteList, SpeakerList } from './speaker-lists.tsx';
import { boardWords } from './words.ts';

/** What of the board is open: a list, of which place, and which of its rows. */
export interface Opened {
  list: string;
  code: string;
  target: string | undefined;
}

const DRAWN: Record<ListName, (props: ListProps) => ReactNode> = {
  speakers: SpeakerList,
  members: MemberList,
  households: HouseholdList,
  places: PlaceList,
  sites: SiteList,
  ladders: LadderPanel,
  sections: SectionPanel,
  joining: JoiningPanel,
};

/** Words that nobody has sent yet are not thrown away by one key: it leaves the field, and only the next one the panel. */
const isTyped = (at: EventTarget | null) => at instanceof HTMLInputElement && at.type === 'text' && at.value !== '';

export function Panel({ opened }: { opened: Opened }) {
  const say = useWords(boardWords);
  const places = usePlaces();
  const { alertId } = useBoard();
  const title = useRef<HTMLHeadingElement>(null);
  const { code, target } = opened;
  const list = LISTS.find((name) => name === opened.list) ?? 'speakers';
  const Drawn = DRAWN[list];
  const isAll = code === 'all';
  // Who opened a form is to write: it takes the focus itself.
  useEffect(() => {
    if (target !== ANSWER) title.current?.focus();
  }, [list, code, target]);
  useEffect(() => {
    // A window over the panel is closed first; asked before that window hears the key and is gone.
    const onKey = ({ key, target: at }: KeyboardEvent) => {
      if (key !== 'Escape' || document.querySelector('[role=dialog]') !== null) return;
      if (target === ANSWER) location.assign(hrefOfList(alertId, list, code));
      else if (isTyped(at)) title.current?.focus();
      else location.assign(hrefOf('board', alertId));
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [alertId, list, code, target]);
  return (
    <aside className="panel" aria-labelledby="panel-title">
      <div className="spread">
        <h2 id="panel-title" ref={title} tabIndex={-1}>
          <RowMode /> {isAll ? say('all') : <Said>{placeName(places, code)}</Said>} · {say(list)}
        </h2>
        <Button href={hrefOf('board', alertId)}>{say('close')}</Button>
      </div>
      {target === undefined ? null : (
        <p>
          <a href={hrefOfList(alertId, list, code)}>← {say('back')}</a>
        </p>
      )}
      <Drawn key={`${list} ${code}`} code={isAll ? undefined : code} target={target} />
    </aside>
  );
}
