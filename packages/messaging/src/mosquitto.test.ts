// Mosquitto passes what every broker of the house must pass, in both versions of the protocol.
import { describe } from 'vitest';
import { hasMosquitto, MosquittoUnderTest } from './mosquitto.test-kit.ts';
import { mqttContract } from './mqtt.contract.ts';

describe.skipIf(!hasMosquitto)('(needs mosquitto)', () => {
  mqttContract('Mosquitto, MQTT 3.1.1', () => MosquittoUnderTest.start(), 4);
  mqttContract('Mosquitto, MQTT 5', () => MosquittoUnderTest.start(), 5);
});
