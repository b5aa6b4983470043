// The MQTT description that is served is a valid AsyncAPI 3.0 document, and tells the topics the house really uses.
import { Parser } from '@asyncapi/parser';
import { expect, test } from 'vitest';
import { topics } from '@laba/domain/gateway-protocol';
import { asyncApiDocument } from '@laba/host/asyncapi';

interface Told {
  channels: Record<string, { address: string; parameters: object; messages: object }>;
  operations: Record<string, { action: string; channel: { $ref: string }; tags: { name: string }[] }>;
  components: { messages: Record<string, { contentType: string; 'x-signed-payload'?: object }>; schemas: Record<string, object> };
}

const served = () => structuredClone(asyncApiDocument()) as Told;

async function faultsOf(document: object): Promise<string[]> {
  const { diagnostics } = await new Parser().parse(JSON.stringify(document));
  return diagnostics.filter((one) => one.severity === 0).map((one) => `${one.path.join('.')}: ${one.message}`);
}

test('the document has no fault', async () => {
  expect(await faultsOf(asyncApiDocument())).toEqual([]);
});

test('the validator sees a planted fault', async () => {
  const broken = served();
  broken.operations['countySendsAreaCommand']!.channel.$ref = '#/channels/nowhere';
  broken.operations['countySendsAreaCommand']!.action = 'shout';
  expect(await faultsOf(broken)).not.toEqual([]);
});

test('every topic of the protocol is a channel, with its parameters', () => {
  const addresses = Object.values(served().channels)
    .map((channel) => channel.address)
    .sort();
  expect(addresses).toEqual(
    Object.values(topics)
      .map((topic) => topic('{county}', placeholderOf(topic('{county}', ''))))
      .sort(),
  );
});

function placeholderOf(topic: string): string {
  return /\/(area|node)\//.test(topic) ? '{code}' : topic.includes('/sensor/') ? '{sensorId}' : '{gatewayId}';
}

test('each channel is told from both sides', () => {
  const { channels, operations } = served();
  for (const name of Object.keys(channels)) {
    const told = Object.values(operations).filter((operation) => operation.channel.$ref === `#/channels/${name}`);
    expect(told.map((operation) => operation.action).sort()).toEqual(['receive', 'send']);
    expect(told.some((operation) => operation.tags[0]!.name === 'county')).toBe(true);
  }
});

test('what the county says to a device is signed, and its inside is described', () => {
  const { components } = served();
  for (const name of ['command', 'snapshot', 'held']) {
    expect(components.messages[name]!.contentType).toBe('application/jose');
    expect(components.messages[name]!['x-signed-payload']).toEqual({ $ref: `#/components/schemas/${name}` });
    expect(components.schemas[name]).toHaveProperty('properties.body');
  }
});
