// What one authenticated connection may cost the embedded broker: the size of a packet in, the bytes left unread out.
import type { Socket } from 'node:net';
import { LIMITS } from '@laba/domain/limits';

/**
 * Watches what the broker reads from an authenticated socket and cuts it off at the first packet larger than `mqttPacketBytes`,
 * before any of that packet is handed on: the broker's own parser would gather it whole, up to 256 MB.
 */
export function meterPackets(socket: Socket, onTooLarge: () => void): void {
  const meter = new PacketMeter(LIMITS.mqttPacketBytes);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk = read(size) as Buffer | null;
    if (chunk === null || meter.accept(chunk)) return chunk;
    onTooLarge();
    socket.destroy();
    return null;
  };
}

/**
 * A socket that never says "wait": what its reader leaves lying is kept for it up to `mqttUnreadBytes`, then it is cut off. The broker
 * waits for a reader that is behind before it takes the sender's next packet, so one frozen device could hold up the county's commands.
 * `mayWait` says who is worth waiting for.
 */
export function neverWaitFor(socket: Socket, mayWait: () => boolean, onCut: () => void): void {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  const patient = (...given: unknown[]) => {
    if (write(...given)) return true;
    if (mayWait()) return false;
    if (socket.writableLength > LIMITS.mqttUnreadBytes && !socket.destroyed) {
      onCut();
      socket.destroy();
    }
    return true;
  };
  socket.write = patient as Socket['write'];
}

/** Follows MQTT's packet borders through chunks of any cut. */
export class PacketMeter {
  readonly #limitBytes: number;
  #bodyLeft = 0;
  #length = 0;
  #lengthBytes = -1;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** False once a packet announces more bytes than the limit. */
  accept(chunk: Buffer): boolean {
    for (let at = 0; at < chunk.length;) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, chunk.length - at);
        this.#bodyLeft -= step;
        at += step;
      } else if (!this.#header(chunk[at++]!)) return false;
    }
    return true;
  }

  // -1: the next byte is a packet's first; otherwise how many bytes of its length were seen.
  #header(byte: number): boolean {
    if (this.#lengthBytes === -1) {
      this.#lengthBytes = 0;
      this.#length = 0;
      return true;
    }
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    if (byte >= 0x80) return this.#lengthBytes < 4;
    if (1 + this.#lengthBytes + this.#length > this.#limitBytes) return false;
    this.#bodyLeft = this.#length;
    this.#lengthBytes = -1;
    return true;
  }
}
