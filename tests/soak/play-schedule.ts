// Plays one schedule on a town: officers insist while things break; then everything is healed, comes to rest, and is held against the promises.
import { join } from 'node:path';
import { memberToken } from '@laba/mobilization/call-out/member-link';
import { Vault } from '@laba/runtime/vault';
import { callOff, findByTitle, freshTitle, orderBody, reportHazard } from '../harness/live-alert.ts';
import type { PersistentOfficer } from '../harness/persistent-officer.ts';
import { brokenPromises, unended, unsettled } from '../harness/real-history.ts';
import { ROOMS, type ChaosTown } from './chaos-town.ts';
import { nameOf, type Act, type Schedule } from './schedule.ts';

export interface Outcome {
  seed: number;
  faults: string[];
  lost: number;
  doubled: number;
  limbo: number;
  /** Everything else that was broken. */
  other: number;
  /** From the healing of the last fault until every speaker had reported or stopped as it should. */
  recoveryMs: number;
  /** What was broken, in words. */
  broken: string[];
}

/** Long, for machines that run more than this: what takes long shows in the recovery time. */
const REST_MS = 120_000;
/** Who never got the command is given up half a minute after its end. */
const END_MS = 120_000;
const LOOK_MS = 50;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The alerts of one schedule, by the names it gives them. */
class Night {
  readonly #chaos: ChaosTown;
  readonly #alerts = new Map<string, Promise<string | undefined>>();

  constructor(chaos: ChaosTown) {
    this.#chaos = chaos;
  }

