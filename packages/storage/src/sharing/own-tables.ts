// What stays in the house: tables that houses do not tell each other, each with its reason.
import type { Tables } from '../tables.ts';

/** Never shared, and why. */
export interface OwnTable {
  own: string;
}

export const OWN = {
  job: { own: 'each house does its own work' },
  channelProof: { own: 'names the number that answered by a hash of the house that asked' },
  numberRound: { own: 'each house asks by its own providers' },
  message: { own: 'each house sends by its own providers' },
  inboundMessage: { own: 'what it said is in the call, the mark or the task' },
  pushSubscription: { own: 'bound to the keys of the house that asked for it' },
  robot: { own: 'a secret of the house that writes to the chat group' },
  unsubscribed: { own: 'numbers are hashed with a key of each house' },
  idempotency: { own: 'answers to callers of this house' },
  gatewayClaim: { own: 'a code is good where it was made' },
  officer: { own: 'a box that may be stolen holds no password of an officer of the county: see localOfficer' },
  oneTimeLink: { own: 'as the officer' },
  session: { own: 'as the officer' },
  setting: { own: 'what a house is told about itself' },
  counter: { own: 'numbers that each house gives' },
  gatewayReport: { own: 'folded into the delivery, whose house numbers them' },
  photo: { own: 'too large for a thin line' },
  houseKey: { own: 'by which the house is known to others' },
  houseClaim: { own: 'a code is good where it was made' },
  peer: { own: 'whom this house knows' },
  told: { own: 'what this house told' },
  silentHouse: { own: 'each house listens for those below it' },
  peopleCount: { own: 'for a prefecture: see watched-tables' },
  roundPlan: { own: 'each house makes it from the lists that it holds' },
  roundMissed: { own: 'each house finds it by its own clock; who was there it is told' },
  situationReport: { own: 'the county reports upward; a village tells the county all day' },
  shift: { own: 'each house has its own duty post, and signs with passwords that no other house holds' },
  shiftRemark: { own: 'as the shift' },
  bulletin: { own: 'each house plans for the loudspeakers on its own line' },
  bulletinTime: { own: 'as the bulletin' },
  bulletinAudio: { own: 'as the bulletin, and too large for a thin line' },
} as const satisfies Partial<Record<keyof Tables, OwnTable>>;
