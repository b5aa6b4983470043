// Routine broadcasts: a refusal that names what is wrong, with its figures, so that a screen can say it in the officer's own language.
import type { BulletinWrongName } from '@laba/domain/bulletin-view';
import { LabaError, type ErrorCode } from '@laba/domain/errors';

type Code = Extract<ErrorCode, 'bad-text' | 'bad-time' | 'bad-audio' | 'empty-area' | 'too-large'>;

/** `why`: in English, for a log and a script. */
export function wrongBulletin(code: Code, wrong: BulletinWrongName, why: string, field: string, figures: Record<string, string | number> = {}): LabaError {
  return new LabaError(code, why, { ...figures, field, wrong, figures });
}
