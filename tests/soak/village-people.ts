// What people do at a village's house on the night of an alert, while its power goes and comes: who is not answered says the same again.
import { callOff, freshTitle, orderBody, raiseOrder, reportHazard } from '../harness/live-alert.ts';
import { NoAnswer, type PersistentOfficer } from '../harness/persistent-officer.ts';
import type { RealVillage } from '../harness/real-village.ts';
import { VILLAGE } from '../harness/small-county.ts';

interface Call {
  id: string;
  gridCode: string;
  link: string;
}
interface RollCall {
  list: { persons: { personId: string; status: string; version: number }[] }[];
}

/** What another may have been quicker with; everything else must be answered by yes. */
const LATE = new Set(['alert-over', 'changed-meanwhile', 'already-done', 'not-found', 'not-raised', 'nothing-changed']);
const MARKS = ['missing', 'moved', 'refused'] as const;
const ANSWERS = ['coming', 'on-the-way', 'arrived'] as const;
const BREATH_MS = 250;
/** How long an order stands before it is updated, and before it is ended. */
const STANDS_MS = 12_000;

export class VillagePeople {
  readonly #village: RealVillage;
  readonly #cadre: PersistentOfficer;
  readonly #answered = new Map<string, number>();
  #isOver = false;
  #work: Promise<void>[] = [];
  /** The order in force, from the moment it was confirmed until somebody asks for its end. */
  standing: string | undefined;
  /** Refusals that nobody understands. */
  readonly wrong: string[] = [];

  constructor(village: RealVillage, cadre: PersistentOfficer) {
    this.#village = village;
    this.#cadre = cadre;
  }

  begin(): void {
    const again = async (act: () => Promise<void>) => {
      while (!this.#isOver) {
        await act().catch((error: unknown) => this.#note(error));
        await breath();
      }
    };
    this.#work = [() => this.#decides(), () => this.#reports(), () => this.#marks(), () => this.#answers()].map(again);
  }

  /** Everybody finishes what he is saying; what still stands is ended, whoever knows of it. */
  async rest(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#work);
    this.standing = undefined;
    const { alerts } = await this.#cadre.get<{ alerts: { id: string; state: string }[] }>('/api/v1/alerts');
    for (const { id } of alerts.filter(({ state }) => state === 'raised')) await callOff(this.#cadre, id);
  }

  async #decides(): Promise<void> {
    const id = await raiseOrder(this.#cadre);
    this.standing = id;
    await this.#whileItStands();
    if (!this.#isOver) await this.#says('alert.updated', `/api/v1/alerts/${id}/update`, id, orderBody({ words: '水大了', title: freshTitle() }));
    await this.#whileItStands();
    await this.#ends(id);
  }

  async #whileItStands(): Promise<void> {
    for (let passed = 0; passed < STANDS_MS && !this.#isOver; passed += BREATH_MS) await breath();
  }

  async #ends(id: string): Promise<void> {
    this.standing = undefined;
    await callOff(this.#cadre, id);
  }

  async #reports(): Promise<void> {
    await reportHazard(this.#cadre, `水位 ${freshTitle()}`);
  }

  async #marks(): Promise<void> {
    const alertId = this.standing;
    if (alertId === undefined) return;
    const path = `/api/v1/alerts/${alertId}/rollcall`;
    const { list } = await this.#cadre.get<RollCall>(path);
    for (const { personId, status, version } of list.flatMap(({ persons }) => persons)) {
      const next = MARKS[(MARKS.findIndex((mark) => mark === status) + 1) % MARKS.length];
      await this.#says('person.marked', `${path}/persons/${personId}/mark`, personId, { status: next, means: 'face-to-face', version });
    }
  }

  /** Members on the village's own network, each on the page behind his link. */
  async #answers(): Promise<void> {
    const alertId = this.standing;
    if (alertId === undefined) return;
    const { calls } = await this.#cadre.get<{ calls: Call[] }>(`/api/v1/alerts/${alertId}/calls`);
    for (const { id, link } of calls.filter(({ gridCode }) => gridCode.startsWith(VILLAGE))) {
      const answer = ANSWERS[this.#answered.get(id) ?? 0];
      if (answer === undefined) continue;
      const response = await fetch(new URL(link, this.#village.url), { method: 'POST', redirect: 'manual', body: new URLSearchParams({ answer }) });
      this.#answered.set(id, (this.#answered.get(id) ?? 0) + 1);
      if (response.status === 303) this.#village.acknowledged.push({ type: 'call.answered', subjectId: id });
    }
  }

  async #says(type: string, path: string, subjectId: string, body: unknown): Promise<void> {
    const { status, body: answer } = await this.#cadre.insists<{ code?: string }>({ type, path, subjectId, body });
    if (status >= 300 && !LATE.has(answer.code ?? '')) this.wrong.push(`${path}: ${status} ${answer.code}`);
  }

  // A request that the power cut off is no answer, and was not promised; what is to be done is asked for again.
  #note(error: unknown): void {
    if (
      error instanceof NoAnswer ||
      error instanceof TypeError ||
      error instanceof SyntaxError ||
      (error instanceof DOMException && error.name === 'TimeoutError')
    )
      return;
    this.wrong.push(String(error));
  }
}

function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, BREATH_MS));
}
