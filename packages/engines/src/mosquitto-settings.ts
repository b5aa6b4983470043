// How Laba's Mosquitto is tuned: one text for tests, for the terminal's own cluster and for the operator (infra/mosquitto/mosquitto.conf).

export interface MosquittoSettings {
  /** `port` or `port address`, as the directive `listener` takes it. */
  listener: string;
  /** Where the dynamic-security plugin lies. */
  plugin: string;
  /** The plugin's own file: accounts and roles. The broker's user must be able to write it and its folder. */
  accountsFile: string;
  /** PEM files of the broker's own certificate; without them it speaks plainly. */
  tls?: { certFile: string; keyFile: string };
}

/** A whole mosquitto.conf. */
export function mosquittoConf({ listener, plugin, accountsFile, tls }: MosquittoSettings): string {
  return `${`
# Laba's broker. Mosquitto 2.0 or later, MQTT 3.1.1 for the loudspeakers and MQTT 5 for the county.
# This text and the one that Laba's own tests run on are the same but for addresses and files: a test holds them together.

# Untuned, Mosquitto holds 20 messages in flight and queues 1,000 for a client, and drops the rest of a burst without a word although
# it acknowledged them. 0 is no limit: MQTT 5 has the county itself say how many it takes at once, and the bytes below are the bound.
max_inflight_messages 0
max_queued_messages 0
max_queued_bytes 268435456
# Looking for duplicates costs each broadcast the square of its listeners; Laba knows what it has seen by its own ids.
allow_duplicate_messages true

# What one packet, one connection and all of them may be.
message_size_limit 65536
max_packet_size 66048
max_keepalive 300
set_tcp_nodelay true

# Nothing of Laba depends on what a broker remembers (written every 30 minutes it would be lost on a crash anyway): boxes say their state
# every 20 s, the county sends again what nobody confirmed. Accounts are kept by the plugin, in its own file.
persistence false

# Nobody without an account; each account exactly its own topics. Laba writes them: no human keeps this list.
per_listener_settings false
allow_anonymous false
plugin ${plugin}
plugin_opt_config_file ${accountsFile}

log_dest stderr
log_timestamp_format %Y-%m-%dT%H:%M:%S%z
log_type error
log_type warning
log_type notice
connection_messages false

listener ${listener}
max_connections 20000
max_qos 1
${tls === undefined ? '' : `certfile ${tls.certFile}\nkeyfile ${tls.keyFile}\n`}`.trim()}
`;
}

/** What the operator gets in infra/mosquitto/mosquitto.conf. */
export const OPERATOR_SETTINGS: MosquittoSettings = {
  listener: '1883 127.0.0.1',
  plugin: '/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so',
  accountsFile: '/var/lib/mosquitto/dynamic-security.json',
};
