// Start in order, stop in reverse; a start that fails stops what was started.

export interface Part {
  readonly name: string;
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

export class Lifecycle {
  readonly #parts: readonly Part[];
  #started: Part[] = [];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    for (const part of this.#parts) {
      try {
        await part.start?.();
      } catch (error) {
        await this.stop();
        throw error;
      }
      this.#started.push(part);
    }
  }

  /** Stops everything that was started, even when one part fails to stop. */
  async stop(): Promise<void> {
    const parts = this.#started.reverse();
    this.#started = [];
    const failures: unknown[] = [];
    for (const part of parts) await part.stop?.().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'Some parts did not stop cleanly.');
  }
}
