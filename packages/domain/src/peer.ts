// The houses above and below this one: a village's, its township's, the county's, a prefecture's. The same program on each.

export const PEER_SIDES = ['above', 'below'] as const;
export type PeerSide = (typeof PEER_SIDES)[number];

/** `claimed`: it waits for an officer's confirmation. `revoked`: nothing more is told to it and nothing taken from it; a stolen box. */
export const PEER_STATUSES = ['claimed', 'active', 'revoked'] as const;
export type PeerStatus = (typeof PEER_STATUSES)[number];
