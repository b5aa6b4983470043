// One alert comes of one draft, whatever is lost on the way.
import { beforeEach, describe, expect, it, vi } from 'vitest';

interface Raising {
  raise: (body: object) => Promise<{ id: string; isEarlier: boolean }>;
  update: (alert: { id: string; version: number }, body: object) => Promise<string>;
}

// The page's own code is checked with a browser's types, which a test has not.
const { Raising } = (await import(new URL('./raising.ts', import.meta.url).href)) as { Raising: new () => Raising };

/** A house of one county: `lost` answers are carried out and never come back. */
class House {
  readonly alerts = new Map<string, { id: string; state: string; words: string }>();
  readonly answered = new Map<string, Response>();
  readonly updates: string[] = [];
  lost: string | undefined;

  ask = (path: string, { method, body, headers }: { method: string; body?: string; headers: Record<string, string> }): Promise<Response> => {
    const key = headers['idempotency-key'] ?? '';
    const answer = this.answered.get(key)?.clone() ?? this.#answer(method, path, body ?? '');
    if (answer.ok && key !== '') this.answered.set(key, answer.clone());
    const verb = path.split('/').at(-1)!;
    return verb === this.lost ? Promise.reject(new TypeError('lost')) : Promise.resolve(answer);
  };

  #answer(method: string, path: string, body: string): Response {
    const [, , , , id, verb] = path.split('/');
    const found = this.alerts.get(id ?? '');
    if (id === undefined) return this.#drafted(body);
    if (verb === 'update') return Response.json({ n: this.updates.push(body) });
    if (found === undefined || (method === 'POST' && found.state !== 'draft'))
      return Response.json({ status: 409, code: 'transition-refused', title: '', titleZh: '' }, { status: 409 });
    if (method === 'POST') found.state = verb === 'raise' ? 'raised' : 'discarded';
    return Response.json(found);
  }

  #drafted(words: string): Response {
    const alert = { id: `a${this.alerts.size + 1}`, state: 'draft', words, waiting: { revision: 1, decision: { mayRaise: true } } };
    this.alerts.set(alert.id, alert);
    return Response.json(alert);
  }

  states = () => [...this.alerts.values()].map(({ state }) => state);
}

let house: House;
beforeEach(() => {
  house = new House();
  vi.stubGlobal('fetch', house.ask);
});

describe('raising', () => {
  it('raises nothing twice when the answer was lost: held again, or held twice at once', async () => {
    const raising = new Raising();
    house.lost = 'raise';
    await expect(raising.raise({ a: 1 })).rejects.toThrow();
    house.lost = undefined;
    expect(await Promise.all([raising.raise({ a: 1 }), raising.raise({ a: 1 })])).toEqual(Array(2).fill({ id: 'a1', isEarlier: false }));
    expect(house.states()).toEqual(['raised']);
  });

  it('goes to the alert that was raised already, though the words were changed after its answer was lost', async () => {
    const raising = new Raising();
    house.lost = 'raise';
    await expect(raising.raise({ a: 1 })).rejects.toThrow();
    await expect(raising.raise({ a: 2 })).resolves.toEqual({ id: 'a1', isEarlier: true });
    expect(house.states()).toEqual(['raised']);
  });

  it('throws away a draft that was not raised, and sends nothing while nobody can say whether it was', async () => {
    const raising = new Raising();
    const raise = house.ask;
    vi.stubGlobal('fetch', (path: string, sent: Parameters<House['ask']>[1]) => (/a1/.test(path) ? Promise.reject(new TypeError('lost')) : raise(path, sent)));
    await expect(raising.raise({ a: 1 })).rejects.toThrow();
    await expect(raising.raise({ a: 2 })).rejects.toThrow();
    expect(house.states()).toEqual(['draft']);
    vi.stubGlobal('fetch', raise);
    expect(await raising.raise({ a: 2 })).toEqual({ id: 'a2', isEarlier: false });
    expect(house.states()).toEqual(['discarded', 'raised']);
  });

  it('sends an update whose answer was lost under the same key again: it is carried out once', async () => {
    const raising = new Raising();
    const alert = { id: 'u', version: 3 };
    house.lost = 'update';
    await expect(raising.update(alert, { a: 1 })).rejects.toThrow();
    house.lost = undefined;
    expect(await raising.update(alert, { a: 1 })).toBe('u');
    expect(house.updates).toHaveLength(1);
  });
});
