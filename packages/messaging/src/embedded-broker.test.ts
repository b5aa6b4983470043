// The embedded broker passes what every broker of the house must pass.
import { mqttContract } from './mqtt.contract.ts';
import { EmbeddedUnderTest } from './embedded-broker.test-kit.ts';

mqttContract('the embedded broker', () => EmbeddedUnderTest.start());
