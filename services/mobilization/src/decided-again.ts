// Chapter 5, member: a decision that was overtaken between its look and its write is taken anew.
import { LabaError } from '@laba/domain/errors';

const TRIES = 3;

/** Decides again on what is there now when somebody else came first. */
export async function decidedAgain<T>(decide: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await decide();
    } catch (error) {
      // With fields it is our own answer to who decides; without, another commit came between the look and the write.
      const raced = error instanceof LabaError && error.code === 'changed-meanwhile' && Object.keys(error.fields).length === 0;
      if (!raced || tried === TRIES) throw error;
    }
  }
}
