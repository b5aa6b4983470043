// What may be asked of the bench.
import { parseArgs } from 'node:util';

export interface BenchOptions {
  json: boolean;
  write: boolean;
  only: string | undefined;
  profile: 'embedded' | 'clustered';
  gateways: number[];
  rounds: number;
  plot: string | undefined;
  /** How long the board is watched. */
  minutes: number;
}

/** @throws one line when an option makes no sense */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      only: { type: 'string' },
      profile: { type: 'string', default: 'embedded' },
      gateways: { type: 'string', default: '211,1000,5000,10000' },
      rounds: { type: 'string', default: '5' },
      plot: { type: 'string' },
      minutes: { type: 'string', default: '0.5' },
    },
  });
  const { profile } = values;
  if (profile !== 'embedded' && profile !== 'clustered') throw new Error(`--profile is embedded or clustered, not ${profile}`);
  const gateways = values.gateways.split(',').map(Number);
  if (gateways.some((one) => !Number.isInteger(one) || one < 1)) throw new Error('--gateways is a list of numbers, as 211,1000');
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a number from 1 on');
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 60)) throw new Error('--minutes is a number up to 60, as 10');
  return { json: values.json, write: values.write, only: values.only, profile, gateways, rounds, plot: values.plot, minutes };
}
