// Officers' passwords: argon2id, and the same work for names that do not exist.
import { hash, verify } from '@node-rs/argon2';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';

// The library's default algorithm is Argon2id; its enum cannot be named under isolatedModules. Costs as OWASP advises.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const DISTINCT_CHARS = 5;

const noSalt = Buffer.alloc(16).toString('base64').replaceAll('=', '');
const noDigest = Buffer.alloc(32).toString('base64').replaceAll('=', '');
/** Fits no password, at the same cost. */
const NOBODY = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${noSalt}$${noDigest}`;

// The same characters may come in different code points from different keyboards.
const spelled = (password: string) => password.normalize('NFKC');

/** @throws `bad-input` when it is too short, too long, too simple, or holds the user name */
export function checkPassword(password: string, username: string): void {
  const chars = [...spelled(password)];
  const refuse = (why: string) => new LabaError('bad-input', why, { field: 'password' });
  if (chars.length < LIMITS.passwordMinChars) throw refuse(`A password has at least ${LIMITS.passwordMinChars} characters.`);
  if (chars.length > LIMITS.passwordMaxChars) throw refuse(`A password has at most ${LIMITS.passwordMaxChars} characters.`);
  if (new Set(chars).size < DISTINCT_CHARS) throw refuse(`A password has at least ${DISTINCT_CHARS} different characters.`);
  if (spelled(password).toLowerCase().includes(username.toLowerCase())) throw refuse('A password must not hold the user name.');
}

export function hashPassword(password: string): Promise<string> {
  return hash(spelled(password), COST);
}

/** Takes the same time when there is no hash to compare with. */
export async function isPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const right = await verify(passwordHash ?? NOBODY, spelled(password));
  return right && passwordHash !== null;
}
