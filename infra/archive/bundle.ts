// The program for a village, bundled: one entry per process, loaded in pieces, so that a gateway does not read the house into its memory.
// What the code reads beside itself is found by its own `new URL('…', import.meta.url)`: the same names lie in the archive.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { rolldown, type OutputChunk, type Plugin } from 'rolldown';

export const ROOT = join(import.meta.dirname, '..', '..');
/** Where the pieces lie in the archive. */
export const LIB = 'lib';
const MAIN = 'services/host/src/main.ts';
/** What a running house makes beside the code: never copied, whatever lies there. */
const MADE = 'data';
/** Their binaries are the machine's own: they are not bundled. */
const NATIVE = ['better-sqlite3', '@node-rs/argon2', 'sharp'];

/** The clustered profile runs from the sources only: its engines are a county's. */
const ABSENT = /^@bull-board\/|\/open-clustered\.ts$|\/(start|run)-cluster\.ts$/;
const ABSENCE = "throw new Error('This archive runs the house of one machine. The clustered profile runs from the sources: see README.md there.');";

/** Both ways in which a file of ours names another one beside itself. */
const BESIDE = /new URL\('(\.[^']*)', import\.meta\.url\)|import\.meta\.resolve\('(@laba\/[^']+)'\)/g;

export interface Bundle {
  chunks: OutputChunk[];
  /** Files and folders that the code reads, from the root of the repository. */
  beside: string[];
}

/** @throws when the code looks beside itself for what is not there, or in a way that nobody can follow */
export async function bundleVillage(): Promise<Bundle> {
  const beside = new Set<string>();
  const built = await rolldown({
    input: { main: join(ROOT, MAIN) },
    cwd: ROOT,
    platform: 'node',
    external: NATIVE,
    plugins: [withoutClustered, besideTheCode(beside)],
    onLog(_level, log) {
      throw new Error(`The bundle: ${log.message}`);
    },
  });
  const { output } = await built.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    // Names stay, so that the stack of an error in the field can be read.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  });
  await built.close();
  return { chunks: output.filter((part) => part.type === 'chunk'), beside: [...beside].sort() };
}

const withoutClustered: Plugin = {
  name: 'without-clustered',
  resolveId: (id) => (ABSENT.test(id) ? '\0absent' : undefined),
  load: (id) => (id === '\0absent' ? ABSENCE : undefined),
};

function besideTheCode(found: Set<string>): Plugin {
  const require = createRequire(join(ROOT, MAIN));
  return {
    name: 'beside-the-code',
    transform(code, id) {
      const importer = relative(ROOT, id);
      if (!/^(packages|services)\//.test(importer) || !code.includes('import.meta')) return undefined;
      const strange = /import\.meta(\.\w+)?/.exec(code.replaceAll(BESIDE, ''));
      if (strange !== null) throw new Error(`${importer}: ${strange[0]} is used in a way that an archive cannot follow.`);
      return code.replaceAll(BESIDE, (_, path: string | undefined, room: string) => {
        const file = path === undefined ? require.resolve(room) : join(dirname(id), path);
        const name = relative(ROOT, file);
        if (name !== MADE && !existsSync(file)) throw new Error(`${importer} reads ${name}, which is not there.`);
        if (!file.endsWith('.ts')) {
          if (name !== MADE) found.add(name);
          return `new URL('../${name}${path!.endsWith('/') ? '/' : ''}', import.meta.url)`;
        }
        const entry = `${basename(file, '.ts')}.js`;
        if (name !== MAIN) this.emitFile({ type: 'chunk', id: file, fileName: entry });
        return `new URL('./${entry}', import.meta.url)${path === undefined ? '.href' : ''}`;
      });
    },
  };
}
