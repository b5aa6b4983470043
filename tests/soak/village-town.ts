// A county, a village's own house with a loudspeaker of its own, and people at both: each step of a schedule does something to them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refused } from '@laba/host/cli/client';
import { ANNOUNCE_WITHIN_MS } from '@laba/dispatch/play-command';
import type { House } from '@laba/host/compose';
import type { Mqtt } from '@laba/messaging/mqtt';
import type { Clock } from '@laba/runtime/clock';
import { silentLog, type Log } from '@laba/runtime/log';
import { Forger } from '../harness/forger.ts';
import { TownOfficer, type Draft } from '../harness/officer.ts';
import { DASUO, VILLAGE } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Site, type Town } from '../harness/town.ts';
import { VillageHouse } from '../harness/village-house.ts';
import { bury, condemn, DeadHouse } from './dies.ts';
import { LetterPost } from './letter-post.ts';
import { LATEST, type VillageAct, type VillageFault, type VillageStep, type Way, type Where } from './village-schedule.ts';

class HouseInHands extends VillageHouse {
  readonly post = new LetterPost();
  clockOffMs = 0;

  protected override ownClock(): Clock {
    const { clock } = this;
    return { now: () => clock.now() + this.clockOffMs, after: (ms, callback) => clock.after(ms, callback), sleep: (ms) => clock.sleep(ms) };
  }

  protected override lineOf(mqtt: Mqtt): Mqtt {
    return this.post.over(mqtt);
  }
}

/** An answer that is a no, or none at all. */
function isNo(error: unknown): boolean {
  return error instanceof Refused || error instanceof DeadHouse || (error instanceof TypeError && error.message === 'fetch failed');
}

type Said = Extract<VillageAct, { nth: number }>;

export class VillageTown {
  readonly #dir = mkdtempSync(join(tmpdir(), 'laba-soak-'));
  readonly #forgers = new Map<Where, Forger>();
  readonly #officers = new Map<Where, TownOfficer>();
  readonly #dying = new Set<Where>();
  #isBoxOn = true;
  /** What was said last of a person, at whichever house, by alert and person. */
  readonly lastMarks = new Map<string, string>();
  /** The village's house and its box were so far apart in time that each held the other's words of an end for stale. */
  wasClockFarOff = false;
  town!: Town;
  village!: HouseInHands;

