// `laba start`: one process, the demo county inside when nothing was set up; says where it is and what to do next.
import { systemClock } from '@laba/runtime/clock';
import { onlyWatches } from '@laba/runtime/config';
import { openLog } from '@laba/runtime/log';
import type { DemoFile } from '../demo/demo-file.ts';
import { startHouse, type RunningHouse } from '../start-house.ts';
import { tellSystemd } from '../tell-systemd.ts';
import type { Command, Console } from './command.ts';

export const startCommand: Command = async ({ args, config, terminal, parse }) => {
  parse({ args: [...args], options: {} });
  const begun = performance.now();
  const told = terminal.untilToldToStop();
  let isTold = false;
  void told.then(() => (isTold = true));
  const running = await startHouse(config, { pretty: terminal.isTty }).catch((error: unknown) => {
    // Ctrl-C reaches the simulated gateways, too: that they went is no fault then.
    if (isTold) return undefined;
    throw error;
  });
  if (running === undefined) return 0;
  if (config.profile === 'clustered') terminal.out(`laba: ${config.services.join(', ')} at ${running.house.url()}, ready in ${secondsSince(begun)} s`);
  else welcome(terminal, running, secondsSince(begun));
  const systemd = tellSystemd(terminal.env, systemClock, openLog(config.logLevel, terminal.isTty));
  systemd.ready();
  const signal = await told;
  systemd.stop();
  terminal.err(`laba: ${signal}, stopping`);
  await running.stop();
  return 0;
};

const secondsSince = (begun: number) => ((performance.now() - begun) / 1000).toFixed(1);

function welcome(terminal: Console, running: RunningHouse, seconds: string): void {
  const { config, house, demo } = running;
  const whose = whoseHouse(config);
  terminal.out(`\n喇叭 Laba is ready in ${seconds} s  ·  ${whose}`);
  terminal.out(`  页面 page    ${house.url()}/`);
  for (const url of running.lanUrls) terminal.out(`  本地网 LAN   ${url}`);
  terminal.out(`  消息 MQTT    mqtt://${config.host}:${house.broker.port}${demo === undefined ? '' : `  (${String(house.broker.connections)} connections)`}`);
  terminal.out(`  数据 data    ${config.dataDir}`);
  if (config.node !== undefined) tellVillage(terminal, house.url());
  else if (onlyWatches(config)) tellPrefecture(terminal);
  else if (demo === undefined) tellRealCounty(terminal);
  else tellDemo(terminal, demo, running.madeDemo, running.assumptions);
}

function whoseHouse(config: RunningHouse['config']): string {
  if (config.node !== undefined) return `village's own house 村里自己的系统 ${config.node}`;
  if (onlyWatches(config)) return `prefecture 州（市） ${config.county}`;
  return `county ${config.county}${config.demo ? ' (demo 演示)' : ''}`;
}

/** `made`: its passwords and what it assumes are told once, by the start that made it. */
export function tellDemo(terminal: Console, demo: DemoFile, made: boolean, assumptions: readonly string[]): void {
  if (made) {
    terminal.out('\n  演示登录 demo logins (made now, shown once; kept in demo-logins.json):');
    for (const login of demo.logins)
      terminal.out(`    ${login.username.padEnd(8)} ${login.password}   ${login.name}  ${login.role}  ${login.scopes.join(' ')}`);
    terminal.out('\n  假设 assumed where sources are silent:');
    for (const line of assumptions) terminal.out(`    ${line}`);
  }
  terminal.out('\n  下一步 next, in another terminal:');
  terminal.out('    ./laba demo dasuo      打所之夜 the Dasuo night: report, order, siren and speech, answers, all-clear');
  terminal.out('    ./laba demo county     全县红色预警 county-wide red by two officers');
  terminal.out('    ./laba demo alone      断线之夜 the night in a village whose line is cut');
  terminal.out('    or open the page and sign in as cadre1\n');
}

function tellVillage(terminal: Console, url: string): void {
  terminal.out('\n  下一步 next: 县里确认本机；村干部用本地码登录');
  terminal.out('    above: laba edge confirm HOUSE, and a local code for each cadre (the page /codes there)');
  terminal.out(`    here: ${url}/sign-in with it; laba edge houses says how the line is\n`);
}

function tellPrefecture(terminal: Console): void {
  terminal.out('\n  下一步 next: 打开页面登录；各县用一次性码接入');
  terminal.out('    here: ./laba edge claim-code COUNTY, then ./laba edge confirm HOUSE; ./laba edge houses says who is heard');
  terminal.out('    at the county, while it is stopped: ./laba edge enrol --above URL --code CODE\n');
}

function tellRealCounty(terminal: Console): void {
  terminal.out('\n  下一步 next: 打开页面登录；第一次用 `laba init` 给出的链接设置密码');
  terminal.out('    open the page and sign in; the first time by the link that `laba init` printed');
  terminal.out('    LABA_USER=admin LABA_PASSWORD=… ./laba import groups FILE --dry-run     (see: ./laba help import)');
  terminal.out('    LABA_USER=admin LABA_PASSWORD=… ./laba gateway try\n');
}
