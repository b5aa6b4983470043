// A resident who is on no list, with whatever telephone he has: opens the join form and presses one of its two buttons.
export interface Filled {
  name?: string;
  phone?: string;
  gridCode?: string;
  household?: string;
  skills?: readonly string[];
  answer?: string;
}

interface Town {
  readonly clock: { settle(): Promise<void> };
  readonly house: { url(): string };
}

export interface Said {
  status: number;
  /** Where he was led to. */
  link: string | null;
  page: string;
}

export class Resident {
  readonly #town: Town;
  readonly #code: string;
  #form = '';

  constructor(town: Town, code: string) {
    this.#town = town;
    this.#code = code;
  }

  get #path(): string {
    return `/j/${encodeURIComponent(this.#code)}`;
  }

  async opens(query = ''): Promise<Said> {
    const response = await fetch(new URL(this.#path + query, this.#town.house.url()));
    const page = await response.text();
    this.#form = /name="form" value="([^"]+)"/.exec(page)?.[1] ?? '';
    return { status: response.status, link: null, page };
  }

  /** Sends the form that he opened last; opens it first when he has not. */
  async joins(filled: Filled = {}): Promise<Said> {
    if (this.#form === '') {
      const opened = await this.opens();
      if (opened.status !== 200) return opened;
    }
    return this.sends({ name: '演示居民', answer: 'arrived', form: this.#form, ...filled });
  }

  async sends(fields: Readonly<Record<string, string | readonly string[] | undefined>>): Promise<Said> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const one of typeof value === 'string' ? [value] : (value ?? [])) body.append(name, one);
    const response = await fetch(new URL(this.#path, this.#town.house.url()), { method: 'POST', redirect: 'manual', body });
    const said = { status: response.status, link: response.headers.get('location'), page: await response.text() };
    await this.#town.clock.settle();
    return said;
  }
}
