// The night of an alert in a village whose power goes at random moments: after each, whatever was confirmed is on the disk, no repeat sounds twice, and
// neither house is told of what the other never held. `npm run soak -- --power N [--seed S]`.
import { eq } from 'drizzle-orm';
import { differences, heldBy } from '@laba/host/demo/two-truths';
import type { Peer } from '@laba/storage/sharing/peers';
import { LoopDisk, mayMount } from '../harness/disks.ts';
import { purposeOf } from '../harness/history.ts';
import { checkI3, nameOf, type History, type Repeat } from '../harness/invariants.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { brokenPromises, unended } from '../harness/real-history.ts';
import { RealTown } from '../harness/real-town.ts';
import { lookAt, RealVillage, type OnDisk } from '../harness/real-village.ts';
import { randomOf } from './schedule.ts';
import { VillagePeople } from './village-people.ts';

const DISK_MB = 256;
/**
 * The power goes at most this long after the switch, after the first answer, after the first sound; `passing`: in a copy of the disk only,
 * which is looked at while the house goes on.
 */
const MOMENTS = { starting: 3_000, back: 400, sounding: 4_000, passing: 2_500 } as const;
/** A start takes the longest: of seven moments three have one. */
const NEXT = ['starting', 'back', 'sounding', 'passing', 'passing', 'passing', 'passing'] as const;
type Moment = keyof typeof MOMENTS;

export interface PowerCut {
  moment: Moment;
  afterMs: number;
  line: 'cut' | 'open';
  /** All that was confirmed and all that sounded up to then. */
  acknowledged: number;
  sounded: number;
  /** From the switch until the house answers, and until the order sounds again. */
  answersMs?: number;
  soundsMs?: number;
  broken: string[];
}

/** What others know of the village when its power goes. */
interface Known {
  acknowledged: History['acknowledged'];
  started: Repeat[];
  /** How far the county knows that each of the two lists is held. */
  county: Pick<Peer, 'heardListId' | 'heardUpTo' | 'listId' | 'confirmedUpTo'>;
}

export class PowerNight {
  readonly #random: () => number;
  readonly #town = new RealTown();
  readonly #disk = LoopDisk.make(DISK_MB);
  readonly #village = new RealVillage(this.#town, this.#disk.dir);
  #people!: VillagePeople;
  #switchedOnAt = 0;
  #isLineOpen = false;
  /** Lists that were begun anew: no harm, but nothing that a power cut should do. */
  readonly #lists = new Set<string>();

  constructor(seed: number) {
    this.#random = randomOf(seed);
  }

  static may(): boolean {
    return mayMount('loop');
  }

