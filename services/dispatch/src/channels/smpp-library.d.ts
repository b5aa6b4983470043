// The parts of the smpp library that the house uses; it ships without types.
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer } from 'node:net';

  namespace smpp {
    interface PDU {
      command: string;
      command_status: number;
      sequence_number: number;
      esm_class?: number;
      data_coding?: number;
      registered_delivery?: number;
      system_id?: string;
      password?: string;
      source_addr?: string;
      destination_addr?: string;
      message_id?: string;
      receipted_message_id?: string;
      short_message?: { message?: string | Buffer; udh?: Buffer[] };
      message_payload?: { message?: string | Buffer; udh?: Buffer[] };
      response(fields?: Record<string, unknown>): PDU;
    }
    type Ask = (fields: Record<string, unknown>, onResponse?: (pdu: PDU) => void) => boolean;
    interface Session extends EventEmitter {
      bind_transceiver: Ask;
      submit_sm: Ask;
      deliver_sm: Ask;
      enquire_link: Ask;
      send(pdu: PDU): boolean;
      close(): void;
      destroy(): void;
    }
    interface Server extends NetServer {
      sessions: Session[];
    }
    function connect(options: { host: string; port: number; tls: boolean }, onConnect: () => void): Session;
    function createServer(onSession: (session: Session) => void): Server;
  }
  export = smpp;
}
