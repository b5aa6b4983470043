// The house measured: the story holds. Every event is told by its producer, heard by its consumers, every refusal is used.
import { roomOf } from './rooms.ts';
import { isTest, nameOf, walk, type Fault, type Node, type Source } from './source.ts';

/** What this needs of domain/events.ts. */
export type Story = Readonly<Record<string, { producer: string; consumers: readonly string[] }>>;

const STORY_FILE = 'packages/domain/src/events.ts';
const ERRORS_FILE = 'packages/domain/src/errors.ts';

interface Words {
  /** Text literals as they stand. */
  exact: Set<string>;
  /** Template literals, with anything in the gaps. */
  shapes: RegExp[];
}

function says(words: Words, text: string): boolean {
  return words.exact.has(text) || words.shapes.some((shape) => shape.test(text));
}

function collect(words: Words, root: Node): void {
  walk(root, (node) => {
    if (node.type === 'Literal' && typeof node['value'] === 'string') words.exact.add(node['value']);
    if (node.type === 'TemplateLiteral') words.shapes.push(shapeOf(node));
  });
}

// A template that begins with a gap could be anything, and so proves nothing.
function shapeOf(template: Node): RegExp {
  const parts = (template['quasis'] as { value: { cooked: string } }[]).map((quasi) => quasi.value.cooked.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return parts[0] === '' ? /(?!)/ : new RegExp(`^${parts.join('.+')}$`);
}

/** The words inside the calls of `record(…)`, those of the file's own functions that end in it, and of the constants these calls name. */
function recorded(source: Source): Words {
  const words: Words = { exact: new Set(), shapes: [] };
  const recorders = recordersOf(source);
  const constants = constantsOf(source);
  walk(source.program, (node) => {
    if (node.type !== 'CallExpression' || !recorders.has(nameOf(node['callee'] as Node) ?? '')) return;
    for (const argument of node['arguments'] as Node[]) {
      collect(words, argument);
      walk(argument, (inner) => {
        if (inner.type === 'Identifier') for (const value of constants.get(nameOf(inner)!) ?? []) collect(words, value);
      });
    }
  });
  return words;
}

/** `record` and its kind, and every function of the file that calls a recorder itself. */
function recordersOf(source: Source): Set<string> {
  const calls = new Map<string, Set<string>>();
  walk(source.program, (node, parents) => {
    const called = node.type === 'CallExpression' ? nameOf(node['callee'] as Node) : undefined;
    if (called === undefined) return;
    for (const parent of parents) {
      const name = nameOf((parent['id'] ?? parent['key']) as Node);
      if (name !== undefined) calls.set(name, (calls.get(name) ?? new Set()).add(called));
    }
  });
  const recorders = new Set(['record', 'recordAll', 'recordEach', 'fact']);
  for (let before = 0; before !== recorders.size;) {
    before = recorders.size;
    for (const [name, called] of calls) if (!recorders.has(name) && [...called].some((one) => recorders.has(one))) recorders.add(name);
  }
  return recorders;
}

// Two functions may each have a constant of the same name: both count.
function constantsOf(source: Source): Map<string, Node[]> {
  const constants = new Map<string, Node[]>();
  walk(source.program, (node) => {
    const name = node.type === 'VariableDeclarator' ? nameOf(node['id'] as Node) : undefined;
    if (name !== undefined && node['init']) constants.set(name, [...(constants.get(name) ?? []), node['init'] as Node]);
  });
  return constants;
}

function inProduct(sources: readonly Source[], room: string): Source[] {
  return sources.filter(({ path }) => roomOf(path) === room && !isTest(path));
}

/** Events whose producer never writes them down. */
export function untoldEvents(sources: readonly Source[], story: Story): Fault[] {
  const byRoom = new Map<string, Words[]>();
  for (const { producer } of Object.values(story)) byRoom.set(producer, byRoom.get(producer) ?? inProduct(sources, producer).map(recorded));
  return Object.entries(story)
    .filter(([type, { producer }]) => !byRoom.get(producer)!.some((words) => says(words, type)))
    .map(([type, { producer }]) => ({ path: STORY_FILE, line: 1, what: `${type} is never recorded by ${producer}` }));
}

/** Events recorded outside the room that the story names as their producer. */
export function strangeEvents(sources: readonly Source[], story: Story): Fault[] {
  return sources
    .filter(({ path }) => !isTest(path) && /^(packages|services)\//.test(path))
    .flatMap((source) => {
      const { exact } = recorded(source);
      const strange = [...exact].filter((text) => story[text] !== undefined && story[text].producer !== roomOf(source.path));
      return strange.map((type) => ({ path: source.path, line: 1, what: `records ${type}, which is ${story[type]!.producer}'s to tell` }));
    });
}

/** Consumers that the room they name does not play. */
export function deafConsumers(sources: readonly Source[], story: Story): Fault[] {
  const names = [...new Set(Object.values(story).flatMap((kind) => kind.consumers))];
  return names
    .filter((name) => {
      const words: Words = { exact: new Set(), shapes: [] };
      for (const source of inProduct(sources, name.slice(0, name.indexOf('.')))) collect(words, source.program);
      return !words.exact.has(name);
    })
    .map((name) => ({ path: STORY_FILE, line: 1, what: `nobody plays ${name}` }));
}

/** Error codes that nothing ever throws. */
export function unusedErrors(sources: readonly Source[], codes: readonly string[]): Fault[] {
  const words: Words = { exact: new Set(), shapes: [] };
  for (const source of sources)
    if (/^(packages|services)\//.test(source.path) && !isTest(source.path) && source.path !== ERRORS_FILE) collect(words, source.program);
  return codes.filter((code) => !words.exact.has(code)).map((code) => ({ path: ERRORS_FILE, line: 1, what: `${code} is never thrown` }));
}
