// What the terminal says about itself: the whole, and each command.
import { KEY_VERBS } from './key-verbs.ts';
import { ALERT_VERBS, REPORT_VERBS, type Verb } from './duty-verbs.ts';

/** The command was given in a form that it does not have; exit code 2. */
export class WrongUsage extends Error {}

export const HELP = `Laba 喇叭: from a hazard report to a sounding loudspeaker and a counted answer.

  laba start                                start the house (first start without init: the demo county)
  laba up --clustered                       the same on PostgreSQL, Redis, Mosquitto and nginx, every service twice
  laba secrets [--to DIR] [--county CODE]   passwords for the containers of docker-compose.yml's profile 'clustered'
  laba broker-accounts [--to FILE]          everybody who may connect to Mosquitto, as the file with which it starts
  laba demo dasuo [--json]                  the Dasuo night, from report to all-clear
  laba demo county [--with-faults] [--json] county-wide red by two officers, then cancel
  laba demo alone [--json]                  the same night in a village whose line is cut, then both houses compared row by row
  laba report new|list|show|verify …        hazard reports
  laba alert draft|forecast|raise|end|… …   the life of an alert
  laba gateway try [--device NAME]          enrol and run one real gateway on this machine
  laba gateway claim|run …                  the same in the field, in steps
  laba edge enrol|export|import|…           a village's own house: below the county's, and alone when the line is cut
  laba keys list|new|rotate|switch|revoke … the county's signing keys and those of its grid nodes
  laba init --divisions FILE --county CODE  begin a real county: no demo people; prints a link for its first officer
  laba import KIND FILE [--dry-run]         the county's own lists as CSV
  laba backup [--to FILE] [--with-secret]   the county in one file, while the house runs
  laba restore FILE [--to DIR] [--replace]  out of it again; nothing of the past is sent by itself
  laba help COMMAND                         all about one of them

Environment: LABA_PORT (8080), LABA_MQTT_PORT (1883), LABA_HOST (127.0.0.1), LABA_DATA (data), LABA_TIME_ZONE (Asia/Shanghai), LABA_LOG_LEVEL.
For commands against a running house: LABA_URL, LABA_USER, LABA_PASSWORD (in the demo county they are found in LABA_DATA).
Exit codes: 0 done, 1 refused or failed, 2 wrong usage.`;

const verbLines = (noun: string, verbs: Record<string, Verb>) =>
  Object.entries(verbs)
    .map(([name, verb]) => `  laba ${noun} ${name}${verb.form === '' ? '' : ` ${verb.form}`}\n      ${verb.about}`)
    .join('\n');

// Asks the registry for what it checks: loaded only when somebody reads it.
async function columnLines(): Promise<string> {
  const { IMPORT_COLUMNS } = await import('./import-columns.ts');
  return Object.entries(IMPORT_COLUMNS)
    .map(([kind, columns]) => `  ${kind.padEnd(10)} ${columns.join(',')}`)
    .join('\n');
}

