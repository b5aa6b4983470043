// The MQTT side of the house as an AsyncAPI 3.0 document, made from the very schemas that check the messages.
import { z } from 'zod';
import {
  gatewayHelloSchema,
  gatewayStateSchema,
  HEARTBEAT_MS,
  keyBookSchema,
  reportMessageSchema,
  sensorReadingSchema,
  signedPayloadSchema,
  topics,
} from '@laba/domain/gateway-protocol';

type Side = 'county' | 'gateway' | 'sensor' | 'house';

interface Told {
  title: string;
  summary: string;
  /** The clear message, or what stands signed inside the envelope. */
  schema: z.ZodType;
  signed: boolean;
}

interface Channel {
  address: string;
  description: string;
  parameters: Record<string, string>;
  messages: readonly string[];
  from: Side;
  to: Side;
  retain: boolean;
}

const COUNTY = 'The county: 6 digits of the national division code.';
const GATEWAY = 'The gateway: its id is also its MQTT client id and user name.';

const NODE = 'The grid node of the house below: township 9, village 12 or group 14 digits.';

const [commandSchema, snapshotSchema, heldSchema] = signedPayloadSchema.options;

const MESSAGES: Record<string, Told> = {
  command: {
    title: 'Command',
    summary: 'Play, quieten or stop. The device checks signature, key scope, freshness, replay and its own place before it does anything else.',
    schema: commandSchema,
    signed: true,
  },
  snapshot: {
    title: 'Snapshot',
    summary: 'The answer to a hello: the signed commands still active, and the tombstones of alerts that are over.',
    schema: snapshotSchema,
    signed: true,
  },
  held: {
    title: 'Held',
    summary: "The answer to each heartbeat: up to which number the county holds this journal's reports durably.",
    schema: heldSchema,
    signed: true,
  },
  keyBook: {
    title: 'Key book',
    summary: "Every key that counts now, signed by the county's root key; told before the snapshot to a gateway that goes by an older one.",
    schema: keyBookSchema,
    signed: true,
  },
  report: {
    title: 'Reports',
    summary: "What the speakers did, in the device's own words, numbered per journal; sent again until the county holds them.",
    schema: reportMessageSchema,
    signed: false,
  },
  state: {
    title: 'State',
    summary: `The heartbeat, every ${HEARTBEAT_MS / 1000} s, retained. The last will is the same message with state "lost".`,
    schema: gatewayStateSchema,
    signed: false,
  },
  hello: {
    title: 'Hello',
    summary: 'Said after every connection and whenever a gap in seq is seen; answered by a snapshot with the same nonce.',
    schema: gatewayHelloSchema,
    signed: false,
  },
  reading: { title: 'Sensor reading', summary: 'One measured value.', schema: sensorReadingSchema, signed: false },
};

// What two houses write to each other is for them alone: nothing of its inside is told here.
const LETTER = {
  name: 'letter',
  title: 'Letter between houses',
  summary: 'Rows that are new to the other house: compressed, signed, and sealed for it. The same bytes may come over HTTP or in a file.',
  contentType: 'application/octet-stream',
  payload: {
    type: 'string',
    format: 'binary',
    description:
      'A first line of JSON {"form": "laba-letter-1", "from", "to", "key"}; 64 bytes Ed25519 over that line and the rest; the rest is brotli-compressed JSON under ' +
      'AES-256-GCM, its key drawn by X25519 and HKDF-SHA-256.',
  },
};

