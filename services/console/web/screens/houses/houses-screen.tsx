// The villages, each as far as it can be reached: their own houses and lines, what they say by telephone, what happened where nobody could hear them, who signs in there, and which numbers work.
import type { ComponentType } from 'react';
import { hrefOf, useRoute } from '../../app/route.ts';
import { useWords } from '../../i18n/language.ts';
import { AlonePage } from './alone/alone-page.tsx';
import { CodesPage } from './codes/codes-page.tsx';
import { GatewaysPage } from './gateways-page.tsx';
import { NumbersPage } from './numbers/numbers-page.tsx';
import { StatusPage } from './status/status-page.tsx';
import { SystemsPage } from './systems-page.tsx';
import { housesWords } from './words.ts';

/** In the address: `#/houses/name`. */
const PAGES = {
  systems: SystemsPage,
  gateways: GatewaysPage,
  status: StatusPage,
  alone: AlonePage,
  codes: CodesPage,
  numbers: NumbersPage,
} satisfies Record<string, ComponentType>;
type PageName = keyof typeof PAGES;
const NAMES = Object.keys(PAGES) as PageName[];

export function HousesScreen() {
  const say = useWords(housesWords);
  const { rest } = useRoute();
  const name = NAMES.find((one) => one === rest[0]) ?? 'systems';
  const Page = PAGES[name];
  return (
    <>
      <h1>{say('title')}</h1>
      <nav className="sub-nav" aria-label={say('pages')}>
        {NAMES.map((one) => (
          <a key={one} href={one === 'systems' ? hrefOf('houses') : hrefOf('houses', one)} aria-current={one === name ? 'page' : undefined}>
            {say(`page.${one}`)}
          </a>
        ))}
      </nav>
      <Page />
    </>
  );
}
