// Table of personal links: from which version on a member's links of an alert are good. No row: none was ever revoked.
import type { Kit } from '../columns.sqlite.ts';

export function personalLinkTables({ table, text, int, primaryKey }: Kit) {
  return {
    linkVersion: table(
      'link_version',
      {
        alertId: text().notNull(),
        memberId: text().notNull(),
        version: int().notNull(),
        changedAtMs: int().notNull(),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.memberId] })],
    ),
  };
}
