// Who does it: a real person of the place or an officer who answers for it, found by name; or whoever's post it is.
import { POSTS } from '@laba/domain/member';
import { ROLE_WORDS } from '@laba/domain/officer';
import type { TaskOwnersView } from '@laba/domain/task-view';
import { Select } from 'antd';
import { useState } from 'react';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { tasksWords } from './words.ts';

export type Owner = { memberId: string } | { officerId: string };

const valueOf = (owner: Owner) => ('memberId' in owner ? `member ${owner.memberId}` : `officer ${owner.officerId}`);

function ownerOf(value: string): Owner | undefined {
  const [kind, id] = value.split(' ');
  if (id === undefined) return undefined;
  return kind === 'member' ? { memberId: id } : { officerId: id };
}

interface OwnerSelectProps {
  /** Where the work is. */
  grid: string;
  owner: Owner | undefined;
  onChange: (owner: Owner | undefined) => void;
  /** Whether the house may choose by post. */
  mayBeNobody: boolean;
}

export function OwnerSelect({ grid, owner, onChange, mayBeNobody }: OwnerSelectProps) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  const [name, setName] = useState('');
  const { data } = useRead<TaskOwnersView>(`/api/v1/task-owners?grid=${grid}&name=${encodeURIComponent(name)}`, { every: false });
  const members = (data?.members ?? []).map(({ id, name: called, post, gridName }) => ({
    value: valueOf({ memberId: id }),
    label: [called, post === null ? '' : POSTS[post][language], gridName].filter(Boolean).join(' · '),
  }));
  const officers = (data?.officers ?? []).map(({ id, name: called, role }) => ({
    value: valueOf({ officerId: id }),
    label: `${called} · ${ROLE_WORDS[role][language]}`,
  }));
  const groups = [
    ...(mayBeNobody ? [{ value: 'post', label: say('byPost') }] : []),
    ...(members.length === 0 ? [] : [{ label: say('members'), title: say('members'), options: members }]),
    ...(officers.length === 0 ? [] : [{ label: say('officers'), title: say('officers'), options: officers }]),
  ];
  return (
    <Select
      aria-label={say('chooseOwner')}
      className="owner-select"
      value={owner === undefined ? (mayBeNobody ? 'post' : null) : valueOf(owner)}
      placeholder={say('ownerSearch')}
      showSearch={{ filterOption: false, onSearch: setName }}
      options={groups}
      optionRender={({ label, value }) => (value === 'post' ? label : <Said>{label}</Said>)}
      labelRender={({ label, value }) => (value === 'post' ? label : <Said>{label}</Said>)}
      notFoundContent={say('noSuchPerson')}
      onChange={(value: string | null) => onChange(ownerOf(value ?? ''))}
    />
  );
}
