// What every screen must keep: contrast of WCAG AA, a name on every field, no sideways scrolling. Run inside the browser, as text.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const CONTRAST = `(() => {
  const parse = (text) => { const m = text.match(/[\\d.]+/g).map(Number); return { rgb: m.slice(0, 3), a: m[3] ?? 1 }; };
  const light = ([r, g, b]) => { const f = (c) => { const s = c / 255; return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; }; return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
  const behind = (node) => { for (let at = node; at; at = at.parentElement) { const { rgb, a } = parse(getComputedStyle(at).backgroundColor); if (a > 0.99) return rgb; } return [255, 255, 255]; };
  const faults = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].filter((child) => child.nodeType === 3 && child.textContent.trim() !== '').map((child) => child.textContent.trim()).join(' ');
    // What cannot be used may be paler (WCAG 1.4.3).
    if (own === '' || node.getClientRects().length === 0 || node.closest(':disabled, [aria-disabled=true], noscript, option')) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(parse(style.color).rgb), light(behind(node))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) faults.push(own.slice(0, 40) + ': ' + ratio.toFixed(2));
  }
  return faults;
})()`;

const NAMELESS = `[...document.querySelectorAll('input, select, textarea, button, a, audio')].filter((node) => node.getClientRects().length > 0 && node.type !== 'hidden')
  .filter((node) => !(node.labels?.length > 0) && !node.getAttribute('aria-label') && !node.textContent.trim() && !(node.tagName === 'AUDIO')).map((node) => node.outerHTML.slice(0, 120))`;

const STYLED = `[...document.querySelectorAll('link[rel=stylesheet]')].every((link) => link.sheet !== null)`;

const SIDEWAYS = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

// Needs scripts in the page: what is shown without them is the same document and is looked at with them.
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  return found.flatMap((one) => one.nodes.slice(0, 3).map((node) => `${one.id}: ${node.html.slice(0, 120)}`));
}

/** What is wrong with the screen as it stands, by axe-core for WCAG 2.2 AA and by our own rules; empty when it is fit to be read. */
export async function unreadable(page: Page): Promise<string[]> {
  // A page that has come without its style yet is not the one that people see.
  await page.waitForLoadState('load');
  await page.waitForFunction(STYLED);
  const [pale, nameless, sideways] = [await page.evaluate<string[]>(CONTRAST), await page.evaluate<string[]>(NAMELESS), await page.evaluate<number>(SIDEWAYS)];
  const axe = (await violations(page)).map((one) => `axe: ${one}`);
  return [
    ...axe,
    ...pale.map((one) => `pale: ${one}`),
    ...nameless.map((one) => `no name: ${one}`),
    ...(sideways > 0 ? [`scrolls sideways by ${sideways} px`] : []),
  ];
}

/** Holds a button by the pointer for so long; 1.2 s are asked for. */
export async function press(page: Page, selector: string, ms: number): Promise<void> {
  const button = page.locator(selector).first();
  await button.scrollIntoViewIfNeeded();
  const box = (await button.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.waitForTimeout(ms);
  await page.mouse.up();
}
