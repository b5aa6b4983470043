// A check that cannot fail is not a check: each rule finds the fault planted for it, and leaves what is right alone.
import { describe, expect, test } from 'vitest';
import { errorTable, settingTable, tableFaults, withTable } from '../../infra/toolchain/measure/marked-tables.ts';
import { clockFaults, nameFaults, wordFaults } from '../../infra/toolchain/measure/names.ts';
import { importCycles, roomFaults } from '../../infra/toolchain/measure/rooms.ts';
import { functionSizes, sizeFaults, spreadOf } from '../../infra/toolchain/measure/sizes.ts';
import { parseSource, type Fault, type Source } from '../../infra/toolchain/measure/source.ts';
import { deafConsumers, strangeEvents, untoldEvents, unusedErrors, type Story } from '../../infra/toolchain/measure/story.ts';
import { driverUses, foreignWrites, strayStatements } from '../../infra/toolchain/measure/writes.ts';

const house = (files: Record<string, string>): Source[] => Object.entries(files).map(([path, text]) => parseSource(path, text));
const whats = (faults: Fault[]): string[] => faults.map(({ path, line, what }) => `${path}:${line} ${what}`);
const lines = (n: number): string => `${'x();\n'.repeat(n)}`;

describe('rings of imports', () => {
  const a = 'packages/domain/src/a.ts';
  const b = 'packages/domain/src/b.ts';
  const c = 'packages/storage/src/c.ts';

  test('a chain is no ring', () => {
    expect(importCycles(house({ [a]: "import './b.ts';", [b]: '', [c]: "import '@laba/domain/a';" }))).toEqual([]);
  });

  test.each([
    ['a value', "import { b } from './b.ts';"],
    ['a type', "import type { B } from './b.ts';"],
    ['a type in place', "export type A = import('./b.ts').B;"],
    ['a re-export', "export { b } from './b.ts';"],
    ['everything of it', "export * from './b.ts';"],
    ['later', "export const later = () => import('./b.ts');"],
  ])('%s closes one', (_, text) => {
    expect(importCycles(house({ [a]: text, [b]: "import './a.ts';" }))).toEqual([[a, b]]);
  });

  test('a ring through two rooms and a file that imports itself are found', () => {
    const ring = { [a]: "import '@laba/storage/c';", [b]: "import './b.ts';", [c]: "import '@laba/domain/a';" };
    expect(new Set(importCycles(house(ring)))).toEqual(new Set([[a, c], [b]]));
  });
});