  async open(): Promise<this> {
    await this.#town.layOut();
    await this.#town.startHost();
    await this.#village.enrol();
    const code = await this.#village.localCode('cadre1');
    const cadre = await new PersistentOfficer(this.#village, 'cadre1', { code }).signIn();
    this.#town.line.cut();
    this.#people = new VillagePeople(this.#village, cadre);
    this.#people.begin();
    await this.#town.until('the village orders alone', () => this.#people.standing !== undefined && this.#started().length > 0);
    return this;
  }

  /** The next power cut; afterwards the house runs, or is switched on again. */
  async cut(): Promise<PowerCut> {
    if (this.#random() < 0.2) this.#turnLine();
    const moment: Moment = this.#switchedOnAt === 0 ? 'sounding' : this.#oneOf(NEXT);
    const told: PowerCut = { moment, afterMs: 0, line: this.#isLineOpen ? 'open' : 'cut', acknowledged: 0, sounded: 0, broken: [] };
    if (moment !== 'starting' && this.#switchedOnAt > 0) await this.#comesBack(told);
    told.afterMs = Math.floor(this.#random() * MOMENTS[moment]);
    await pause(told.afterMs);
    await this.#village.standsStill();
    const before = await this.#known();
    told.acknowledged = before.acknowledged.length;
    told.sounded = before.started.length;
    told.broken.push(...(moment === 'passing' ? await this.#passes(before) : await this.#goesDark(before)));
    told.broken.push(...checkI3({ plays: before.started }), ...this.#people.wrong.splice(0));
    return told;
  }

  async #passes(before: Known): Promise<string[]> {
    const left = this.#disk.cut();
    this.#village.goesOn();
    try {
      return await lookAt(left.powerOn().dir, (disk) => this.#lostOn(disk, before));
    } finally {
      left.discard();
    }
  }

  async #goesDark(before: Known): Promise<string[]> {
    await this.#village.losesPower(this.#disk);
    const lost = await lookAt(this.#disk.dir, (disk) => this.#lostOn(disk, before));
    this.#switchedOnAt = performance.now();
    await this.#village.start();
    return lost;
  }

  /** The line is back, the order ends: all comes to rest, and both houses hold one truth. @returns what was broken in the whole night, in words */
  async rest(): Promise<string[]> {
    await this.#village.untilAnswers();
    if (!this.#isLineOpen) this.#turnLine();
    await this.#people.rest();
    await this.#town.until('every loudspeaker has come to its end', async () => (await unended(this.#village)).length === 0);
    await this.#town.until('both houses agree', async () => (await this.#apart()).length === 0);
    const lists = [...this.#lists].slice(1).map((list) => `a list was begun anew: ${list}`);
    return [...(await brokenPromises(this.#village, [])), ...this.#people.wrong, ...lists];
  }

  async close(): Promise<void> {
    await this.#town.close();
    this.#disk.discard();
  }

  async #comesBack(told: PowerCut): Promise<void> {
    await this.#village.untilAnswers();
    told.answersMs = this.#sinceSwitch();
    const { standing } = this.#people;
    if (told.moment !== 'sounding' || standing === undefined) return;
    const soundsOf = () => this.#started().filter(({ alertId }) => alertId === standing).length;
    const before = soundsOf();
    // Somebody may end it meanwhile.
    await this.#town.until('the order sounds again', () => soundsOf() > before || this.#people.standing !== standing);
    told.soundsMs = this.#sinceSwitch();
  }

  #sinceSwitch(): number {
    return Math.round(performance.now() - this.#switchedOnAt);
  }

  #turnLine(): void {
    this.#isLineOpen = !this.#isLineOpen;
    if (this.#isLineOpen) this.#town.line.heal();
    else this.#town.line.cut();
  }

  #oneOf<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }

  #started(): Repeat[] {
    const started = this.#village.playLog().filter(({ event }) => event === 'started');
    return started.map((line) => ({ ...line, purpose: purposeOf(line.purpose) }));
  }

  async #apart(): Promise<string[]> {
    const [above, below] = await Promise.all([heldBy(this.#town.dataDir, 'below'), heldBy(this.#village.dataDir, 'above')]);
    return differences(above, below);
  }

  async #known(): Promise<Known> {
    const [county] = await this.#town.read((db) => db.read((q, t) => q.select().from(t.peer).where(eq(t.peer.id, this.#village.id))));
    return { acknowledged: [...this.#village.acknowledged], started: this.#started(), county: county! };
  }

  async #lostOn({ house, spool }: OnDisk, { acknowledged, started, county }: Known): Promise<string[]> {
    const events = await house.read((q, t) => q.select({ type: t.event.type, subjectId: t.event.subjectId }).from(t.event));
    const [own] = await house.read((q, t) => q.select().from(t.peer).where(eq(t.peer.side, 'above')));
    const repeats = await spool.read((q, t) => q.select().from(t.spoolRepeat));
    this.#lists.add(own!.listId);
    return [
      ...missing('lost', acknowledged.map(nameOfAct), events.map(nameOfAct)),
      ...missing('not burnt', started.map(nameOf), repeats.map(nameOf)),
      ...(own!.listId === county.heardListId && own!.saidUpTo < county.heardUpTo ? [`said ${own!.saidUpTo}, the county holds ${county.heardUpTo}`] : []),
      ...(own!.heardListId === county.listId && own!.heardUpTo < county.confirmedUpTo
        ? [`holds ${own!.heardUpTo}, the county was told ${county.confirmedUpTo}`]
        : []),
    ];
  }
}

const nameOfAct = ({ type, subjectId }: { type: string; subjectId: string }) => `${type} ${subjectId}`;

/** What is more often on the one side than on the other. */
function missing(how: string, wanted: readonly string[], found: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const name of found) left.set(name, (left.get(name) ?? 0) + 1);
  return wanted.flatMap((name) => {
    const count = left.get(name) ?? 0;
    left.set(name, count - 1);
    return count > 0 ? [] : [`${how}: ${name}`];
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @returns whether every promise held */
export async function soakPower(cuts: number, seed: number): Promise<boolean> {
  if (!PowerNight.may()) throw new Error('Power cuts want the right to mount: run this as root.');
  const night = await new PowerNight(seed).open();
  const all: PowerCut[] = [];
  try {
    for (let n = 0; n < cuts; n++) {
      const one = await night.cut();
      all.push(one);
      console.log(JSON.stringify({ n: n + 1, ...one, broken: one.broken.slice(0, 10) }));
    }
    const broken = await night.rest();
    for (const words of broken.slice(0, 20)) console.log(`  ${words.slice(0, 600)}`);
    console.log(JSON.stringify(totals(all, broken)));
    return broken.length === 0 && all.every((one) => one.broken.length === 0);
  } finally {
    await night.close();
  }
}

function totals(all: readonly PowerCut[], broken: readonly string[]) {
  const words = [...all.flatMap((one) => one.broken), ...broken];
  const count = (how: RegExp) => words.filter((word) => how.test(word)).length;
  const times = (key: 'answersMs' | 'soundsMs') => all.flatMap((one) => one[key] ?? []).sort((a, b) => a - b);
  const middle = (list: readonly number[]) => list[Math.floor(list.length / 2)];
  const last = all.at(-1);
  return {
    cuts: all.length,
    moments: Object.fromEntries(Object.keys(MOMENTS).map((name) => [name, all.filter(({ moment }) => moment === name).length])),
    lineOpen: all.filter(({ line }) => line === 'open').length,
    acknowledged: last?.acknowledged,
    sounded: last?.sounded,
    lost: count(/^lost|^said|^holds/),
    doubled: count(/^played twice|^told twice|^not burnt/),
    other: words.length - count(/^lost|^said|^holds|^played twice|^told twice|^not burnt/),
    answersP50Ms: middle(times('answersMs')),
    answersMaxMs: times('answersMs').at(-1),
    soundsP50Ms: middle(times('soundsMs')),
    soundsMaxMs: times('soundsMs').at(-1),
  };
}
