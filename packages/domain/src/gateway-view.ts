// Loudspeaker gateways as an officer sees them: enrolled by a code, confirmed by a fingerprint, heard or not. Times as text with their offset (CAP 1.2).
export type GatewayStatus = 'claimed' | 'active' | 'revoked';

export interface EnrolmentView {
  id: string;
  siteId: string;
  gridCode: string;
  status: GatewayStatus;
  /** Of its key: the box prints the same. */
  fingerprint: string;
  createdAt: string;
}

export interface GatewayClaim {
  code: string;
  siteId: string;
  expiresAt: string;
}

export interface GatewaySpeaker {
  speakerId: string;
  name: string;
  player: 'ok' | 'failed' | 'unknown';
  reason: string | null;
  lastReceived: string | null;
  lastPlayed: string | null;
  lastSounded: string | null;
}

export interface GatewayView {
  gatewayId: string;
  siteId: string;
  siteName: string | null;
  gridCode: string;
  status: GatewayStatus;
  /** Null: never heard of. */
  online: boolean | null;
  lastSeen: string | null;
  bootCounter: number | null;
  power: { source: 'mains' | 'battery' | 'unknown'; batteryPercent: number | null; hoursLeft: number | null } | null;
  clockKnown: boolean | null;
  reportsWaiting: number | null;
  speakers: GatewaySpeaker[];
}

export interface SiteView {
  id: string;
  name: string;
  gridCode: string;
}
