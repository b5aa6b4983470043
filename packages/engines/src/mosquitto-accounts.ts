// The dynamic-security plugin's file with which a broker begins: the county's own account, and every device that may connect.
import { pbkdf2Sync, randomBytes } from 'node:crypto';

/** The plugin's own default. What it protects is 256 random bits: rounds add nothing. */
const ITERATIONS = 101;
const HASH_BYTES = 64;
const SALT_BYTES = 12;
/** In the plugin's field for a name: who wrote the account, and by what mark it is told from another of the same id. */
const MARK = 'laba ';

/** The county's own. */
export interface CountyAccount {
  /** Six digits. */
  county: string;
  username: string;
  password: string;
}

/** One device: user name, client id and role are its id; exact topics. */
export interface DeviceAccount {
  id: string;
  password: string;
  publish: readonly string[];
  subscribe: readonly string[];
  /** What the account was made of: the same mark, the same account. */
  mark: string;
}

interface Client {
  username: string;
  textname?: string;
  [field: string]: unknown;
}

interface Role {
  rolename: string;
  [field: string]: unknown;
}

interface AccountsFile {
  clients: Client[];
  roles: Role[];
  [field: string]: unknown;
}

const COUNTY_ROLE = 'county';

const acl = (acltype: string, topic: string) => ({ acltype, topic, priority: 0, allow: true });

/** JSON text: the county's own account, and nobody else. */
export function firstAccounts(county: CountyAccount): string {
  return accountsText(county, []);
}

/**
 * JSON text. The county may do everything under its own topics, and keep the book of accounts; each device exactly its topics. Of `before`, the
 * file that was there, what an operator entered stays, and so does each account that is still the same.
 * @throws when `before` is not the plugin's file
 */
export function accountsText(county: CountyAccount, devices: readonly DeviceAccount[], before?: string): string {
  const old = before === undefined ? undefined : readAccounts(before);
  const there = new Map(old?.clients.map((client) => [client.username, client]));
  const names = new Set([county.username, ...devices.map(({ id }) => id)]);
  const others = [...there.values()].filter((client) => !names.has(client.username) && !isOurs(client));
  const ours = new Set([COUNTY_ROLE, ...names, ...[...there.values()].filter(isOurs).map(({ username }) => username)]);
  return JSON.stringify({
    defaultACLAccess: { publishClientSend: false, publishClientReceive: true, subscribe: false, unsubscribe: true },
    groups: [],
    ...old,
    clients: [countyClient(county), ...devices.map((device) => sameClient(there.get(device.id), device) ?? deviceClient(device)), ...others],
    roles: [countyRole(county), ...devices.map(deviceRole), ...(old?.roles ?? []).filter(({ rolename }) => !ours.has(rolename))],
  });
}

function readAccounts(text: string): AccountsFile {
  const { clients = [], roles = [], ...more } = JSON.parse(text) as Partial<AccountsFile>;
  return { ...more, clients, roles };
}

const isOurs = (client: Client) => client.textname?.startsWith(MARK) === true;

// Hashing is what making the file costs: whoever is in it as he should be keeps his.
const sameClient = (client: Client | undefined, { mark }: DeviceAccount) => (client?.textname === MARK + mark ? client : undefined);

function deviceClient({ id, password, mark }: DeviceAccount): Client {
  return { username: id, clientid: id, textname: MARK + mark, ...hashed(password), roles: [{ rolename: id }] };
}

function deviceRole({ id, publish, subscribe }: DeviceAccount): Role {
  return {
    rolename: id,
    acls: [...publish.map((topic) => acl('publishClientSend', topic)), ...subscribe.map((topic) => acl('subscribeLiteral', topic))],
  };
}

function countyClient({ username, password }: CountyAccount): Client {
  return { username, textname: 'the county itself', ...hashed(password), roles: [{ rolename: COUNTY_ROLE }] };
}

function countyRole({ county }: CountyAccount): Role {
  const own = `laba/v1/${county}/#`;
  return {
    rolename: COUNTY_ROLE,
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
  };
}

function hashed(password: string) {
  const salt = randomBytes(SALT_BYTES);
  return {
    password: pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, 'sha512').toString('base64'),
    salt: salt.toString('base64'),
    iterations: ITERATIONS,
  };
}
