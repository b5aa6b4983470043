// `laba report` and `laba alert`: the duty officer's work in the terminal, by the same API as the page.
import type { Command } from './command.ts';
import { ALERT_VERBS, OPTIONS, REPORT_VERBS, type Given, type Option, type Verb } from './duty-verbs.ts';
import { signIn } from './sign-in.ts';
import { WrongUsage } from './usage.ts';

type Values = Partial<Record<Option, string>>;

function givenFrom(values: Values, line: string): Given {
  const need = (name: Option) => {
    if (values[name] === undefined) throw new WrongUsage(`${line}: --${name} is missing`);
    return values[name];
  };
  const count = (name: Option) => {
    if (values[name] !== undefined && !/^[1-9]\d{0,8}$/.test(values[name]))
      throw new WrongUsage(`${line}: --${name} wants a whole number, not '${values[name]}'`);
    return values[name] === undefined ? undefined : Number(values[name]);
  };
  return { text: (name) => values[name], need, count };
}

/** @throws wrong usage for an option or an ID that the verb does not have */
function check(verb: Verb, line: string, ids: readonly string[], values: Values): void {
  const strange = (Object.keys(values) as Option[]).find((name) => !verb.options.includes(name));
  if (strange !== undefined) throw new WrongUsage(`${line} has no --${strange}`);
  if (verb.id === 'yes' && ids.length === 0) throw new WrongUsage(`${line}: the ID is missing`);
  if (ids.length > (verb.id === 'no' ? 0 : 1)) throw new WrongUsage(`${line}: '${ids.at(-1)}' is too much`);
}

/** `fallbackUser`: who signs in where nobody is named. */
export function commandOf(noun: string, verbs: Record<string, Verb>, fallbackUser: string): Command {
  return async ({ args, config, terminal, parse }) => {
    const { values, positionals } = parse({ args: [...args], allowPositionals: true, options: { ...OPTIONS, json: { type: 'boolean', default: false } } });
    const { json, ...given } = values;
    const [name, ...ids] = positionals;
    if (name === undefined) throw new WrongUsage(`${noun} wants ${Object.keys(verbs).join(', ')}`);
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (verb === undefined) throw new WrongUsage(`${noun} has no '${name}', only ${Object.keys(verbs).join(', ')}`);
    const line = `${noun} ${name}`;
    check(verb, line, ids, given);
    const { path, body } = verb.ask(encodeURIComponent(ids[0] ?? ''), givenFrom(given, line));
    const client = await signIn(config, terminal, fallbackUser);
    const answer = await (body === undefined ? client.get(path) : client.post(path, body));
    for (const said of json ? [JSON.stringify(answer)] : verb.tell(answer as never)) terminal.out(said);
    return 0;
  };
}

export const reportCommand = commandOf('report', REPORT_VERBS, 'duty1');
export const alertCommand = commandOf('alert', ALERT_VERBS, 'duty1');
