// The administrator's verbs on signing keys: what each sends to the API, and what it tells.
import type { Verb } from './duty-verbs.ts';

interface Keys {
  book: number;
  keys: { kid: string; scope: string; modes: string[]; state: string; createdAt: string; revokedAt: string | null }[];
  behind: { count: number; gateways: { gatewayId: string; site: string; book: number | null }[] };
}

interface Change {
  made: string[];
  book: number;
}

function tellKeys({ book, keys, behind }: Keys): string[] {
  return [
    `Key book ${book}`,
    ...keys.map(
      (key) =>
        `  ${key.kid.padEnd(24)} ${key.scope.padEnd(14)} ${key.state.padEnd(8)} ${key.modes.join('+').padEnd(12)} since ${key.revokedAt ?? key.createdAt}`,
    ),
    ...(behind.count === 0 ? [] : [`${behind.count} gateways heard of in the last 7 days do not hold it:`]),
    ...behind.gateways.map((one) => `  ${one.gatewayId}  ${one.site}  ${one.book === null ? 'knows no key books' : `book ${one.book}`}`),
  ];
}

const tellChange = ({ made, book }: Change) => [`Key book ${book} is signed.${made.length === 0 ? '' : ` New: ${made.join(', ')}.`}`];
const scope = (id: string) => ({ scope: decodeURIComponent(id) });

export const KEY_VERBS: Record<string, Verb> = {
  list: {
    form: '',
    about: 'Which keys sign, wait or are revoked, and which gateways do not hold the newest key book',
    options: [],
    id: 'no',
    ask: () => ({ path: '/api/v1/keys' }),
    tell: tellKeys,
  },
  new: {
    form: 'CODE',
    about: 'Keys of its own for a township, village or group: they reach no further',
    options: [],
    id: 'yes',
    ask: (id) => ({ path: '/api/v1/keys', body: scope(id) }),
    tell: tellChange,
  },
  rotate: {
    form: 'CODE',
    about: 'New keys for the county or a grid node; they sign once the gateways hold them',
    options: [],
    id: 'yes',
    ask: (id) => ({ path: '/api/v1/keys/rotate', body: scope(id) }),
    tell: tellChange,
  },
  switch: {
    form: 'CODE',
    about: 'Rotated keys sign from now on, without waiting for the rest',
    options: [],
    id: 'yes',
    ask: (id) => ({ path: '/api/v1/keys/switch', body: scope(id) }),
    tell: ({ scope: of }: { scope: string }) => [`The new keys of ${of} sign.`],
  },
  revoke: {
    form: 'KEY',
    about: 'Nothing that this key signed counts any more; the county gets a new one in its place at once',
    options: [],
    id: 'yes',
    ask: (id) => ({ path: `/api/v1/keys/${id}/revoke`, body: {} }),
    tell: tellChange,
  },
};
