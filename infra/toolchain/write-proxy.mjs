// Writes infra/proxy/nginx.conf: which service of the clustered profile answers which path, from the routes themselves.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeIds } from '../../packages/domain/src/ids.ts';
import { systemClock } from '../../packages/runtime/src/clock.ts';
import { configSchema } from '../../packages/runtime/src/config.ts';
import { silentLog } from '../../packages/runtime/src/log.ts';
import { deploymentProxyConf } from '../../services/host/src/cluster/deployment-proxy.ts';
import { compose } from '../../services/host/src/compose.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'laba-routes-'));
const ids = makeIds(() => systemClock.now(), randomBytes);
const house = await compose(configSchema.parse({ port: 0, mqttPort: 0, dataDir }), { clock: systemClock, ids, log: silentLog });
writeFileSync(join(import.meta.dirname, '..', 'proxy', 'nginx.conf'), deploymentProxyConf(house.routes));
await house.stop();
rmSync(dataDir, { recursive: true });