  #officerOf(alert: string): PersistentOfficer {
    return this.#chaos.officer(alert === 'east' ? 'cadre2' : 'cadre1');
  }

  async act(act: Act): Promise<void> {
    if (act.act === 'report') {
      await reportHazard(this.#chaos.officer('cadre1'), `落石 ${act.number} ${freshTitle()}`);
      return;
    }
    if (act.act === 'raise' || act.act === 'drill') {
      const raised = this.#raise(act);
      this.#alerts.set(act.alert, raised);
      await raised;
      return;
    }
    const id = await this.#alerts.get(act.alert);
    if (id === undefined) return;
    if (act.act === 'answer') return this.#answer(id);
    await this.#say(act, id);
  }

  // A no is an answer as well: somebody ended it meanwhile, or the draft was never made.
  async #raise(act: Extract<Act, { act: 'raise' | 'drill' }>): Promise<string | undefined> {
    const officer = this.#officerOf(act.alert);
    const title = freshTitle();
    const live = act.act === 'raise';
    const body = orderBody({ at: act.at, title, ...(live ? { order: act.order } : { mode: 'drill', playTimes: 1 }) });
    const find = () => findByTitle(officer, title);
    const drafted = await officer.insists<{ id: string; code?: string }>({ type: 'alert.drafted', path: '/api/v1/alerts', body, live, find });
    if (drafted.status >= 300) throw new Error(`The draft was refused: ${drafted.status} ${drafted.body.code}`);
    const { id } = drafted.body;
    const raised = await officer.insists<{ code?: string }>({ type: 'alert.raised', path: `/api/v1/alerts/${id}/raise`, subjectId: id, live });
    if (raised.status >= 300) throw new Error(`The raise was refused: ${raised.status} ${raised.body.code}`);
    return id;
  }

  async #say(act: Extract<Act, { act: 'update' | 'quieten' | 'end' | 'cancel' | 'answer' }>, id: string): Promise<void> {
    const officer = this.#officerOf(act.alert);
    const said = {
      update: { type: 'alert.updated', body: orderBody({ at: [act.alert === 'east' ? '53332410120201' : '53332410120101'], words: '快跑' }) },
      quieten: { type: 'alert.quietened', body: {} },
      end: { type: 'alert.ended', body: { checkedBy: '演示监测员' } },
      cancel: { type: 'alert.cancelled', body: { reason: '误发' } },
      answer: { type: 'call.answered', body: {} },
    }[act.act];
    const answer = await officer.insists<{ code?: string }>({ ...said, path: `/api/v1/alerts/${id}/${act.act}`, subjectId: id, live: true });
    const known = ['transition-refused', 'already-done', 'changed-meanwhile'];
    if (answer.status >= 300 && !known.includes(answer.body.code ?? '')) throw new Error(`${act.act} was refused: ${answer.status} ${answer.body.code}`);
  }

  /** The first member of the list says by his own link that he comes. */
  async #answer(id: string): Promise<void> {
    const { town } = this.#chaos;
    const officer = this.#chaos.officer('cadre1');
    const vault = Vault.open(join(town.dataDir, 'secret.key'));
    for (let tries = 0; tries < 40; tries++) {
      const { calls } = await officer.get<{ calls?: { id: string }[] }>(`/api/v1/alerts/${id}/calls`).catch(() => ({ calls: undefined }));
      const call = calls?.[0];
      if (call !== undefined) {
        const body = { answer: 'coming', token: memberToken(vault, call.id) };
        await officer.insists({ type: 'call.answered', path: `/api/v1/calls/${call.id}/answer`, body, subjectId: call.id });
        return;
      }
      await pause(LOOK_MS);
    }
  }

  /** Every alert that was made, by its id. */
  async alerts(): Promise<{ name: string; id: string }[]> {
    const all = await Promise.all([...this.#alerts].map(async ([name, raised]) => ({ name, id: await raised.catch(() => undefined) })));
    return all.flatMap(({ name, id }) => (id === undefined ? [] : [{ name, id }]));
  }

  async callOffAll(): Promise<void> {
    for (const { name, id } of await this.alerts()) {
      const officer = this.#officerOf(name);
      const { state } = await officer.get<{ state: string }>(`/api/v1/alerts/${id}`);
      if (state === 'raised') await callOff(officer, id);
    }
  }
}

export async function playSchedule(chaos: ChaosTown, schedule: Schedule): Promise<Outcome> {
  const night = new Night(chaos);
  const begun = performance.now();
  const trouble: string[] = [];
  const faults: Promise<void>[] = [];
  const acts: Promise<void>[] = [];
  const noted = (what: string) => (error: unknown) => void trouble.push(`limbo: ${what}: ${error instanceof Error ? error.message : String(error)}`);
  for (const step of schedule.steps) {
    await pause(Math.max(0, begun + step.atMs - performance.now()));
    if ('fault' in step) faults.push(chaos.suffer(step).catch(noted(nameOf(step))));
    else acts.push(night.act(step).catch(noted(step.act)));
  }
  await Promise.all(faults);
  const healedAt = performance.now();
  await Promise.all(acts);
  await comesToRest(chaos, night, trouble);
  const recoveryMs = Math.round(performance.now() - healedAt);
  await night.callOffAll().catch(noted('call off'));
  await comesToRest(chaos, night, trouble);
  const broken = [...trouble, ...(await brokenPromises(chaos.town, ROOMS))];
  return { seed: schedule.seed, faults: schedule.steps.flatMap((step) => ('fault' in step ? [nameOf(step)] : [])), ...counted(broken), recoveryMs, broken };
}

async function comesToRest(chaos: ChaosTown, night: Night, trouble: string[]): Promise<void> {
  const ids = (await night.alerts()).map(({ id }) => id);
  const giveUpAt = performance.now() + REST_MS;
  for (;;) {
    const left = await unsettled(chaos.town, ids);
    if (left.length === 0) return;
    if (performance.now() > giveUpAt) {
      trouble.push(`limbo: after ${REST_MS / 1000} s still ${left.join(', ')}`);
      return;
    }
    await pause(LOOK_MS);
  }
}

/** Waits until every delivery of the town has a named end and every promise has been looked at once more. @returns what was broken, in words */
export async function neverEnds(chaos: ChaosTown): Promise<string[]> {
  const giveUpAt = performance.now() + END_MS;
  for (;;) {
    const left = await unended(chaos.town);
    if (left.length === 0) return brokenPromises(chaos.town, ROOMS);
    if (performance.now() > giveUpAt) return left.map((one) => `limbo: ${one} for ever`);
    await pause(10 * LOOK_MS);
  }
}

function counted(broken: readonly string[]): Pick<Outcome, 'lost' | 'doubled' | 'limbo' | 'other'> {
  const begins = (...words: string[]) => broken.filter((one) => words.some((word) => one.startsWith(word))).length;
  const [lost, doubled, limbo] = [begins('lost:', 'untold:'), begins('played twice', 'told twice'), begins('limbo')];
  return { lost, doubled, limbo, other: broken.length - lost - doubled - limbo };
}
