// `laba demo`: plays a scenario against the running demo county, or starts its own; exit code 0 only if every expectation held.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from '../demo/scenario-alone.ts';
import { namespaced, proxied } from '../demo/two-networks.ts';
import { dasuo } from '../demo/scenario-dasuo.ts';
import { countyWide, type KnownFaults } from '../demo/scenario-county.ts';
import { readDemoFile, type DemoFile } from '../demo/demo-file.ts';
import type { Expectation, StoryLine, ToldLine } from '../demo/story.ts';
import { startHouse, type RunningHouse } from '../start-house.ts';
import { answers } from './client.ts';
import type { Command, Console, Invocation } from './command.ts';
import { countyUrl } from './sign-in.ts';
import { WrongUsage } from './usage.ts';

const OFF_GATEWAYS = 12;
const DEAD_PLAYERS = 5;

interface Stage {
  url: string;
  dataDir: string;
  county: string;
  demo: DemoFile;
  say: (line: string) => void;
  faults?: KnownFaults;
}

interface Outcome {
  expectations: Expectation[];
  timeline?: StoryLine[];
  told?: ToldLine[];
}

export const demoCommand: Command = async (invocation) => {
  const { values, positionals } = invocation.parse({
    args: [...invocation.args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, 'with-faults': { type: 'boolean', default: false }, namespaces: { type: 'boolean', default: false } },
  });
  const [scenario, more] = positionals;
  if (more !== undefined || (scenario !== 'dasuo' && scenario !== 'county' && scenario !== 'alone')) throw new WrongUsage('demo wants dasuo, county or alone');
  if (values['with-faults'] && scenario !== 'county') throw new WrongUsage('--with-faults belongs to demo county');
  if (values.namespaces && scenario !== 'alone') throw new WrongUsage('--namespaces belongs to demo alone');
  if (scenario === 'alone') {
    const { terminal, config } = invocation;
    const networks = values.namespaces ? namespaced() : proxied();
    const outcome = await alone({ dataDir: config.dataDir, networks, say: (line) => terminal.err(`  ${line}`) });
    tell(terminal, outcome, values.json);
    return outcome.expectations.every((one) => one.held) ? 0 : 1;
  }
  const { stage, stop } = await setStage(invocation, values['with-faults']);
  try {
    const outcome: Outcome = scenario === 'dasuo' ? await dasuo(stage) : await countyWide(stage);
    tell(invocation.terminal, outcome, values.json);
    return outcome.expectations.every((one) => one.held) ? 0 : 1;
  } finally {
    await stop();
  }
};

async function setStage(invocation: Invocation, withFaults: boolean): Promise<{ stage: Stage; stop: () => Promise<void> }> {
  const { config, terminal } = invocation;
  const say = (line: string) => terminal.err(`  ${line}`);
  const url = countyUrl(config, terminal);
  if (!withFaults && (await answers(url))) {
    return { stage: { url, dataDir: config.dataDir, county: config.county, demo: readDemoFile(config.dataDir), say }, stop: async () => {} };
  }
  say('starting a county of its own');
  const ownDir = join(config.dataDir, 'demo-with-faults');
  // A fresh county: an alert left over from a run that was cut short would sound in turn with this one.
  if (withFaults) rmSync(ownDir, { recursive: true, force: true });
  const own = withFaults ? { ...config, port: 0, mqttPort: 0, dataDir: ownDir } : config;
  const running = await startHouse({ ...own, logLevel: 'error' }, withFaults ? { faults: { offGateways: OFF_GATEWAYS, deadSpeakers: DEAD_PLAYERS } } : {});
  if (running.demo === undefined) {
    await running.stop();
    throw new Error(`${config.dataDir} holds a real county: demos run in the demo county only.`);
  }
  const stage = { url: running.house.url(), dataDir: running.config.dataDir, county: running.config.county, demo: running.demo, say };
  if (!withFaults) return { stage, stop: () => running.stop() };
  return { stage: { ...stage, faults: await breakThings(running, say) }, stop: () => running.stop() };
}

// The last process holds the gateways that will be off: it dies as a box dies when its power goes.
async function breakThings(running: RunningHouse, say: (line: string) => void): Promise<KnownFaults> {
  const off = running.fleets.find((fleet) => fleet.plan.identities.length === OFF_GATEWAYS);
  if (off === undefined) throw new Error('The fleet plan has no process to switch off.');
  off.child.kill('SIGKILL');
  const deadSpeakers = running.fleets.flatMap((fleet) => fleet.plan.faults.deadSpeakers);
  const offSites = off.plan.identities.map((identity) => identity.siteId);
  const offSpeakers = off.plan.identities.flatMap((identity) => identity.speakers.map((speaker) => speaker.speakerId));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  say(`${offSpeakers.length} gateways switched off, ${deadSpeakers.length} players dead`);
  return { offSites, offSpeakers, deadSpeakers };
}

function tell(terminal: Console, outcome: Outcome, json: boolean): void {
  const { expectations, told, timeline, ...figures } = outcome;
  if (json) {
    terminal.out(JSON.stringify({ ...figures, ...(timeline === undefined ? {} : { timeline }), expectations }));
    return;
  }
  for (const line of told ?? []) terminal.out(`${String(line.atMs).padStart(8)} ms  ${line.words}${line.more === 0 ? '' : ` (+${line.more})`}  ${line.who}`);
  for (const [name, figure] of Object.entries(figures)) terminal.out(`${name.padEnd(22)} ${inOneLine(figure)}`);
  for (const one of expectations) terminal.out(`${one.held ? '✓' : '✗'} ${one.name}${one.held ? '' : `: ${JSON.stringify(one.saw)}`}`);
}

function inOneLine(figure: unknown): string {
  if (Array.isArray(figure)) return figure.join('\n'.padEnd(24));
  if (typeof figure !== 'object' || figure === null) return String(figure);
  return Object.entries(figure)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(' ') : typeof value === 'object' ? `(${inOneLine(value)})` : String(value)}`)
    .join(', ');
}
