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

export class Raising {
  #sent: Sent | undefined;

  /** Raises it, or leaves it waiting for a second officer. Resolves with its id. */
  async raise(body: Record<string, unknown>): Promise<string> {
    const { id, waiting } = await this.#draft(body);
    if (waiting?.decision.mayRaise !== true) return id;
    await post(`${alertPath(id)}/raise`).catch(async (refused: unknown) => {
      if (!DONE_BEFORE.has(problemOf(refused).code) || (await get<AlertView>(alertPath(id))).state !== 'raised') throw refused;
    });
    return id;
  }

  async #draft(body: Record<string, unknown>): Promise<AlertView> {
    const text = JSON.stringify(body);
    if (this.#sent?.body !== text) await this.#forget();
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

  // A draft whose words or place were changed before it could be raised is not left lying about. That it cannot be thrown away now keeps nobody from raising.
  async #forget(): Promise<void> {
    const id = this.#sent?.drafted?.id;
    this.#sent = undefined;
    if (id !== undefined) await post(`${alertPath(id)}/discard`).catch(() => undefined);
  }
}

/** The full next revision of an alert that sounds, for exactly the one that was seen. */
export async function sendUpdate({ id, version }: AlertView, body: Record<string, unknown>): Promise<string> {
  await post(`${alertPath(id)}/update`, body, { etag: `"${version}"` });
  return id;
}
