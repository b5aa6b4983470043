// The dynamic-security plugin's file with which a broker begins: the county's own account, and nobody else.
import { pbkdf2Sync, randomBytes } from 'node:crypto';

/** The plugin's own default. What it protects is 256 random bits: rounds add nothing. */
const ITERATIONS = 101;
const HASH_BYTES = 64;
const SALT_BYTES = 12;

const acl = (acltype: string, topic: string) => ({ acltype, topic, priority: 0, allow: true });

/** JSON text. The county may do everything under its own topics, and keep the book of accounts. */
export function firstAccounts({ county, username, password }: { county: string; username: string; password: string }): string {
  const salt = randomBytes(SALT_BYTES);
  const own = `laba/v1/${county}/#`;
  return JSON.stringify({
    defaultACLAccess: { publishClientSend: false, publishClientReceive: true, subscribe: false, unsubscribe: true },
    clients: [
      {
        username,
        textname: 'the county itself',
        password: pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, 'sha512').toString('base64'),
        salt: salt.toString('base64'),
        iterations: ITERATIONS,
        roles: [{ rolename: 'county' }],
      },
    ],
    groups: [],
    roles: [
      {
        rolename: 'county',
        acls: [
          acl('publishClientSend', own),
          acl('subscribePattern', own),
          // Several copies of a service share what comes; the plugin looks at such a filter as it was sent.
          acl('subscribePattern', `$share/+/${own}`),
          acl('publishClientSend', '$CONTROL/dynamic-security/#'),
          acl('subscribePattern', '$CONTROL/dynamic-security/#'),
          // The default lets everybody hear what he subscribed to, but never under $CONTROL.
          acl('publishClientReceive', '$CONTROL/dynamic-security/#'),
        ],
      },
    ],
  });
}
