// A house in this process dies as by SIGKILL: from one commit on nothing of it is written or said, and nobody gets an answer.
import type { EmbeddedBroker } from '@laba/messaging/embedded-broker';
import type { House } from '@laba/host/compose';

export class DeadHouse extends Error {}

const dead = () => Promise.reject(new DeadHouse('This house is dead.'));

/** After so many commits from now; 0: at once. What is committed then is not told to who waited for it. */
export function condemn(house: House, commits: number): void {
  const { db, mqtt } = house.deps;
  const die = () => Object.assign(db, { read: dead, atomically: dead }) && Object.assign(mqtt, { publish: dead });
  if (commits === 0) return void die();
  // Under what measures it: that one would call the new one.
  const atomically = Object.getOwnPropertyDescriptor(db, 'atomically')!.value as typeof db.atomically;
  let left = commits;
  Object.assign(db, {
    atomically: async (ops: Parameters<typeof db.atomically>[0]) => {
      const rows = await atomically(ops);
      left -= 1;
      if (left > 0) return rows;
      die();
      return dead();
    },
  });
}

/** Gives back the ports and files of a house that is dead, as its end would. */
export async function bury(house: House): Promise<void> {
  condemn(house, 0);
  const { app, broker, deps } = house;
  const rest = [
    () => house.stop(),
    () => app.close(),
    () => deps.mqtt.close(),
    async () => ('close' in broker ? (broker as EmbeddedBroker).close() : undefined),
    () => deps.db.close(),
  ];
  // A dead house stops nothing in order.
  for (const part of rest) await part().catch(() => undefined);
}