describe('walls', () => {
  const furniture = {
    'packages/domain/src/grid.ts': '',
    'packages/storage/src/jobs.ts': '',
    'packages/messaging/src/queue.ts': '',
    'packages/runtime/src/log.ts': '',
    'services/dispatch/src/service.ts': '',
    'services/alerting/src/service.ts': '',
    'services/host/src/compose.ts': '',
    'services/console/src/web/browser/words.ts': '',
    'services/mobilization/phone/words.ts': '',
  };
  const from = (path: string, target: string) => whats(roomFaults(house({ ...furniture, [path]: `import '${target}';` })));

  test.each([
    ['packages/storage/src/new.ts', '@laba/domain/grid'],
    ['packages/runtime/src/new.ts', '@laba/storage/jobs'],
    ['packages/runtime/src/new.ts', '@laba/messaging/queue'],
    ['services/dispatch/src/new.ts', '@laba/runtime/log'],
    ['services/host/src/new.ts', '@laba/dispatch/service'],
    ['tests/story/new.test.ts', '@laba/host/compose'],
    ['services/console/src/web/browser/new.ts', './words.ts'],
    ['services/mobilization/phone/new.tsx', './words.ts'],
    ['services/mobilization/phone/new.tsx', '@laba/domain/grid'],
    ['services/console/web/screens/new.tsx', '@laba/domain/grid'],
    ['services/console/web/screens/new.tsx', 'antd'],
    ['services/console/src/new.ts', 'fastify'],
  ])('%s may import %s', (path, target) => {
    expect(from(path, target)).toEqual([]);
  });

  test.each([
    ['packages/domain/src/new.ts', '@laba/storage/jobs', 'nothing of ours'],
    ['packages/storage/src/new.ts', '@laba/messaging/queue', 'storage may import domain'],
    ['packages/messaging/src/new.ts', '@laba/runtime/log', 'messaging may import domain'],
    ['packages/runtime/src/new.ts', '@laba/dispatch/service', 'runtime may import domain, storage, messaging'],
    ['services/dispatch/src/new.ts', '@laba/alerting/service', 'dispatch may import domain, storage, messaging, runtime'],
    ['services/dispatch/src/new.ts', '../../alerting/src/service.ts', 'not by a path'],
    ['services/dispatch/src/new.ts', '@laba/host/compose', 'nothing but tests imports host'],
    ['services/dispatch/src/new.test.ts', '@laba/alerting/service', 'dispatch may import'],
    ['services/console/src/web/browser/new.ts', '@laba/domain/grid', 'only its neighbours'],
    ['services/console/src/web/browser/new.ts', '../../service.ts', 'only its neighbours'],
    ['services/mobilization/phone/new.tsx', '@laba/storage/jobs', 'its neighbours and domain'],
    ['services/mobilization/phone/new.tsx', '../src/routes.ts', 'its neighbours and domain'],
    ['services/console/web/new.tsx', '../src/routes.ts', 'its neighbours and domain'],
    ['services/console/src/new.ts', '@laba/nowhere/x', 'no such room'],
  ])('%s may not import %s', (path, target, why) => {
    expect(from(path, target)).toEqual([expect.stringContaining(why)]);
  });
});

describe('writes', () => {
  const owners = { alert: 'alerting', delivery: 'dispatch' };

  test('the owner writes, anybody reads, a set is no table', () => {
    const files = {
      'services/alerting/src/alert-store.ts': 'db.atomically([one((q, t) => q.update(t.alert).set({}).returning({}))]);',
      'services/dispatch/src/delivery-store.ts': 'db.read((q, t) => q.select().from(t.alert)); waiting.delete(job.alert);',
      'services/gateway/src/spool.ts': 'any((q, t) => q.insert(t.heard).values({}));',
    };
    expect(foreignWrites(house(files), owners)).toEqual([]);
  });

  test.each(['insert', 'update', 'delete'])('a foreign %s is found', (verb) => {
    const files = { 'services/dispatch/src/announce.ts': `const op =\n  one((q, t) => q.${verb}(t.alert).returning({}));` };
    expect(whats(foreignWrites(house(files), owners))).toEqual(['services/dispatch/src/announce.ts:2 writes alert, which belongs to alerting']);
  });

  test("a table of the house is not the gateway's, and a table nobody owns is nobody's", () => {
    expect(foreignWrites(house({ 'services/gateway/src/spool.ts': 'q.delete(t.alert);' }), owners)).toHaveLength(1);
    expect(foreignWrites(house({ 'services/dispatch/src/x.ts': 'q.delete(t.unknown);' }), owners)).toHaveLength(1);
  });

  test.each([
    "import SqliteDriver from 'better-sqlite3';",
    "import { drizzle } from 'drizzle-orm/better-sqlite3';",
    'db.read((q, t) => q.select().from(t.alert).all());',
    'q.insert(t.alert).values({}).run();',
    "sql.raw('drop table alert');",
  ])('outside storage: %s', (text) => {
    expect(driverUses(house({ 'services/dispatch/src/x.ts': text }))).toHaveLength(1);
    expect(driverUses(house({ 'packages/storage/src/x.ts': text }))).toEqual([]);
  });

  test('a statement outside a store is found, in a store or a test it is at home', () => {
    const text = 'db.read((q, t) => q.select().from(t.alert));';
    expect(strayStatements(house({ 'services/dispatch/src/announce.ts': text }))).toHaveLength(1);
    expect(
      strayStatements(
        house({ 'services/dispatch/src/alert-store.ts': text, 'services/dispatch/src/announce.test.ts': text, 'packages/storage/src/jobs.ts': text }),
      ),
    ).toEqual([]);
  });

  test('a map may be asked, a promise awaited', () => {
    expect(driverUses(house({ 'services/dispatch/src/x.ts': 'parts.get(name); Promise.all([]); clock.run();' }))).toEqual([]);
  });
});

