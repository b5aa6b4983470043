// A process that dies is started again within seconds: what it did not answer is asked again, as whoever holds a phone does.

const PATIENCE_MS = 20_000;
const PAUSE_MS = 200;
/** The proxy in front found nobody behind it. */
const NOBODY_THERE = new Set([502, 503, 504]);

/** As `fetch`, for requests that do the same when they are sent twice: those with an Idempotency-Key, and answers on personal pages. */
export async function patientFetch(input: URL | string, init?: RequestInit): Promise<Response> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const isLast = performance.now() > giveUpAt;
    try {
      const response = await fetch(input, init);
      if (isLast || !NOBODY_THERE.has(response.status)) return response;
    } catch (error) {
      if (isLast) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
