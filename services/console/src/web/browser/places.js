// The grid as this officer may see it: names, a search box, a tree with ticks.
import { get } from './api.js';
import { h } from './dom.js';
import { t } from './words.js';

const under = (scope, code) => code.startsWith(scope);

/** The grid nodes in scope, read once per sign-in: {nodes, byCode, children}. */
export async function loadGrid(house) {
  if (house.grid) return house.grid;
  const { nodes } = await get('/api/v1/grid');
  const byCode = new Map(nodes.map((node) => [node.code, node]));
  const children = new Map();
  for (const node of nodes) {
    const parent = [12, 9, 6].map((digits) => (node.code.length > digits ? node.code.slice(0, digits) : '')).find((code) => byCode.has(code)) ?? '';
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  house.gridNames = new Map(nodes.map((node) => [node.code, node.name]));
  house.grid = { nodes, byCode, children };
  return house.grid;
}

/** The node's name with its village before it, so that two groups of one name are told apart. */
export function placeName(grid, code) {
  const node = grid.byCode.get(code);
  const village = code.length > 12 ? grid.byCode.get(code.slice(0, 12)) : undefined;
  return `${village ? `${village.name} ` : ''}${node?.name ?? code}`;
}

/** A box that finds a place by name or code; calls `pick(code)`. */
export function placeSearch(grid, picked, pick) {
  const list = h('ul.found', { 'aria-label': t('place') });
  const input = h('input', {
    type: 'search',
    placeholder: t('placeSearch'),
    'aria-label': t('place'),
    value: picked ? placeName(grid, picked) : '',
    autocomplete: 'off',
  });
  const search = () => {
    const words = input.value.trim();
    const hits =
      words === ''
        ? []
        : grid.nodes.filter((node) => placeName(grid, node.code).includes(words) || node.name.includes(words) || node.code.startsWith(words)).slice(0, 8);
    list.replaceChildren(
      ...hits.map((node) =>
        h('li', null, h('button.plain', { type: 'button', onclick: () => choose(node.code) }, `${placeName(grid, node.code)} `, h('small', null, node.code))),
      ),
    );
  };
  const choose = (code) => {
    input.value = placeName(grid, code);
    list.replaceChildren();
    pick(code);
  };
  input.addEventListener('input', () => {
    pick(null);
    search();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || list.children.length === 0) return;
    event.preventDefault();
    list.querySelector('button').click();
  });
  return h('div.search', null, input, list);
}

/** Ticks for villages and groups; a ticked node covers all under it. `chosen` is a Set that is changed in place. */
export function areaTree(grid, chosen, changed) {
  const filter = h('input', { type: 'search', placeholder: t('areaFilter'), 'aria-label': t('areaFilter') });
  const tree = h('div.tree', { role: 'group', 'aria-label': t('areas') });
  const covered = (code) => [...chosen].some((one) => one !== code && under(one, code));
  const toggle = (code, on) => {
    if (on) {
      for (const one of chosen) if (under(code, one)) chosen.delete(one);
      chosen.add(code);
    } else chosen.delete(code);
    paint();
    changed();
  };
  const tick = (node) =>
    h(
      'label.tick',
      null,
      h('input', {
        type: 'checkbox',
        'data-code': node.code,
        checked: chosen.has(node.code) || covered(node.code),
        disabled: covered(node.code),
        onchange: (event) => toggle(node.code, event.target.checked),
      }),
      h('span', null, node.name),
      h(
        'small',
        null,
        covered(node.code) ? `${t('covered')} · ` : '',
        t('nodeCounts', { sites: node.sites, members: node.members, households: node.households }),
      ),
    );
  const matches = (node, words) =>
    node.name.includes(words) || node.code.startsWith(words) || (grid.children.get(node.code) ?? []).some((child) => matches(child, words));
  const branch = (node, words) => {
    const below = (grid.children.get(node.code) ?? []).filter((child) => words === '' || node.name.includes(words) || matches(child, words));
    if (below.length === 0) return tick(node);
    const holds = [...chosen].some((code) => code !== node.code && under(node.code, code));
    const open = opened.get(node.code) ?? (words !== '' || holds || node.code.length < 12);
    const inner = h(
      'div.below',
      { hidden: !open },
      below.map((child) => branch(child, words)),
    );
    const fold = h('button.fold', { type: 'button', 'aria-expanded': String(open), 'aria-label': node.name }, h('span', { 'aria-hidden': 'true' }, '▸'));
    fold.addEventListener('click', () => {
      inner.hidden = !inner.hidden;
      opened.set(node.code, !inner.hidden);
      fold.setAttribute('aria-expanded', String(!inner.hidden));
    });
    return h('div.branch', null, h('div.row-of', null, fold, tick(node)), inner);
  };
  const opened = new Map();
  const paint = () => {
    const words = filter.value.trim();
    const focused = tree.contains(document.activeElement) ? document.activeElement.dataset.code : undefined;
    tree.replaceChildren(...(grid.children.get('') ?? []).filter((node) => words === '' || matches(node, words)).map((node) => branch(node, words)));
    // Who ticks by keyboard goes on where he was.
    if (focused) tree.querySelector(`[data-code='${focused}']`)?.focus({ preventScroll: true });
  };
  filter.addEventListener('input', paint);
  paint();
  // What is ticked already (by a report, by the alert that is widened) is what the officer wants to see first.
  requestAnimationFrame(() => {
    const first = tree.querySelector(':checked');
    if (first) tree.scrollTop = first.closest('label').offsetTop - tree.clientHeight / 2;
  });
  return h('div', null, filter, tree);
}
