// A new account: who, as what, and where. The password is his own to set, by the link that is shown once.
import { LIMITS } from '@laba/domain/limits';
import { ROLES, ROLE_WORDS, type Officer, type Role } from '@laba/domain/officer';
import type { MadeOfficer } from '@laba/domain/officer-view';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { newKey, post } from '../../../api/client.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { queries } from '../../../app/queries.ts';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { AreaStep } from '../../raise/area-step.tsx';
import type { Slip } from './link-slip.tsx';
import { OFFICERS } from './officers.ts';
import { officersWords } from './words.ts';

interface Draft {
  username: string;
  name: string;
  role: Role;
  scopes: string[];
}

const USERNAME_CHARS = 32;

/** Those of a prefecture's house make each other, those of a county theirs. */
export const rolesFor = (me: Pick<Officer, 'role'>): Role[] => ROLES.filter((role) => (role === 'prefecture-officer') === (me.role === 'prefecture-officer'));

function ScopesField({ value = [], onChange }: { value?: string[]; onChange?: (codes: string[]) => void }) {
  const say = useWords(officersWords);
  return <AreaStep areas={value} onChange={(codes) => onChange?.(codes)} name={say('scopes')} />;
}

function useMake(onLink: (slip: Slip) => void) {
  const [form] = Form.useForm<Draft>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const make = async (draft: Draft) => {
    setBusy(true);
    setError(undefined);
    try {
      const { officer, firstLink } = await post<MadeOfficer>(OFFICERS, draft, { key: newKey() });
      onLink({ name: officer.name, username: officer.username, path: firstLink.path });
      form.resetFields();
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
    await queries.invalidateQueries({ queryKey: [OFFICERS] });
  };
  return { form, error, isBusy, make };
}

export function MakeForm({ me, onLink }: { me: Officer; onLink: (slip: Slip) => void }) {
  const say = useWords(officersWords);
  const language = useLanguage();
  const { form, error, isBusy, make } = useMake(onLink);
  const filled = { required: true, whitespace: true, message: say('required') };
  return (
    <section aria-labelledby="make-title">
      <h2 id="make-title">{say('make')}</h2>
      <Form form={form} layout="vertical" onFinish={(draft: Draft) => void make(draft)} requiredMark={false}>
        <Form.Item name="name" label={say('name')} rules={[filled]}>
          <Input autoComplete="off" maxLength={LIMITS.nameChars} />
        </Form.Item>
        <Form.Item name="username" label={say('username')} extra={say('usernameHint')} rules={[filled]}>
          <Input autoComplete="off" maxLength={USERNAME_CHARS} />
        </Form.Item>
        <Form.Item name="role" label={say('role')} rules={[{ required: true, message: say('chooseRole') }]}>
          <Select options={rolesFor(me).map((role) => ({ value: role, label: ROLE_WORDS[role][language] }))} />
        </Form.Item>
        <Form.Item
          name="scopes"
          label={say('scopes')}
          extra={say('scopesHint')}
          rules={[{ required: true, type: 'array', min: 1, message: say('chooseScopes') }]}
        >
          <ScopesField />
        </Form.Item>
        {error === undefined ? null : <ProblemNote error={error} />}
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {say('makeYes')}
        </Button>
      </Form>
    </section>
  );
}
