// Officers' passwords: argon2id, and the same work for names that do not exist.
import { hash, verify } from '@node-rs/argon2';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';

// The library's default algorithm is Argon2id; its enum cannot be named under isolatedModules. Costs as OWASP advises.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Of digits there are few: as much memory as a small box can spare for one sign-in, and half a second of its time. */
const CODE_COST = { memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
type Cost = typeof COST | typeof CODE_COST;
const DISTINCT_CHARS = 5;

const noSalt = Buffer.alloc(16).toString('base64').replaceAll('=', '');
const noDigest = Buffer.alloc(32).toString('base64').replaceAll('=', '');
/** Fits no password, at the same cost. */
const nobody = ({ memoryCost, timeCost, parallelism }: Cost) => `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${noSalt}$${noDigest}`;

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

export function hashLocalCode(digits: string): Promise<string> {
  return hash(digits, CODE_COST);
}

/** Takes the same time when there is no hash to compare with. */
export function isPassword(passwordHash: string | null, password: string): Promise<boolean> {
  return isRight(passwordHash, spelled(password), COST);
}

/** As `isPassword`. */
export function isLocalCode(codeVerifier: string | null, digits: string): Promise<boolean> {
  return isRight(codeVerifier, digits, CODE_COST);
}

async function isRight(kept: string | null, given: string, cost: Cost): Promise<boolean> {
  const right = await verify(kept ?? nobody(cost), given);
  return right && kept !== null;
}
