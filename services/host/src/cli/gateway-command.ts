// `laba gateway try`: enrols one real gateway on this machine by a claim code and runs it. `laba gateway run`: runs an enrolled one.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { claimGateway } from '@laba/gateway/claim';
import { hardwareFrom, type BoxHardware, type HardwareWords } from '@laba/gateway/hardware';
import { runGateway } from '@laba/gateway/service';
import { systemClock } from '@laba/runtime/clock';
import { openLog } from '@laba/runtime/log';
import { lockFolder } from '@laba/storage/folder-lock';
import type { Client } from './client.ts';
import type { Command, Invocation } from './command.ts';
import { tellSystemd } from '../tell-systemd.ts';
import { countyUrl, signIn } from './sign-in.ts';
import { WrongUsage } from './usage.ts';

/** What hangs on a box, as options of a command. */
export const HARDWARE = {
  device: { type: 'string' },
  speaker: { type: 'string', multiple: true },
  button: { type: 'string' },
  press: { type: 'string' },
  microphone: { type: 'string' },
  talk: { type: 'string' },
} as const;
const NAMED = { ...HARDWARE, site: { type: 'string' }, dir: { type: 'string' }, code: { type: 'string' } } as const;

export const gatewayCommand: Command = async (invocation) => {
  const { values, positionals } = invocation.parse({ args: [...invocation.args], allowPositionals: true, options: NAMED });
  const [verb, more] = positionals;
  if (more !== undefined || (verb !== 'try' && verb !== 'run' && verb !== 'claim')) throw new WrongUsage('gateway wants try, claim or run');
  const dir = resolve(values.dir ?? join(invocation.config.dataDir, 'gateway-try'));
  const isClaimed = existsSync(join(dir, 'identity.json'));
  if (verb === 'run' && !isClaimed) throw new Error(`No gateway was claimed in ${dir}: laba gateway claim --code CLAIM-CODE, or name its folder with --dir.`);
  const hardware = hardwareOf(values);
  if (verb === 'claim') {
    if (isClaimed) throw new Error(`${dir} already holds a gateway: name another folder with --dir.`);
    await claim(invocation, dir, values.code);
    return 0;
  }
  if (!isClaimed) await enrol(invocation, dir, values.site);
  return play(invocation, dir, hardware);
};

async function claim({ config, terminal }: Invocation, dir: string, code: string | undefined): Promise<void> {
  if (code === undefined)
    throw new WrongUsage('--code is missing: an officer makes one on the console (Villages, Loudspeaker gateways), it is good for 15 minutes');
  const identity = await claimGateway({ countyUrl: countyUrl(config, terminal), code, dir });
  terminal.out(`Claimed ${identity.gatewayId} for site ${identity.siteId}. Read this to the officer, who confirms it on the console: ${identity.fingerprint}`);
}

// What two people do in the field, an officer and an installer, done here by one command.
async function enrol({ config, terminal }: Invocation, dir: string, siteId: string | undefined): Promise<void> {
  const client = await signIn(config, terminal, 'admin');
  const site = siteId ?? (await newSite(client));
  const { code } = await client.post<{ code: string }>('/api/v1/gateways/claim-codes', { siteId: site });
  terminal.out(`Claim code ${code} for site ${site} (single use, 15 minutes).`);
  const identity = await claimGateway({ countyUrl: countyUrl(config, terminal), code, dir });
  await client.post(`/api/v1/gateways/${identity.gatewayId}/confirm`);
  terminal.out(`Enrolled and confirmed ${identity.gatewayId}; its identity is in ${dir} (mode 0600).`);
}

async function newSite(client: Client): Promise<string> {
  const { nodes } = await client.get<{ nodes: { code: string; tier: string }[] }>('/api/v1/grid?depth=3');
  const village = nodes.find((node) => node.tier === 'village') ?? nodes[0];
  if (village === undefined) throw new Error('The grid is empty: import divisions first.');
  const id = `try-${village.code}`;
  const csv = `site_id,name,grid_code,placed_by,speaker_id,speaker_name\n${id},试用喇叭,${village.code},laba gateway try,${id}-1,试用喇叭一\n`;
  await client.upload('/api/v1/imports/sites?dryRun=false', 'text/csv', Buffer.from(csv));
  return id;
}

/** @throws wrong usage that says which word is wrong */
export function hardwareOf(words: HardwareWords): BoxHardware {
  try {
    return hardwareFrom(words);
  } catch (error) {
    throw new WrongUsage((error as Error).message);
  }
}

async function play({ config, terminal }: Invocation, dir: string, hardware: BoxHardware): Promise<number> {
  const release = lockFolder(dir);
  if (release === undefined) throw new Error(`A gateway already runs on ${dir}: stop it, or name another folder with --dir.`);
  const told = terminal.untilToldToStop();
  const log = openLog(config.logLevel, terminal.isTty);
  const running = await runGateway({ dir, hardware, log });
  terminal.out(`Gateway ${running.gatewayId} runs; player: ${running.player}; sounds and play log: ${running.soundDir}. Ctrl-C stops it.`);
  const systemd = tellSystemd(terminal.env, systemClock, log);
  systemd.ready();
  await told;
  systemd.stop();
  await running.stop();
  release();
  return 0;
}
