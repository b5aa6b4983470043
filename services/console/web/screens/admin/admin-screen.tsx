// How a county is kept: one entry of the menu, each page of it loaded when it is opened. Who may not use a page reads who may.
import { ROLES, ROLE_WORDS, roleMay, type Action, type Role } from '@laba/domain/officer';
import { Spin } from 'antd';
import { createElement, lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { session } from '../../api/session.ts';
import { hrefOf, useRoute } from '../../app/route.ts';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { adminWords } from './words.ts';

interface AdminPage {
  /** In the address: `#/admin/name`. */
  name: 'officers' | 'imports' | 'policy' | 'audit';
  action: Action;
  page: LazyExoticComponent<ComponentType>;
}

const PAGES: readonly [AdminPage, ...AdminPage[]] = [
  { name: 'officers', action: 'officer.manage', page: lazy(async () => ({ default: (await import('./officers/officers-page.tsx')).OfficersPage })) },
  { name: 'imports', action: 'people.import', page: lazy(async () => ({ default: (await import('./imports/imports-page.tsx')).ImportsPage })) },
  { name: 'policy', action: 'alert.read', page: lazy(async () => ({ default: (await import('./policy/policy-page.tsx')).PolicyPage })) },
  { name: 'audit', action: 'officer.manage', page: lazy(async () => ({ default: (await import('./audit/audit-page.tsx')).AuditPage })) },
];

function NotYours({ role, action }: { role: Role; action: Action }) {
  const say = useWords(adminWords);
  const language = useLanguage();
  const roles = ROLES.filter((one) => roleMay(one, action)).map((one) => ROLE_WORDS[one][language]);
  return (
    <section>
      <p role="note">{say('notYours', { role: ROLE_WORDS[role][language], roles: roles.join(language === 'zh' ? '、' : ', ') })}</p>
    </section>
  );
}

export function AdminScreen() {
  const say = useWords(adminWords);
  const frame = useWords(frameWords);
  const standing = useStore(session);
  const { rest } = useRoute();
  const current = PAGES.find(({ name }) => name === rest[0]) ?? PAGES[0];
  if (!('officer' in standing)) return null;
  const { role } = standing.officer;
  return (
    <div className="admin">
      <h1>{say('title')}</h1>
      <nav className="sub-nav" aria-label={say('pages')}>
        {PAGES.map(({ name }) => (
          <a key={name} href={hrefOf('admin', name)} aria-current={name === current.name ? 'page' : undefined}>
            {say(name)}
          </a>
        ))}
      </nav>
      {roleMay(role, current.action) ? (
        <Suspense fallback={<Spin description={frame('loading')} />}>{createElement(current.page)}</Suspense>
      ) : (
        <NotYours role={role} action={current.action} />
      )}
    </div>
  );
}