  /** `log`: where both houses write. */
  async open(log: Log = silentLog): Promise<this> {
    this.town = await openTown('night', log);
    this.village = await new HouseInHands(this.town, this.#dir, log).open();
    await this.village.hang('site-dasuo');
    await this.village.agree();
    this.#officers.set('county', await this.town.officer('cadre1'));
    this.#officers.set('village', await this.village.officer('cadre1', [VILLAGE]));
    for (const where of ['county', 'village'] as const) await this.#forgerListens(where);
    return this;
  }

  async close(): Promise<void> {
    await this.village.close();
    await this.town.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  house(where: Where): House {
    return where === 'county' ? this.town.house : this.village.house;
  }

  get box(): Site {
    return this.village.sites.get('site-dasuo')!;
  }

  /** Nobody insists: what is refused, or never answered, was not promised. Whoever was to die is started again afterwards. */
  async does(step: VillageStep): Promise<void> {
    try {
      await (this.#isAct(step) ? this.#act(step) : this.#suffer(step));
    } catch (error) {
      if (!isNo(error)) throw error;
    }
    await this.town.clock.pass(`${step.thenSeconds} s`);
    if (step.do !== 'kill') for (const where of this.#dying) await this.#startAgain(where);
  }

  /** Everything that was broken is whole again. */
  async heal(): Promise<void> {
    for (const where of this.#dying) await this.#startAgain(where);
    this.village.clockOffMs = 0;
    await this.village.post.heal();
    if (!this.#isBoxOn) await this.#boxOn(true);
    await this.village.heal();
  }

  /** Every alert that is still raised is ended, by the house that may end all of them. */
  async endsAll(): Promise<void> {
    for (const { id } of (await this.#alerts('county')).filter(({ state }) => state === 'raised')) await this.#officers.get('county')!.ends(id);
  }

  #isAct(step: VillageStep): step is VillageAct & { thenSeconds: number } {
    return ['order', 'update', 'quieten', 'end', 'cancel', 'mark', 'answer', 'parcel'].includes(step.do);
  }

  async #act(act: VillageAct): Promise<void> {
    if (act.do === 'order') {
      await this.#officers.get(act.where)!.orders(this.#draft(act.mode));
      return;
    }
    if (act.do === 'parcel') return this.#parcel(act.way);
    const alerts = (await this.#alerts(act.where)).slice(-LATEST).reverse();
    const alert = alerts[act.nth % Math.max(1, alerts.length)];
    if (alert !== undefined) await this.#say(act, alert.id, alert.mode);
  }

  #draft(mode: Draft['mode'] & string): Draft {
    return mode === 'drill' ? { at: [DASUO], mode, playTimes: 2 } : { at: [DASUO], intervalSeconds: 60 };
  }

  async #say(act: Said, alertId: string, mode: string): Promise<void> {
    const officer = this.#officers.get(act.where)!;
    const { acknowledged } = act.where === 'county' ? this.town : this.village;
    if (act.do === 'update') return officer.updates(alertId, { ...this.#draft(mode === 'drill' ? 'drill' : 'live'), says: '水更大了，马上走。' });
    if (act.do === 'quieten') return officer.quietens(alertId);
    if (act.do === 'end') return officer.ends(alertId);
    if (act.do === 'cancel') return officer.cancels(alertId);
    if (act.do === 'answer') {
      const call = (await officer.called(alertId)).find(({ gridCode }) => gridCode.startsWith(VILLAGE));
      if (call === undefined) return;
      await officer.api.post(`/api/v1/calls/${call.id}/answer-for`, { answer: act.answer, means: 'radio' });
      acknowledged.push({ type: 'call.answered', subjectId: call.id });
      return;
    }
    const { list } = await officer.api.get<{ list: { persons: { personId: string; version: number }[] }[] }>(`/api/v1/alerts/${alertId}/rollcall`);
    const person = list.flatMap(({ persons }) => persons).find(({ personId }) => personId === act.person);
    if (person === undefined) return;
    const path = `/api/v1/alerts/${alertId}/rollcall/persons/${act.person}/mark`;
    const one = `${alertId} ${act.person}`;
    const isCertain = this.village.clockOffMs === 0 && this.lastMarks.get(one) !== 'uncertain';
    // Whoever gets no answer does not know; by a wrong clock it is not said which was the last.
    this.lastMarks.set(one, 'uncertain');
    await officer.api.post(path, { status: act.status, means: 'face-to-face', version: person.version });
    if (isCertain) this.lastMarks.set(one, act.status);
    acknowledged.push({ type: 'person.marked', subjectId: act.person });
  }

  async #parcel(way: Way): Promise<void> {
    const [from, to] = way === 'up' ? (['village', 'county'] as const) : (['county', 'village'] as const);
    const [{ api: packs }, { api: takes }] = [await this.#carrier(from), await this.#carrier(to)];
    const { houses } = await packs.get<{ houses: { id: string }[] }>('/api/v1/houses');
    const parcel = await packs.download(`/api/v1/houses/${houses[0]!.id}/parcel`);
    for (let twice = 0; twice < 2; twice++) await takes.upload('/api/v1/parcels', 'application/octet-stream', parcel);
  }

  async #carrier(where: Where): Promise<TownOfficer> {
    return where === 'village' ? this.#officers.get('village')! : this.town.officer('admin');
  }

  async #suffer(fault: VillageFault): Promise<void> {
    const { village } = this;
    const { post, line } = village;
    const forger = this.#forgers.get('village')!;
    if (fault.do === 'cut') return line.cut();
    if (fault.do === 'heal') {
      line.heal();
      return post.heal();
    }
    if (fault.do === 'deaf') return post.isDeaf(fault.ways);
    if (fault.do === 'double') return post.doubles();
    if (fault.do === 'shuffle') return post.holds();
    if (fault.do === 'old-letters') return post.bringsAll();
    if (fault.do === 'altered-letter') return post.bringsAltered();
    if (fault.do === 'forged-order') return forger.sendsForged(DASUO).then(() => forger.sendsAltered(DASUO));
    if (fault.do === 'replayed-orders') return this.#replays();
    if (fault.do === 'box-off') return this.#boxOff();
    if (fault.do === 'box-on') return this.#boxOn(fault.clockKnown);
    if (fault.do === 'clock') {
      village.clockOffMs = fault.seconds * 1_000;
      this.wasClockFarOff ||= Math.abs(fault.seconds) * 1_000 >= ANNOUNCE_WITHIN_MS;
      return;
    }
    this.#dying.add(fault.where);
    condemn(this.house(fault.where), fault.afterCommits);
  }

  async #replays(): Promise<void> {
    const [county, village] = [this.#forgers.get('county')!, this.#forgers.get('village')!];
    for (const { id } of await this.#alerts('village')) {
      await village.replays(id);
      for (const wire of county.recorded(id)) await village.sendsBytes(DASUO, wire);
    }
  }

  async #boxOff(): Promise<void> {
    this.#isBoxOn = false;
    await this.box.powerOff();
  }

  async #boxOn(clockKnown: boolean): Promise<void> {
    await this.box.powerOff();
    this.#isBoxOn = true;
    await this.box.powerOn({ clockKnown });
  }

  async #startAgain(where: Where): Promise<void> {
    this.#dying.delete(where);
    const { port } = this.house(where).broker;
    await bury(this.house(where));
    if (where === 'county') await this.town.startHouse(port);
    else {
      await this.village.start(VILLAGE, port);
      await this.village.house.start();
    }
    await this.#officers.get(where)!.signIn(PASSWORD);
    if (where === 'county') await (await this.town.officer('admin')).signIn(PASSWORD);
    await this.#forgerListens(where);
    await this.town.clock.settle();
  }

  async #forgerListens(where: Where): Promise<void> {
    const { clock, ids } = this.town;
    const houseOf = () => this.house(where);
    const forger =
      this.#forgers.get(where) ??
      new Forger({
        clock,
        ids,
        get house() {
          return houseOf();
        },
      });
    this.#forgers.set(where, forger);
    await forger.listen();
  }

  async #alerts(where: Where): Promise<{ id: string; state: string; mode: string }[]> {
    return this.house(where).deps.db.read((q, t) => q.select({ id: t.alert.id, state: t.alert.state, mode: t.alert.mode }).from(t.alert).orderBy(t.alert.id));
  }
}
