// What the data folder says about itself: which county, demo or real. Written once, by the first start or by `init`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '@laba/runtime/durable-file';

const houseFileSchema = z.object({
  county: z.string().regex(/^\d{4}(\d{2})?$/),
  demo: z.boolean(),
  /** A village's own house: its grid node, the activity room that it stands in, and what hangs on the box there. */
  node: z.string().optional(),
  site: z.string().optional(),
  hardware: z
    .object({ device: z.string(), speaker: z.array(z.string()), button: z.string(), press: z.string(), microphone: z.string(), talk: z.string() })
    .partial()
    .optional(),
  /** Seed of the demo county. */
  seed: z.number().int().optional(),
  /** False until everything was imported: a start that was cut short begins again. */
  ready: z.boolean(),
});
export type HouseFile = z.infer<typeof houseFileSchema>;

/** Where a restore puts things before they count. While it is there, a restore was cut short. */
export const restoringDirOf = (dataDir: string) => join(dataDir, 'restoring');

const fileOf = (dataDir: string) => join(dataDir, 'house.json');

/** @throws one line that says what to do when the file is broken. */
export function readHouseFile(dataDir: string): HouseFile | undefined {
  const file = fileOf(dataDir);
  // Without this a start would take what is left for an empty folder and make the demo county in it.
  if (existsSync(restoringDirOf(dataDir))) throw new Error(`A restore into ${dataDir} was interrupted: run it again with --replace.`);
  if (!existsSync(file)) return undefined;
  try {
    return houseFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new Error(`${file} is damaged: restore it, or name another folder with LABA_DATA.`);
  }
}

export function writeHouseFile(dataDir: string, house: HouseFile): void {
  writeDurably(fileOf(dataDir), `${JSON.stringify(house, null, 2)}\n`);
}
