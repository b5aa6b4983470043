// Chapter 4, speaker: the county's signed answers to one gateway. An answer that cannot go out is no loss: it will ask again.
import { LabaError } from '@laba/domain/errors';
import { topics, type SignedPayload } from '@laba/domain/gateway-protocol';
import type { DispatchDeps } from './dispatch-deps.ts';

/** How long an answer is fresh; it also lifts the floor of a device's clock. */
const ANSWER_FOR_SECONDS = 120;

interface Addressee {
  id: string;
  gridCode: string;
}

type Answer = Pick<Extract<SignedPayload, { type: 'held' }>, 'type' | 'body'> | Pick<Extract<SignedPayload, { type: 'snapshot' }>, 'type' | 'body'>;

/** Signed with the live key, which every device trusts for its whole county. */
export async function sealAnswer(deps: DispatchDeps, gateway: Addressee, answer: Answer): Promise<string> {
  const iat = deps.clock.now() / 1000;
  const head = {
    aud: deps.config.county,
    mode: 'live',
    commandId: deps.ids(),
    seq: answer.body.highestSeq,
    iat,
    exp: iat + ANSWER_FOR_SECONDS,
    scope: [gateway.gridCode],
  } as const;
  const told = deps.clock.doubt === undefined ? answer : { ...answer, body: { ...answer.body, clock: deps.clock.doubt.state } };
  return deps.signer.seal({ ...head, scope: [...head.scope], ...told } as SignedPayload);
}

/** False when the line is down. */
export async function tellGateway(deps: DispatchDeps, gatewayId: string, envelope: string): Promise<boolean> {
  try {
    await deps.mqtt.publish(topics.gatewayCommand(deps.config.county, gatewayId), envelope);
    return true;
  } catch (error) {
    if (error instanceof LabaError && error.code === 'broker-offline') return false;
    throw error;
  }
}

/** Up to where this journal's reports are held durably. */
export async function answerHeld(deps: DispatchDeps, gateway: Addressee, journalId: string, reportsHeldUpTo: number): Promise<void> {
  const highestSeq = await deps.seqs.of(gateway.gridCode);
  await tellGateway(deps, gateway.id, await sealAnswer(deps, gateway, { type: 'held', body: { journalId, reportsHeldUpTo, highestSeq } }));
}
