// Raising once: the draft is written and raised under keys of their own, so that a lost answer, a second press or a new session raises nothing twice.
import type { AlertView } from '@laba/domain/alert-view';
import { alertPath } from '../../acts/act.ts';
import { get, newKey, post } from '../../api/client.ts';
import { problemOf, UNREACHABLE } from '../../api/problem.ts';

interface Sent {
  body: string;
  key: string;
  drafted?: AlertView;
}

/** Refusals that may mean: an earlier request of ours did it, and only its answer was lost. */
const DONE_BEFORE = new Set(['transition-refused', 'already-done', 'changed-meanwhile']);

/** `isEarlier`: what is raised has the words or the place of before the last change. */
export interface Raised {
  id: string;
  isEarlier: boolean;
}

export class Raising {
  #sent: Sent | undefined;
  #going: Promise<Raised> | undefined;

  /** Raises it, or leaves it waiting for a second officer. */
  async raise(body: Record<string, unknown>): Promise<Raised> {
    // Held again while the first is still on its way: what came of that is known before anything else is sent.
    await this.#going?.catch(() => undefined);
    this.#going = this.#raise(body);
    return this.#going;
  }

  async #raise(body: Record<string, unknown>): Promise<Raised> {
    const text = JSON.stringify(body);
    const earlier = this.#sent?.body === text ? undefined : await this.#forget();
    if (earlier !== undefined) return { id: earlier, isEarlier: true };
    const { id, waiting } = await this.#draft(body, text);
    if (waiting?.decision.mayRaise !== true) return { id, isEarlier: false };
    await post(`${alertPath(id)}/raise`).catch(async (refused: unknown) => {
      if (!DONE_BEFORE.has(problemOf(refused).code) || !(await isRaised(id))) throw refused;
    });
    return { id, isEarlier: false };
  }

  async #draft(body: Record<string, unknown>, text: string): Promise<AlertView> {
    this.#sent ??= { body: text, key: newKey() };
    const sent = this.#sent;
    if (sent.drafted !== undefined) return sent.drafted;
    try {
      sent.drafted = await post<AlertView>('/api/v1/alerts', body, { key: sent.key });
    } catch (refused) {
      // What was refused may be asked anew; what nobody answered may have been done, and is asked for under the same key.
      if (problemOf(refused) !== UNREACHABLE) this.#sent = undefined;
      throw refused;
    }
    return sent.drafted;
  }

  // A draft whose words or place were changed before it could be raised is not left lying about. One that cannot be thrown away may have been
  // raised, and only the answer was lost: its id is returned, and no second alert is made of it. While nobody can say, nothing is sent.
  async #forget(): Promise<string | undefined> {
    const id = this.#sent?.drafted?.id;
    const isDone =
      id !== undefined &&
      (await post(`${alertPath(id)}/discard`).then(
        () => false,
        () => isRaised(id),
      ));
    if (isDone) return id;
    this.#sent = undefined;
    return undefined;
  }

  /** The full next revision of an alert that sounds, for exactly the one that was seen. What nobody answered is asked for under the same key. */
  async update({ id, version }: AlertView, body: Record<string, unknown>): Promise<string> {
    const text = JSON.stringify(body);
    if (this.#sent?.body !== text) this.#sent = { body: text, key: newKey() };
    try {
      await post(`${alertPath(id)}/update`, body, { etag: `"${version}"`, key: this.#sent.key });
    } catch (refused) {
      if (problemOf(refused) === UNREACHABLE) throw refused;
      this.#sent = undefined;
      // Of this very request, by its key: it was carried out.
      if (problemOf(refused).code !== 'already-done') throw refused;
    }
    return id;
  }
}

async function isRaised(id: string): Promise<boolean> {
  return (await get<AlertView>(alertPath(id))).state === 'raised';
}