const CHANNELS: Record<string, Channel> = {
  areaCommand: {
    address: topics.areaCommand('{county}', '{code}'),
    description: 'Commands for every gateway under one grid node. A gateway subscribes to its own node and to each ancestor. Never retained.',
    parameters: { county: COUNTY, code: 'The grid node: county 6, township 9, village 12 or group 14 digits.' },
    messages: ['command'],
    from: 'county',
    to: 'gateway',
    retain: false,
  },
  gatewayCommand: {
    address: topics.gatewayCommand('{county}', '{gatewayId}'),
    description: 'The same commands to one gateway, and what is for it alone. Never retained.',
    parameters: { county: COUNTY, gatewayId: GATEWAY },
    messages: ['command', 'snapshot', 'held', 'keyBook'],
    from: 'county',
    to: 'gateway',
    retain: false,
  },
  gatewayReport: {
    address: topics.gatewayReport('{county}', '{gatewayId}'),
    description: "What this gateway's speakers did. Each report names its speaker. A report is the device's word, never a broker's receipt.",
    parameters: { county: COUNTY, gatewayId: GATEWAY },
    messages: ['report'],
    from: 'gateway',
    to: 'county',
    retain: false,
  },
  gatewayState: {
    address: topics.gatewayState('{county}', '{gatewayId}'),
    description: 'How the gateway is: the only topic on which a device may retain.',
    parameters: { county: COUNTY, gatewayId: GATEWAY },
    messages: ['state'],
    from: 'gateway',
    to: 'county',
    retain: true,
  },
  gatewayHello: {
    address: topics.gatewayHello('{county}', '{gatewayId}'),
    description: 'The gateway asks what is true now; nothing depends on what a broker remembered.',
    parameters: { county: COUNTY, gatewayId: GATEWAY },
    messages: ['hello'],
    from: 'gateway',
    to: 'county',
    retain: false,
  },
  sensorReading: {
    address: topics.sensorReading('{county}', '{sensorId}'),
    description: 'Rain, river level, cracks, tilt.',
    parameters: { county: COUNTY, sensorId: 'The sensor: its id is also its MQTT client id and user name.' },
    messages: ['reading'],
    from: 'sensor',
    to: 'county',
    retain: false,
  },
  nodeUp: {
    address: topics.nodeUp('{county}', '{code}'),
    description: 'What a house below tells the one above it. It may publish on no other topic.',
    parameters: { county: COUNTY, code: NODE },
    messages: ['letter'],
    from: 'house',
    to: 'county',
    retain: false,
  },
  nodeDown: {
    address: topics.nodeDown('{county}', '{code}'),
    description: 'What a house below is told by the one above it.',
    parameters: { county: COUNTY, code: NODE },
    messages: ['letter'],
    from: 'county',
    to: 'house',
    retain: false,
  },
};

const ENVELOPE = {
  type: 'string',
  title: 'Envelope',
  description:
    'JWS compact serialisation (RFC 7515), Ed25519 (RFC 8037). Header: alg EdDSA, kid, typ laba+jws (a key book: laba+keys). The device takes the algorithm from its own ' +
    'key, never from the message. The signed payload follows the schema named by x-signed-payload.',
  pattern: String.raw`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`,
};

function entries<T, R>(record: Record<string, T>, map: (value: T, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return rest;
}

function message(told: Told, name: string): object {
  const own = { $ref: `#/components/schemas/${name}` };
  const shared = { name, title: told.title, summary: told.summary };
  if (!told.signed) return { ...shared, contentType: 'application/json', payload: own };
  return { ...shared, contentType: 'application/jose', payload: { $ref: '#/components/schemas/envelope' }, 'x-signed-payload': own };
}

function channel({ address, description, parameters, messages }: Channel): object {
  return {
    address,
    description,
    parameters: entries(parameters, (words) => ({ description: words })),
    messages: Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
  };
}

// Each channel is told twice: who sends on it, and who receives.
function operations(): Record<string, object> {
  const told = Object.entries(CHANNELS).flatMap(([name, { from, to, retain, messages }]) => {
    const about = {
      channel: { $ref: `#/channels/${name}` },
      messages: messages.map((id) => ({ $ref: `#/channels/${name}/messages/${id}` })),
      bindings: { mqtt: { qos: 1, retain, bindingVersion: '0.2.0' } },
    };
    const title = name.replace(/^./, (first) => first.toUpperCase());
    return [
      [`${from}Sends${title}`, { action: 'send', summary: `The ${from} sends on this topic.`, tags: [{ name: from }], ...about }],
      [`${to}Receives${title}`, { action: 'receive', summary: `The ${to} listens to this topic.`, tags: [{ name: to }], ...about }],
    ] as const;
  });
  return Object.fromEntries(told);
}

/** The document as served: AsyncAPI 3.0, plain JSON. */
export function asyncApiDocument(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Laba',
      version: '1',
      description:
        'What a county, the gateways in its villages and the houses below it say to each other. QoS 1 everywhere; valid on MQTT 3.1.1 and 5. Commands are signed; ' +
        'who sent a report is known by its topic, on which nobody else may publish.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      county: {
        host: '{host}:{port}',
        protocol: 'mqtt',
        protocolVersion: '3.1.1',
        description: "The county's broker. Client id = user name = the gateway's id.",
        variables: { host: { default: '127.0.0.1' }, port: { default: '1883' } },
        security: [{ $ref: '#/components/securitySchemes/device' }],
      },
    },
    channels: entries(CHANNELS, channel),
    operations: operations(),
    components: {
      securitySchemes: { device: { type: 'userPassword', description: 'A 256-bit password given once, when the device was claimed and confirmed.' } },
      messages: { ...entries(MESSAGES, message), letter: LETTER },
      schemas: { envelope: ENVELOPE, ...entries(MESSAGES, (told) => jsonSchema(told.schema)) },
    },
  };
}
