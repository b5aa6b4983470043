// Tables of the houses above and below: who they are, and row by row what each was told.
import type { PeerSide, PeerStatus } from '@laba/domain/peer';
import type { Kit } from '../columns.sqlite.ts';

export function sharingTables({ table, text, int, json, primaryKey, index }: Kit) {
  return {
    // One row: what this house signs with and what only it can read; private halves encrypted with its secret.
    houseKey: table('house_key', {
      id: text().primaryKey(),
      signKey: text().notNull(),
      signCipher: text().notNull(),
      sealKey: text().notNull(),
      sealCipher: text().notNull(),
    }),
    houseClaim: table('house_claim', {
      /** Keyed hash. */
      codeHash: text().primaryKey(),
      /** The node of the house to be. */
      gridCode: text().notNull(),
      madeBy: text().notNull(),
      expiresAtMs: int().notNull(),
      /** The house that used it. */
      usedBy: text(),
    }),
    // Whoever writes what was said to a house or heard from it changes this row by its version.
    peer: table('peer', {
      /** The other house's own id. */
      id: text().primaryKey(),
      /** The grid node of the lower one of the two: all that they share lies under it or speaks of it. */
      gridCode: text().notNull(),
      /** Whether it stands above this house or below. */
      side: text().$type<PeerSide>().notNull(),
      status: text().$type<PeerStatus>().notNull(),
      /** Ed25519 for its signature and X25519 for what only it may read; raw, base64url. */
      signKey: text().notNull(),
      sealKey: text().notNull(),
      /** Names this list of what it was told; a house out of a backup begins a new one. */
      listId: text().notNull(),
      saidUpTo: int().notNull().default(0),
      /** Up to here it has confirmed. */
      confirmedUpTo: int().notNull().default(0),
      /** Its own list, and up to where it is taken here. */
      heardListId: text(),
      heardUpTo: int().notNull().default(0),
      lastHeardAtMs: int(),
      /** Of a house above: where its broker is found, tried in this order, and this house's password there. */
      lines: json<string[]>(),
      passwordCipher: text(),
      /** Of a house below: SHA-256 of what it says to this house's broker. */
      passwordHash: text(),
      createdAtMs: int().notNull(),
      version: int().notNull().default(1),
    }),
    // How many live at a grid node. A county counts it when it tells it; here it stands at the house that was told.
    peopleCount: table('people_count', { gridCode: text().primaryKey(), households: int().notNull(), persons: int().notNull(), members: int().notNull() }),
    told: table(
      'told',
      {
        peerId: text().notNull(),
        tableName: text().notNull(),
        /** The row's key columns, as a JSON list. */
        rowKey: text().notNull(),
        /** When it was last put on the list, as a number of the list; 0: it came from there and was never changed here. */
        number: int().notNull(),
        /** Fingerprint of the row as it was put on the list, or as it came; null: it is gone. */
        print: text(),
        /** Fingerprint of the row as both houses last held it; null: never both. */
        agreedPrint: text(),
      },
      (t) => [primaryKey({ columns: [t.peerId, t.tableName, t.rowKey] }), index('told_number').on(t.peerId, t.number)],
    ),
  };
}
