// What this box says when it asks what is in force: also what it knows itself, for a county that is older than its devices.
import { COMMANDS_SHOWN, IN_FORCE_TOLD, OVER_TOLD, SHOWN_BYTES, type GatewayHello } from '@laba/domain/gateway-protocol';
import type { Receiver } from './receive.ts';

export async function helloOf({ box, room, highestSeq, toShow }: Receiver, bootCounter: number): Promise<Omit<GatewayHello, 'nonce'>> {
  const { journal, spool, trust } = box;
  const ofAlerts = room.inForce.filter((one) => one.purpose === 'alert');
  const inForce = ofAlerts.slice(0, IN_FORCE_TOLD).map(({ alertId, revision }) => ({ alertId, revision }));
  const over = (await spool.graves(OVER_TOLD)).map(({ alertId, revision, reason }) => ({ alertId, revision, reason }));
  const commands = toShow.length === 0 ? [] : await shown(spool, toShow);
  return {
    highestSeq,
    bootCounter,
    journalId: journal.journalId,
    keyBook: trust.version,
    reportsHeldUpTo: journal.heldUpTo,
    ...(inForce.length === 0 ? {} : { inForce }),
    ...(over.length === 0 ? {} : { over }),
    ...(commands.length === 0 ? {} : { commands }),
  };
}

async function shown(spool: Receiver['box']['spool'], asked: Receiver['toShow']): Promise<string[]> {
  const spooled = await spool.activeCommands();
  const wires = spooled
    .filter((one) => one.purpose === 'alert' && asked.some(({ alertId, revision }) => alertId === one.alertId && revision === one.revision))
    .map((one) => one.wire);
  let bytes = 0;
  return wires.filter((wire) => (bytes += wire.length) <= SHOWN_BYTES).slice(0, COMMANDS_SHOWN);
}
