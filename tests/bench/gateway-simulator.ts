// N gateways in one process, as light as can be: each answers a play command with the real report. It must not be the limit: the floor has the same one.
import { createHash, randomUUID } from 'node:crypto';
import { gatewaySubscriptions, topics, type SignedCommand, type SignedPayload } from '@laba/domain/gateway-protocol';
import type { BenchGateway } from './bench-county.ts';
import { LightLine } from './light-line.ts';
import { answerTo, now, type SimulatorTask } from './process-talk.ts';

interface Box extends BenchGateway {
  line: LightLine | undefined;
  journalId: string;
  reported: number;
  played: string;
  /** Its hello was answered. */
  right: boolean;
}

const CONNECTING_AT_ONCE = 128;

let boxes: Box[] = [];
let task: Extract<SimulatorTask, { do: 'connect' }>;
let waitingForSnapshot = 0;
let allRight = () => {};
/** As a real gateway asks again when nobody answers. */
const ASK_AGAIN_MS = 5_000;
let askedAgain = 0;
/** The same bytes come N times: read once. */
let known: { bytes: Buffer; payload: SignedPayload } | undefined;

function opened(bytes: Buffer): SignedPayload {
  if (known === undefined || !known.bytes.equals(bytes)) {
    const body = Buffer.from(bytes.toString('latin1').split('.')[1]!, 'base64url');
    known = { bytes: Buffer.from(bytes), payload: JSON.parse(body.toString('utf8')) as SignedPayload };
  }
  return known.payload;
}

function hear(box: Box, bytes: Buffer, line: LightLine): void {
  const payload = opened(bytes);
  if (payload.type === 'command') play(box, payload, line);
  if (payload.type !== 'snapshot') return;
  for (const wire of payload.body.commands) {
    const command = opened(Buffer.from(wire));
    if (command.type === 'command') play(box, command, line);
  }
  if (!box.right) waitingForSnapshot -= 1;
  box.right = true;
  if (waitingForSnapshot === 0) allRight();
}

function play(box: Box, { commandId, alertId, revision, body }: SignedCommand, line: LightLine): void {
  const key = `${alertId}:${revision}`;
  if (body.action !== 'play' || box.played === key) return;
  box.played = key;
  box.reported += 1;
  const report = { number: box.reported, commandId, alertId, revision, purpose: body.purpose, speakerId: box.speakerId, state: 'received', repeat: 0 };
  line.publish(topics.gatewayReport(task.county, box.id), JSON.stringify({ journalId: box.journalId, reports: [report] }));
}

async function connectBox(box: Box): Promise<void> {
  const { county, port } = task;
  const asked = gatewaySubscriptions(county, box.id, box.gridCode);
  for (let attempt = 1; ; attempt++) {
    try {
      box.line = await LightLine.open({
        port,
        clientId: box.id,
        password: box.password,
        topics: asked,
        onPublish: (packet, line) => hear(box, packet.payload as Buffer, line),
      });
      break;
    } catch (error) {
      if (attempt === 5) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
    }
  }
  box.line.socket.on('error', () => {});
  if (!task.greets) return;
  const state = { state: 'online', bootCounter: 1, journalId: box.journalId, software: 'bench', clockKnown: true, power: { source: 'mains' } };
  const speakers = [{ speakerId: box.speakerId, player: 'ok' }];
  box.line.publish(topics.gatewayState(county, box.id), JSON.stringify({ ...state, speakers, reportsWaiting: 0 }), true);
  sayHello(box);
}

function sayHello(box: Box): void {
  const nonce = createHash('sha256').update(`${box.id}${box.reported}`).digest('hex').slice(0, 32);
  const hello = { nonce, highestSeq: 0, bootCounter: 1, journalId: box.journalId };
  box.line?.publish(topics.gatewayHello(task.county, box.id), JSON.stringify(hello));
}

function askAgain(): void {
  const unanswered = boxes.filter((box) => !box.right);
  askedAgain += unanswered.length;
  unanswered.forEach(sayHello);
}

async function connectAll(all: readonly Box[]): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTING_AT_ONCE }, async () => {
      while (next < all.length) await connectBox(all[next++]!);
    }),
  );
}

answerTo<SimulatorTask>(async (asked) => {
  if (asked.do === 'connect') {
    task = asked;
    boxes = asked.gateways.map((one) => ({ ...one, line: undefined, journalId: randomUUID(), reported: 0, played: '', right: false }));
  }
  if (asked.do === 'connect' || asked.do === 'reconnect') {
    for (const box of boxes) {
      box.line?.socket.destroy();
      box.right = false;
    }
    const begun = now();
    waitingForSnapshot = task.greets ? boxes.length : 0;
    const right = new Promise<void>((resolve) => (allRight = resolve));
    await connectAll(boxes);
    const connected = now();
    askedAgain = 0;
    const again = setInterval(askAgain, ASK_AGAIN_MS);
    if (task.greets) await right;
    clearInterval(again);
    return { begun, connected, right: now(), askedAgain };
  }
  for (const box of boxes) box.line?.socket.destroy();
  boxes = [];
  return {};
});
