// The village alone: a house below or above as an officer sees it, and the code that enrols one. Times as text with their offset (CAP 1.2).
import type { PeerSide, PeerStatus } from './peer.ts';

export interface HouseView {
  /** Made from its key: the same as the box shows by itself. */
  id: string;
  gridCode: string;
  side: PeerSide;
  status: PeerStatus;
  lastHeardAt: string | null;
  /** What it does not hold yet of this house's list, in rows. */
  behind: number;
  /** Why its last letter was not taken. */
  trouble: string | null;
}

export interface HousesView {
  id: string;
  /** The grid node whose house this is. */
  node: string;
  houses: HouseView[];
}

export interface HouseClaim {
  code: string;
  gridCode: string;
  expiresAt: string;
}
