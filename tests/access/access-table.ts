// The table of access, written from what the house answered.
import { ROLE_WORDS, ROLES, type Role } from '@laba/domain/officer';
import type { Rule } from './rules.ts';

export interface Line {
  name: string;
  rule: Rule;
  /** Whose role was let in. */
  may: readonly Role[];
}

const HEAD = `# Who may ask what, where

Written by \`tests/access\` from the answers of a running house; the test fails where a route is missing here or answers otherwise. Anew:
\`LABA_WRITE_TABLES=true npx vitest run --project embedded tests/access\`.

Every route is asked by nobody, with a gateway's password and with a member's link, then by one officer of each role, whose place is another one: about an alert, a report, a household, a member, a box, a
key, an account of a far township, about an alert that both places share, and about things of his own with one of theirs mixed in. **refused**: \`out-of-scope\` or \`not-found\`, and nothing in the database
has changed. **not shown**: he is answered, and the far township does not occur. The same requests are then answered to those whose place it is.
`;

function place(rule: Rule): string {
  switch (rule.is) {
    case 'open':
    case 'same':
      return rule.why;
    case 'link':
      return `${rule.why}${rule.theirs === undefined ? '' : '; of a foreign place **refused**'}`;
    case 'placed':
      return [rule.refused === undefined ? [] : ['**refused**'], rule.hidden === undefined ? [] : ['**not shown**']].flat().join(', ');
  }
}

const without: Record<Rule['is'], string> = { open: 'open', link: 'by link', same: 'no', placed: 'no' };

/** Sorted by path, so that a new route is one new line. */
export function accessTable(lines: readonly Line[]): string {
  const roles = ROLES.map((role) => ROLE_WORDS[role].en);
  const pathOf = ({ name }: Line) => name.split(' ').toReversed().join(' ');
  const rows = lines
    .toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1))
    .map(({ name, rule, may }) => {
      const isClosed = rule.is === 'same' || rule.is === 'placed';
      const cells = ROLES.map((role) => (!isClosed ? '' : may.includes(role) ? 'yes' : 'no'));
      return `| \`${name}\` | ${[without[rule.is], ...cells, place(rule)].join(' | ')} |`;
    });
  const head = ['route', 'without a session', ...roles, 'about a foreign place'];
  return `${HEAD}\n${lines.length} routes.\n\n| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|\n${rows.join('\n')}\n`;
}