describe('sizes', () => {
  const path = 'services/dispatch/src/x.ts';

  test('a function is as long as from its first line to its last', () => {
    const [outer, inner] = functionSizes(house({ [path]: 'export function outer() {\n  return [1].map((x) => {\n    return x;\n  });\n}\n' }));
    expect(outer).toMatchObject({ name: 'outer', line: 1, lines: 5 });
    expect(inner).toMatchObject({ name: '(closure)', line: 2, lines: 3 });
  });

  test.each([
    ['a function', `function long() {\n${lines(69)}}\n`],
    ['a closure', `const long = () => {\n${lines(69)}};\n`],
    ['a method', `class A {\n  long() {\n${lines(69)}}\n}\n`],
    ['a file', lines(401)],
  ])('%s beyond the hard limit is found', (_, text) => {
    expect(sizeFaults(house({ [path]: text }))).toHaveLength(1);
  });

  test('at the hard limit it is still let through, and tests may tell long stories', () => {
    expect(sizeFaults(house({ [path]: `function long() {\n${lines(68)}}\n` }))).toEqual([]);
    expect(sizeFaults(house({ 'tests/story/x.test.ts': `test('long', () => {\n${lines(90)}});\n` }))).toEqual([]);
  });

  test('the spread says count, median, longest and how many are above the aim', () => {
    const sizes = [1, 2, 3, 50].map((n) => ({ name: '', path, line: 1, lines: n }));
    expect(spreadOf(sizes, 40)).toMatchObject({ count: 4, median: 3, longest: { lines: 50 }, aboveAim: 1 });
  });
});

describe('names', () => {
  const named = (path: string, text = '// Says what it is.\n') => nameFaults(house({ [path]: text }));

  test.each(['packages/domain/src/gateway-protocol.ts', 'packages/storage/src/columns.sqlite.ts', 'services/alerting/src/clip-index.ts'])(
    '%s is a name',
    (path) => {
      expect(named(path)).toEqual([]);
    },
  );

  test.each(['RaiseAlert.ts', 'raise_alert.ts', 'alert-utils.ts', 'helpers.ts', 'queue-manager.ts', 'base.ts', 'index.ts'])('%s is none', (name) => {
    expect(named(`services/alerting/src/${name}`)).toHaveLength(1);
  });

  test.each(["import './x.ts';\n// Too late.\n", '// A.\nexport default 3;\n', '// A.\nenum Level { red }\n'])('a fault is found in %j', (text) => {
    expect(named('services/alerting/src/x.ts', text)).toHaveLength(1);
  });

  test('a configuration may have the default export its tool asks for', () => {
    expect(named('packages/storage/drizzle.config.ts', '// A.\nexport default {};\n')).toEqual([]);
  });

  test('words that may not stand anywhere are found with their line', () => {
    const planted = [`// TO${'DO'} later`, `// @ts-${'ignore'}`, `vi.${'mock'}('x')`, `'/wo${'rk'}/main'`];
    expect(whats(wordFaults([{ path: 'a.ts', text: ['fine', ...planted, `docs/wo${'rk'}/x`].join('\n') }])).map((what) => what.slice(0, 6))).toEqual([
      'a.ts:2',
      'a.ts:3',
      'a.ts:4',
      'a.ts:5',
    ]);
  });

  test('asking the present time of Date is found, giving it a time is not', () => {
    expect(clockFaults(house({ 'services/alerting/src/x.ts': 'new Date(ms);\nnew Date();' })).map(({ line }) => line)).toEqual([2]);
  });
});

