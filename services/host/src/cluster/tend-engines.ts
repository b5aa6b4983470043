// The engines of a cluster on one machine, looked after as an operator's supervisor does: one that died is started again.

export interface TendedEngine {
  readonly running: boolean;
  /** Starts it at the same address, on the same data. */
  restart(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;

/** `engines`: by the name that is told. @returns what ends it; it resolves when nothing is being started any more */
export function tendEngines(engines: Readonly<Record<string, TendedEngine>>, say: (words: string) => void): () => Promise<void> {
  let stopped = false;
  const look = async () => {
    for (const [name, engine] of Object.entries(engines)) {
      if (stopped || engine.running) continue;
      say(`${name} ended and is started again`);
      await engine.restart().catch((error: unknown) => say(String(error)));
    }
  };
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = round.then(look);
  }, LOOK_EVERY_MS);
  return async () => {
    stopped = true;
    clearInterval(timer);
    await round;
  };
}
