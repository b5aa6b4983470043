// Commands in a form that they do not have: one line that says what is wrong and where to read on; exit code 2, nothing done.
import { expect, it } from 'vitest';
import { laba } from '../harness/terminal.ts';

const NOWHERE = { LABA_DATA: '/nonexistent/laba', LABA_PORT: '1' };

it.each([
  ['strat', /unknown command 'strat'; there are start, .*laba help$/],
  ['start now', /argument 'now'.*laba help start$/],
  ['start --fast', /option '--fast'.*laba help start$/],
  ['demo nix', /dasuo, county or alone/],
  ['demo dasuo --with-faults', /belongs to demo county/],
  ['demo dasuo --jsn', /'--jsn'\. See: laba help demo$/],
  ['alert rase', /has no 'rase', only draft, .*laba help alert$/],
  ['alert constructor', /has no 'constructor'/],
  ['alert raise', /the ID is missing/],
  ['alert raise a b', /'b' is too much/],
  ['alert raise a --mode live', /has no --mode/],
  ['alert draft --minutes soon', /--minutes wants a whole number, not 'soon'/],
  ['alert draft --area', /--area/],
  ['report new --at 533324', /--hazard is missing/],
  ['import', /a kind of list and a file/],
  ['import people people.csv', /has no 'people', only divisions, /],
  ['init', /--divisions FILE and --county CODE/],
  ['init --divisions x --county 15070', /six digits, or the four of a prefecture, not '15070'/],
  ['broker-accounts all', /argument 'all'.*laba help broker-accounts$/],
  ['gateway', /try, claim or run/],
  ['gateway claim', /--code is missing/],
  ['help nix', /no command 'nix'/],
])('laba %s', async (line, words) => {
  const { code, out, err } = await laba(NOWHERE, ...line.split(' '));
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.trim()).toMatch(words);
  expect(err.trim().split('\n')).toHaveLength(1);
});

it.each(['help', '--help', 'help alert', 'alert --help', 'import -h', '--version'])('laba %s helps and does nothing', async (line) => {
  const { code, out, err } = await laba(NOWHERE, ...line.split(' '));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/laba/);
});