describe('story', () => {
  const story: Story = { 'alert.raised': { producer: 'alerting', consumers: ['dispatch.announce'] }, 'delivery.sent': { producer: 'dispatch', consumers: [] } };
  const told = {
    'services/alerting/src/raise-alert.ts': "db.atomically(record(ids, { type: 'alert.raised', data: {} }));",
    'services/dispatch/src/service.ts': "const consumers = { 'dispatch.announce': announce };",
    'services/dispatch/src/announce.ts': 'record(ids, { type: `delivery.${state}` });',
  };
  const faults = (change: Record<string, string>) => {
    const sources = house({ ...told, ...change });
    return [...untoldEvents(sources, story), ...strangeEvents(sources, story), ...deafConsumers(sources, story)].map(({ what }) => what);
  };

  test('a story that is told and heard has no fault', () => {
    expect(faults({})).toEqual([]);
  });

  test.each([
    ["const type = late ? 'alert.raised' : 'x'; record(ids, { type });"],
    ["function a() { const e = { type: 'alert.raised' }; record(ids, e); } function b() { const e = { type: 'x' }; record(ids, e); }"],
    ["function tell(type) { return record(ids, { type }); } tell('alert.raised');"],
  ])('also when it is told like this: %s', (text) => {
    expect(faults({ 'services/alerting/src/raise-alert.ts': text })).toEqual([]);
  });

  test.each(["const name = 'alert.raised';", "log('alert.raised');", "record(ids, { type: 'alert.raise' });", 'record(ids, { type: `${x}` });'])(
    'not when it is only mentioned: %s',
    (text) => {
      expect(faults({ 'services/alerting/src/raise-alert.ts': text })).toEqual(['alert.raised is never recorded by alerting']);
    },
  );

  test("a test's record does not count, nor does another room's", () => {
    const text = told['services/alerting/src/raise-alert.ts'];
    expect(faults({ 'services/alerting/src/raise-alert.ts': '', 'services/alerting/src/x.test.ts': text })).toEqual([
      'alert.raised is never recorded by alerting',
    ]);
    expect(faults({ 'services/dispatch/src/steal.ts': text })).toEqual(["records alert.raised, which is alerting's to tell"]);
  });

  test('a consumer that nobody plays is found', () => {
    expect(faults({ 'services/dispatch/src/service.ts': '' })).toEqual(['nobody plays dispatch.announce']);
  });

  test('a refusal that nothing throws is found', () => {
    const sources = house({ 'packages/domain/src/errors.ts': "const a = 'never';", 'services/x/src/y.ts': "throw new LabaError('used');" });
    expect(unusedErrors(sources, ['used', 'never']).map(({ what }) => what)).toEqual(['never is never thrown']);
  });
});

describe('tables of the README', () => {
  const table = errorTable({ 'not-found': { status: 404, retry: 'bury', zh: '没有找到', en: 'Not found' } }, 'en');
  const readme = withTable('before\n\n<!-- errors -->\n\nold\n\n<!-- /errors -->\n', 'errors', table);

  test('the written table is found again', () => {
    expect(tableFaults('README.md', readme, { errors: table })).toEqual([]);
  });

  test('a changed word and a missing table are found', () => {
    expect(tableFaults('README.md', readme.replace('404', '410'), { errors: table })).toHaveLength(1);
    expect(tableFaults('README.md', 'nothing', { errors: table })).toHaveLength(1);
  });

  test('a setting without words is refused', () => {
    expect(() => settingTable({ LABA_NEW: 'new' }, {}, {}, 'en')).toThrow('LABA_NEW has no words');
  });
});
