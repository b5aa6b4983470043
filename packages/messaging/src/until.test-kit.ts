// Waiting in tests for what the network or the event loop brings.

/** Polls real time: the network does not wait for a test's clock. */
export async function until(condition: () => boolean, what: string, ms = 20_000): Promise<void> {
  const steps = ms / 5;
  for (let step = 0; step < steps; step++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`waited ${ms} ms in vain until ${what}`);
}
