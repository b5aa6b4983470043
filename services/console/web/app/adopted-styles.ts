// Stands for the component library's own way to add styles: sheets that the page adopts, because the content policy of the house takes no style elements.
// Same names and order as `@rc-component/util/es/Dom/dynamicCSS` and `@ant-design/icons/es/cssUtils`, which the build replaces by this file.

interface Options {
  /** Which family of sheets the key belongs to. */
  mark?: string;
  prepend?: boolean | 'queue';
  /** Among those that are prepended in a queue: the smaller comes first. */
  priority?: number;
}

/** What its callers write on a style element and nobody here reads. */
interface Adopted {
  key: string;
  rank: number;
  css: string;
  sheet: CSSStyleSheet;
  setAttribute: (name: string, value: string) => void;
}

const adopted: Adopted[] = [];

const keyOf = (key: string, { mark }: Options) => `${mark ?? ''} ${key}`;

function rankOf({ prepend, priority = 0 }: Options): number {
  if (prepend === 'queue') return priority;
  return prepend ? -Infinity : Infinity;
}

/** Adds the sheet, or writes the one of this key anew. */
export function updateCSS(css: string, key: string, options: Options = {}): Adopted {
  const id = keyOf(key, options);
  const known = adopted.find((one) => one.key === id);
  if (known !== undefined) {
    if (known.css !== css) known.sheet.replaceSync(css);
    known.css = css;
    return known;
  }
  const one: Adopted = { key: id, rank: rankOf(options), css, sheet: new CSSStyleSheet(), setAttribute: () => {} };
  one.sheet.replaceSync(css);
  const later = adopted.findIndex(({ rank }) => rank > one.rank);
  const at = later === -1 ? adopted.length : later;
  adopted.splice(at, 0, one);
  document.adoptedStyleSheets.splice(at, 0, one.sheet);
  return one;
}

export function injectCSS(css: string, options: Options = {}): Adopted {
  return updateCSS(css, `injected-${adopted.length}`, options);
}

export function removeCSS(key: string, options: Options = {}): void {
  const at = adopted.findIndex((one) => one.key === keyOf(key, options));
  if (at === -1) return;
  adopted.splice(at, 1);
  document.adoptedStyleSheets.splice(at, 1);
}

export function clearContainerCache(): void {}

/** What the icons' own copy of this file has besides. Nothing of the console stands in a shadow tree. */
export const getShadowRoot = (): null => null;

export function warningOnce(): void {}
