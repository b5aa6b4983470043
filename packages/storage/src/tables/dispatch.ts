// Tables of chapter 3: fan-out and proof.
import type { Mode } from '@laba/domain/alert';
import type { DeliveryState, Purpose } from '@laba/domain/delivery';
import type { GatewayState } from '@laba/domain/gateway-protocol';
import type { Kit } from '../columns.sqlite.ts';

export function dispatchTables({ table, text, int, number, flag, json, primaryKey, index, uniqueIndex }: Kit) {
  return {
    counter: table('counter', { name: text().primaryKey(), value: int().notNull() }),
    command: table(
      'command',
      {
        id: text().primaryKey(),
        alertId: text().notNull(),
        revision: int().notNull(),
        purpose: text().$type<Purpose>().notNull(),
        action: text().notNull(),
        areaCode: text().notNull(),
        seq: int().notNull(),
        /** The signed bytes as sent. */
        envelope: text().notNull(),
        notAfterMs: int().notNull(),
        expiresAtMs: int().notNull(),
        publishedAtMs: int(),
      },
      (t) => [uniqueIndex('command_once').on(t.alertId, t.revision, t.purpose, t.action, t.areaCode)],
    ),
    delivery: table(
      'delivery',
      {
        id: text().primaryKey(),
        alertId: text().notNull(),
        revision: int().notNull(),
        purpose: text().$type<Purpose>().notNull(),
        speakerId: text().notNull(),
        gatewayId: text(),
        siteId: text().notNull(),
        gridCode: text().notNull(),
        mode: text().$type<Mode>().notNull(),
        playTimes: int().notNull(),
        state: text().$type<DeliveryState>().notNull(),
        repeat: int().notNull().default(0),
        reason: text(),
        soundedLevelDb: number(),
        attempts: int().notNull().default(0),
        changedAtMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [uniqueIndex('delivery_once').on(t.alertId, t.revision, t.purpose, t.speakerId), index('delivery_gateway').on(t.gatewayId)],
    ),
    gatewayReport: table(
      'gateway_report',
      {
        gatewayId: text().notNull(),
        journalId: text().notNull(),
        number: int().notNull(),
        alertId: text().notNull(),
        revision: int().notNull(),
        speakerId: text().notNull(),
        state: text().notNull(),
        repeat: int().notNull(),
        atMs: int().notNull(),
      },
      (t) => [primaryKey({ columns: [t.gatewayId, t.journalId, t.number] })],
    ),
    gatewayStatus: table('gateway_status', {
      gatewayId: text().primaryKey(),
      siteId: text().notNull(),
      gridCode: text().notNull(),
      online: flag().notNull(),
      lastSeenAtMs: int().notNull(),
      bootCounter: int().notNull(),
      journalId: text().notNull(),
      reportsHeldUpTo: int().notNull(),
      state: json<GatewayState>(),
    }),
    speakerStatus: table('speaker_status', {
      speakerId: text().primaryKey(),
      player: text().$type<'ok' | 'failed'>().notNull(),
      reason: text(),
      lastReceivedAtMs: int(),
      lastPlayedAtMs: int(),
      lastSoundedAtMs: int(),
    }),
  };
}