const USAGE: Record<string, string> = {
  start: `Usage: laba start

Runs the house until Ctrl-C. The first start in an empty LABA_DATA makes the demo county; for a real one see: laba help init`,
  up: `Usage: laba up --clustered

Starts the clustered profile on this one machine until Ctrl-C: PostgreSQL, Redis, Mosquitto, two processes of every service, and nginx as the one origin
at LABA_PORT. Wants the Debian packages postgresql, redis-server, mosquitto and nginx; they run in LABA_DATA, beside any that run already.
The first start in an empty LABA_DATA makes the demo county. It is the topology of docker-compose.yml's profile 'clustered', for people without Docker.
Logs: LABA_DATA/logs. A process that dies is started again.`,
  secrets: `Usage: laba secrets [--to DIR] [--county CODE]

Makes the folder that docker-compose.yml's profile 'clustered' reads: addresses and passwords of PostgreSQL, Redis and Mosquitto, the broker's
configuration and its first account. DIR is ./secrets when not given; one that is there already is left alone.`,
  'broker-accounts': `Usage: laba broker-accounts [--to FILE]

Writes the accounts of the county, its gateways and its sensors from the database into FILE (standard output when not given), as the file that Mosquitto's
dynamic-security plugin starts with. Wants the environment of a house: LABA_PROFILE=clustered, LABA_DATABASE_URL, LABA_BROKER_URL and the county's secret.
For a broker that begins empty beside thousands of boxes: a running one is told by Laba itself, which takes it minutes then. Stop Mosquitto, write the
file, make it the broker's own (chown mosquitto), start Mosquitto. Of a FILE that is there, accounts that an operator entered himself stay.`,
  init: `Usage: laba init --divisions FILE --county CODE [--admin USERNAME] [--clustered]

Begins a real county in LABA_DATA and prints a link, good once within 24 hours, by which its first officer sets a password.
FILE is CSV with the columns code,name,parent_code,level (UTF-8 or GBK); of a prefecture's file only the county CODE (6 digits) is taken.
With the 4 digits of a prefecture: a house that watches its counties, see laba help edge.
Once more: a new link for an officer without a password; with another --admin also a new administrator, when nobody can sign in any more.
--clustered: for 'laba up --clustered', on the engines that it will start in this folder.`,
  import: `Usage: laba import KIND FILE [--dry-run] [--json]

All or nothing; every faulty row is named. --dry-run checks and writes nothing. CSV in UTF-8 or GBK, with a header, columns in any order:

COLUMNS

Import divisions and groups before what lies in them, members before households (helper_member_id), households before persons.`,
  report: `Usage: laba report VERB …   (--json: the API's own answer)

${verbLines('report', REPORT_VERBS)}`,
  alert: `Usage: laba alert VERB …   (--json: the API's own answer)

${verbLines('alert', ALERT_VERBS)}

DRAFT is --area CODE[,CODE] --mode live|drill|test --kind warning|order [--template ID] [--level red|orange|yellow|blue --issuer WHO]
  [--order prepare|move-now] [--report ID] [--minutes N] [--interval SECONDS]; what is not given comes from the template.
Example: laba alert draft --template debris-flow-move-now --area 53332410120501 --mode drill --kind order --order move-now`,
  keys: `Usage: laba keys VERB …   (--json: the API's own answer)

${verbLines('keys', KEY_VERBS)}

A key signs only inside its own grid node. Every change is a new key book, signed by the county's root key: a gateway that is there goes by it within
20 seconds, one that was away before anything it hears may play. What a revoked key had signed and is still in force is signed anew.
For a county administrator; ROTATED keys sign by themselves once every gateway heard of in the last 7 days holds them.`,
  demo: `Usage: laba demo dasuo|county|alone [--with-faults] [--namespaces] [--json]

Plays a scenario against the running demo county, or starts one for it; exit code 0 only if every expectation held.
  dasuo          a report by telephone, 立即转移, siren and speech, answers, quiet, all-clear (about 40 s)
  county         county-wide red by two officers, all speakers, cancelled by one
  alone          two houses of its own, a county's and a village's: the line is cut, the village sees, orders, sounds and counts alone (about 4 min)
  --with-faults  county only: in a county of its own, with 12 gateways off and 5 players dead, which must all be named
  --namespaces   alone only, as root on Linux: each house in a network namespace of its own instead of a proxy between them
  --json         one JSON object on standard output, progress on standard error`,
  backup: `Usage: laba backup [--to FILE-OR-FOLDER] [--with-secret]

Writes the county of LABA_DATA into one file (a tar, readable by this user only), also while the house runs and an alert is out.
Keep secret.key apart from the backups: without it nobody can read the signing keys and telephone numbers in them, you included.
--with-secret  puts it into the file, too: for a file that is locked away`,
  restore: `Usage: laba restore FILE [--to FOLDER] [--replace] [--secret KEY-FILE]

Puts a backup into FOLDER (LABA_DATA when not given), while no house runs on it. Damaged, newer and other counties' backups are refused.
--replace  moves what is there aside, into FOLDER/before-restore-…
--secret   the county's secret.key that was kept apart
Afterwards alerts that were active in the backup are held: nothing of them is sent until an officer updates, extends, ends or cancels them.
What loudspeakers sound and the backup does not know is taken up again from the signed commands that they hold, and can be ended.`,
  edge: `Usage: laba edge claim-code CODE
       laba edge enrol --above URL --code CLAIM-CODE [--broker URL,URL] [--site ID] [HARDWARE]
       laba edge confirm|revoke HOUSE
       laba edge houses
       laba edge export --out FILE [--to above|CODE]
       laba edge import FILE

A township's or village's own house: the same program for one grid node, with the loudspeakers of its activity room. It is told its ground by the house
above, tells what happens there, and goes on alone when it does not hear it.
claim-code  above: lets one house be enrolled for a grid node; 15 minutes, one use
enrol       in the village, in an empty LABA_DATA: asks the house at URL; then start it with: laba start
            --broker: where the broker above is found, tried in this order, when it is not what that house says (a second address: behind a comma)
            --site: the activity room whose loudspeakers it plays on, when the node has several; HARDWARE: as of laba gateway
confirm     above: the box that claimed really stands there; it is handed keys that reach no further than its node
revoke      above: a stolen box: it is told nothing more, nothing is taken from it, its keys count no more; at a county: it leaves its prefecture
export      all that the other house does not hold yet, for a runner with a USB stick; only that house can read it
import      what a runner brought
A prefecture's house (laba init --county with four digits) lets its counties in by the same steps: claim-code COUNTY there, enrol in the county's own
LABA_DATA while it is stopped, confirm there. It sees each county's alerts, boxes and numbers of people, and can change nothing in it.`,
  gateway: `Usage: laba gateway try [--site ID] [--dir FOLDER] [HARDWARE]
       laba gateway claim --code CLAIM-CODE [--dir FOLDER]
       laba gateway run [--dir FOLDER] [HARDWARE]

try    claims, confirms and runs a gateway here, as an officer who may; without --site for a new site in the first village of his scope
claim  makes this box's keys by an officer's claim code, which he then confirms on the console by the fingerprint that it prints; in the field LABA_URL names the county
run    plays until Ctrl-C
HARDWARE, what hangs on this box:
--device ALSA-DEVICE    sound card or line out of its speakers; without it what they play is written as WAV files, in real time
--speaker ID=DEVICE     one speaker's own sound card; as often as there are such
--button BUTTON         pressed and meant, it sounds the box's alarm: the siren, five minutes at most
--press hold:SECONDS    how it is meant: held for so long (0.2 to 10; 1 when not given), or --press twice
--microphone DEVICE     ALSA device to speak into, over everything that sounds, while the talk button is held
--talk BUTTON           that button
BUTTON is /dev/input/eventN, /dev/input/eventN#KEYCODE, or command:PROGRAM, which writes the lines down and up, or press. --microphone takes command:PROGRAM
too, which writes 16 kHz mono samples of signed 16 bits. FOLDER is LABA_DATA/gateway-try when not given; it holds the box's private key.`,
};

/** All about a command; undefined when there is none. */
export async function usageOf(command: string): Promise<string | undefined> {
  if (!Object.hasOwn(USAGE, command)) return undefined;
  const usage = USAGE[command];
  return command === 'import' ? usage?.replace('COLUMNS', await columnLines()) : usage;
}
