// The echo floor: a bare broker and a bare collector; one publish, and everybody's answer counted. Nothing is looked at, nothing is kept.
import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { topics, type SignedPayload } from '@laba/domain/gateway-protocol';
import { newKeyPair, seal, signingKey } from '@laba/messaging/envelope';
import { COUNTY } from './bench-county.ts';
import { LightLine } from './light-line.ts';
import { answerTo, now } from './process-talk.ts';

export type EchoTask = { do: 'start'; port?: number; password?: string } | { do: 'round'; answers: number };

let collector: LightLine;
let times: number[] = [];
let enough: { answers: number; resolve: () => void } | undefined;

/** A command as the house would sign it, so that the simulator does the same work. */
function command(): string {
  const time = new Date(Date.now() + 3_600_000).toISOString();
  const payload: SignedPayload = {
    type: 'command',
    aud: COUNTY,
    mode: 'test',
    commandId: 'echo',
    alertId: randomUUID(),
    revision: 1,
    seq: 1,
    iat: Date.now() / 1000,
    exp: Date.now() / 1000 + 3_600,
    scope: [COUNTY],
    body: {
      action: 'play',
      purpose: 'alert',
      kind: 'order',
      level: null,
      order: 'move-now',
      eventCode: '11D00',
      texts: [],
      siren: false,
      playTimes: 1,
      intervalSeconds: 60,
      volume: 80,
      startTime: time,
      endTime: time,
      notAfter: time,
      quietHours: null,
      stopReason: null,
      areaCode: [COUNTY],
    },
  };
  return seal(payload, signingKey('bench', newKeyPair().privateKey));
}

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
  const wire = command();
  const begun = now();
  await new Promise<void>((resolve) => {
    enough = { answers: task.answers, resolve };
    collector.publish(topics.areaCommand(COUNTY, COUNTY), wire);
  });
  return { begun, times };
});
