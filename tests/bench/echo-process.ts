// The echo floor: a bare broker and a bare collector; one publish, and everybody's answer counted. Nothing is looked at, nothing is kept.
import { createServer, type AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { topics } from '@laba/domain/gateway-protocol';
import { COUNTY } from './bench-county.ts';
import { freshCommand } from './fresh-command.ts';
import { LightLine } from './light-line.ts';
import { answerTo, now } from './process-talk.ts';

export type EchoTask = { do: 'start'; port?: number; password?: string } | { do: 'round'; answers: number };

let collector: LightLine;
let times: number[] = [];
let enough: { answers: number; resolve: () => void } | undefined;

async function start(port: number | undefined, password: string): Promise<{ port: number }> {
  const at = port ?? (await bareAedes());
  collector = await LightLine.open({
    port: at,
    clientId: 'county',
    password,
    topics: [topics.gatewayReport(COUNTY, '+')],
    onPublish: () => {
      times.push(now());
      if (enough !== undefined && times.length >= enough.answers) enough.resolve();
    },
  });
  return { port: at };
}

async function bareAedes(): Promise<number> {
  const aedes = new Aedes({ concurrency: 1_000 });
  await aedes.listen();
  const server = createServer({ noDelay: true }, (socket) => void aedes.handle(socket));
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, resolve));
  return (server.address() as AddressInfo).port;
}

answerTo<EchoTask>(async (task) => {
  if (task.do === 'start') return start(task.port, task.password ?? '');
  times = [];
  const wire = freshCommand();
  const begun = now();
  await new Promise<void>((resolve) => {
    enough = { answers: task.answers, resolve };
    collector.publish(topics.areaCommand(COUNTY, COUNTY), wire);
  });
  return { begun, times };
});
