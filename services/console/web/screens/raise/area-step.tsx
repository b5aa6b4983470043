// Step 2: where: places ticked in the tree of the officer's own grid, found by name, by the first letters of its sounds, or by code.
import { isWithin, lineage } from '@laba/domain/grid';
import { TreeSelect, type GetRef } from 'antd';
import { useId, useMemo, useState, type ReactNode, type Ref } from 'react';
import { usePlaces, type Place } from '../../app/places.ts';
import { useWords } from '../../i18n/language.ts';
import { initialsOf } from './initials.ts';
import { raiseWords } from './words.ts';

interface Node {
  value: string;
  title: ReactNode;
  /** What is searched for, where this one is found by it: the list and the key Enter then agree on which is the first. */
  found: string;
  /** Not the whole county by an Enter too many: it is searched for, or ticked by the pointer. */
  selectable: boolean;
  disabled: boolean;
  children: Node[];
}

/** The sounds of a county's names are looked up once. */
interface Findable {
  place: Place;
  isFound: (wanted: string) => boolean;
}

/** By a part of its name or code, or by the first letters of its sounds from the beginning: in their middle every third group would be found. */
function findable(place: Place): Findable {
  const initials = initialsOf(place.name);
  const isFound = (wanted: string) => place.name.includes(wanted) || place.code.includes(wanted) || initials.startsWith(wanted.toLowerCase());
  return { place, isFound };
}

function nodesOf(all: readonly Findable[], areas: readonly string[], wanted: string, covered: string): Node[] {
  const nodes = new Map<string, Node>();
  const roots: Node[] = [];
  for (const { place, isFound } of all) {
    const { code, name } = place;
    const isCovered = areas.some((area) => area !== code && isWithin(area, code));
    const title = (
      <span>
        <bdi translate="no">
          {name} <small>{code}</small>
        </bdi>
        {isCovered ? ` ✓ ${covered}` : null}
      </span>
    );
    const above = lineage(code).findLast((one) => one !== code && nodes.has(one));
    const selectable = wanted !== '' || above !== undefined;
    const found = isFound(wanted.trim()) ? wanted.toLowerCase() : '';
    const node: Node = { value: code, title, found, selectable, disabled: isCovered, children: [] };
    nodes.set(code, node);
    (above === undefined ? roots : nodes.get(above)!.children).push(node);
  }
  return roots;
}

export type AreaHandle = GetRef<typeof TreeSelect>;

interface AreaStepProps {
  areas: readonly string[];
  onChange: (areas: string[]) => void;
  handle?: Ref<AreaHandle>;
  /** What is chosen here, where it is not an alert's area. */
  name?: string;
}

export function AreaStep({ areas, onChange, handle = null, name }: AreaStepProps) {
  const say = useWords(raiseWords);
  const id = useId();
  const places = usePlaces();
  const [wanted, want] = useState('');
  const all = useMemo(() => [...places.values()].sort((a, b) => a.code.localeCompare(b.code)).map(findable), [places]);
  const covered = say('covered');
  const tree = useMemo(() => nodesOf(all, areas, wanted, covered), [all, areas, wanted, covered]);
  const value = areas.map((code) => ({ value: code, label: <bdi translate="no">{places.get(code)?.name ?? code}</bdi> }));
  return (
    <div className="field">
      <TreeSelect
        ref={handle}
        id={id}
        // The box says that it opens a list of this name; the library gives its tree none.
        popupRender={(menu) => <div id={`${id}_list`}>{menu}</div>}
        aria-label={name ?? say('area')}
        className="area-select"
        treeData={tree}
        value={value}
        // Each place for itself: a village is never ticked because its only group was.
        treeCheckable
        treeCheckStrictly
        treeDefaultExpandedKeys={tree.map((node) => node.value)}
        showSearch={{ searchValue: wanted, onSearch: want, treeNodeFilterProp: 'found' }}
        onChange={(chosen: readonly { value: string }[]) => {
          want('');
          onChange(chosen.map((one) => one.value));
        }}
        placeholder={say('areaSearch')}
        notFoundContent={say('noPlace')}
      />
      <small>{say('areaHint')}</small>
    </div>
  );
}
