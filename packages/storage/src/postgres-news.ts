// Commits of other processes: each tells the others over the database itself, and a lost word is no harm but a delay.
import pg from 'pg';
import { LIMITS } from '@laba/domain/limits';
import { connectionSettings } from './postgres-connection.ts';

const CHANNEL = 'laba_commit';

/** At once, and then at most every `ms` and never while the last is still at work; the last asking is never lost. `work` does not reject. */
export function atMostEvery(ms: number, work: () => Promise<unknown> | void): { ask: () => void; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let isResting = false;
  let again = false;
  const go = () => {
    again = false;
    isResting = true;
    const rest = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    void Promise.all([rest, work()]).then(() => {
      isResting = false;
      if (again) go();
    });
  };
  return {
    ask: () => {
      if (isResting) again = true;
      else go();
    },
    stop: () => clearTimeout(timer),
  };
}

/** One connection that listens and tells. It comes back by itself, and then takes it that something was committed meanwhile. */
export class CommitNews {
  readonly #url: string;
  readonly #telling: ReturnType<typeof atMostEvery>;
  readonly #hearing: ReturnType<typeof atMostEvery>;
  #client: pg.Client | undefined;
  #again: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(url: string, onNews: () => void) {
    this.#url = url;
    this.#hearing = atMostEvery(LIMITS.databaseTellEveryMs, onNews);
    this.#telling = atMostEvery(LIMITS.databaseTellEveryMs, () => this.#client?.query(`NOTIFY ${CHANNEL}`).catch(() => {}));
  }

  /** @throws the driver's error when the first connection does not come about */
  async start(): Promise<void> {
    const client = new pg.Client(connectionSettings(this.#url));
    client.on('error', () => {});
    client.on('notification', ({ processId }) => {
      // Its own commits are told without the detour.
      if (processId !== this.#pidOf(client)) this.#hearing.ask();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      client.connection.stream.destroy();
      throw error;
    }
    client.once('end', () => this.#cameLoose());
    if (this.#stopped) client.connection.stream.destroy();
    this.#client = client;
  }

  /** To the other processes: something was committed. */
  tell(): void {
    this.#telling.ask();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#telling.stop();
    this.#hearing.stop();
    clearTimeout(this.#again);
    this.#client?.connection.stream.destroy();
  }

  #pidOf(client: pg.Client): number | null {
    return (client as unknown as { processID: number | null }).processID;
  }

  #cameLoose(): void {
    this.#client = undefined;
    if (this.#stopped) return;
    this.#again = setTimeout(() => {
      this.start().then(
        () => this.#hearing.ask(),
        () => this.#cameLoose(),
      );
    }, LIMITS.databaseListenAgainMs);
  }
}
