// `npm run archive -- --out DIR [--arch x64|arm64]`: the archives for villages, both when none is named.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ARCHS } from './addons.ts';
import { makeArchive } from './make-archive.ts';

const { values } = parseArgs({ options: { arch: { type: 'string' }, out: { type: 'string' } } });
const chosen = ARCHS.filter((arch) => values.arch === undefined || values.arch === arch);
if (values.out === undefined || chosen.length === 0) {
  process.stderr.write(`archive: wants --out DIR, and --arch ${ARCHS.join(' or ')} for one only\n`);
  process.exit(2);
}
for (const arch of chosen) {
  const { file, bytes, sha256 } = await makeArchive(arch, resolve(values.out));
  process.stdout.write(`${file}: ${(bytes / 1_048_576).toFixed(1)} MiB, SHA-256 ${sha256}\n`);
}
