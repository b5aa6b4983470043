// The officers' console in a real browser: signed in, a screen open, and what of it is not in the reader's language.
import type { BrowserContext, Page } from 'playwright-core';
import type { ShownHouse } from './shown-house.ts';

export const DESK = { width: 1280, height: 900 };

/** Signs in by the console's own page; `screen` as in its address. */
export async function openConsole(shown: ShownHouse, username: string, screen = 'now', context?: BrowserContext): Promise<Page> {
  const page = await (context ?? (await shown.browser.newContext({ viewport: DESK }))).newPage();
  shown.watch(
    page,
    /status of 4(0[0139]|13|22)|ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|INTERNET_DISCONNECTED|CONNECTION_RESET|EMPTY_RESPONSE)|status of 503/,
  );
  await page.goto(`${shown.url}/console/#/${screen}`);
  await enter(shown, page, username);
  await page.waitForSelector('main section');
  return page;
}

/** Fills in whatever sign-in form is shown. */
export async function enter(shown: ShownHouse, page: Page, username: string): Promise<void> {
  await page.waitForSelector('input[name=password]');
  await page.fill('input[name=username]', username);
  await page.fill('input[name=password]', shown.loginOf(username).password);
  await page.click('form button[type=submit]:has-text("登录"), form button[type=submit]:has-text("Sign in")');
}

export async function until(done: () => Promise<boolean>, ms = 20_000): Promise<number> {
  const begun = performance.now();
  while (!(await done())) {
    if (performance.now() - begun > ms) throw new Error('It did not come to pass on the screen.');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return performance.now() - begun;
}

// Names and words of people stay as they are (`translate="no"`); what is left is the console's own.
const OWN_WORDS = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.parentElement.closest('[translate=no], script, style, noscript, kbd') === null && node.parentElement.getClientRects().length > 0) found.push(node.data.trim());
  for (const one of document.querySelectorAll('[aria-label], [placeholder], [title]'))
    if (one.closest('[translate=no]') === null) found.push(one.getAttribute('placeholder') ?? '', one.getAttribute('title') ?? '');
  return found.filter(Boolean);
})()`;

const HAN = /[\u3400-\u9fff]/;

/** Words on the screen that are not in the language that was asked for. */
export async function untranslated(page: Page, language: 'zh' | 'en'): Promise<string[]> {
  const words = await page.evaluate<string[]>(OWN_WORDS);
  return words.filter((word) => (language === 'en' ? HAN.test(word) : /[A-Za-z]{3,}/.test(word) && !HAN.test(word)));
}
