// Tables of chapter 0: place and people.
import type { Mode } from '@laba/domain/alert';
import type { Tier } from '@laba/domain/grid';
import type { Need, Post, Skill } from '@laba/domain/member';
import type { Role } from '@laba/domain/officer';
import type { Kit } from '../columns.sqlite.ts';

export function registryTables({ table, text, int, flag, json, primaryKey, index, uniqueIndex }: Kit) {
  return {
    gridNode: table('grid_node', {
      code: text().primaryKey(),
      tier: text().$type<Tier>().notNull(),
      name: text().notNull(),
      parentCode: text(),
      /** Languages spoken here beside Mandarin, BCP 47. Null: as the parent. */
      languages: json<string[]>(),
      partyBranch: text(),
      /** Temporary: a shelter of this alert. */
      alertId: text(),
      /** The shelter was closed. */
      closedAtMs: int(),
    }),
    /** Which grid nodes help each other out; each pair stands here both ways. */
    neighbour: table('neighbour', { code: text().notNull(), neighbourCode: text().notNull() }, (t) => [primaryKey({ columns: [t.code, t.neighbourCode] })]),
    site: table(
      'site',
      {
        id: text().primaryKey(),
        name: text().notNull(),
        gridCode: text().notNull(),
        placedBy: text().notNull().default(''),
      },
      (t) => [index('site_grid').on(t.gridCode)],
    ),
    gateway: table(
      'gateway',
      {
        id: text().primaryKey(),
        siteId: text().notNull(),
        gridCode: text().notNull(),
        /** `claimed`: waits for an officer's confirmation; `active`; `revoked`. */
        status: text().$type<'claimed' | 'active' | 'revoked'>().notNull(),
        /** SHA-256 of the 256-bit password, hex. */
        passwordHash: text().notNull(),
        /** The device's own Ed25519 key, raw, base64url. */
        publicKey: text().notNull(),
        createdAtMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [index('gateway_grid').on(t.gridCode)],
    ),
    gatewayClaim: table('gateway_claim', {
      codeHash: text().primaryKey(),
      siteId: text().notNull(),
      madeBy: text().notNull(),
      expiresAtMs: int().notNull(),
      usedBy: text(),
    }),
    speaker: table(
      'speaker',
      {
        id: text().primaryKey(),
        siteId: text().notNull(),
        gatewayId: text(),
        gridCode: text().notNull(),
        name: text().notNull(),
      },
      (t) => [index('speaker_grid').on(t.gridCode), index('speaker_gateway').on(t.gatewayId)],
    ),
    member: table(
      'member',
      {
        id: text().primaryKey(),
        name: text().notNull(),
        phoneCipher: text(),
        /** Keyed hash for look-up and for finding doubles. */
        phoneHash: text(),
        emailCipher: text(),
        skills: json<Skill[]>().notNull(),
        available: flag().notNull().default(true),
        /** Is at home, and is woken by grave alerts only: see the policy. */
        offDuty: flag().notNull().default(false),
        /** Temporary: joined on the spot, for this alert. Null: of the county's lists, or kept by an officer. */
        alertId: text(),
      },
      (t) => [index('member_phone').on(t.phoneHash)],
    ),
    membership: table(
      'membership',
      {
        memberId: text().notNull(),
        gridCode: text().notNull(),
        post: text().$type<Post>(),
      },
      (t) => [primaryKey({ columns: [t.memberId, t.gridCode] }), index('membership_grid').on(t.gridCode, t.memberId)],
    ),
    household: table(
      'household',
      {
        id: text().primaryKey(),
        gridCode: text().notNull(),
        doorplate: text().notNull(),
        headName: text().notNull(),
        phoneCipher: text(),
        phoneHash: text(),
        needs: json<Need[]>().notNull(),
        helperMemberId: text(),
      },
      (t) => [index('household_grid').on(t.gridCode), index('household_phone').on(t.phoneHash)],
    ),
    person: table(
      'person',
      {
        id: text().primaryKey(),
        householdId: text().notNull(),
        name: text().notNull(),
        needs: json<Need[]>().notNull(),
      },
      (t) => [index('person_household').on(t.householdId)],
    ),
    place: table(
      'place',
      {
        id: text().primaryKey(),
        gridCode: text().notNull(),
        kind: text().notNull(),
        name: text().notNull(),
        contactName: text().notNull(),
        phoneCipher: text(),
        phoneHash: text(),
        headCount: int().notNull(),
        /** When that number was said; null: nobody knows. */
        headCountAtMs: int(),
      },
      (t) => [index('place_grid').on(t.gridCode), index('place_phone').on(t.phoneHash)],
    ),
    // Where people gather or sleep; a shelter's stands at a temporary grid node of its own.
    musterPoint: table(
      'muster_point',
      {
        id: text().primaryKey(),
        gridCode: text().notNull(),
        name: text().notNull(),
        capacity: int().notNull(),
      },
      (t) => [index('muster_point_grid').on(t.gridCode)],
    ),
    officer: table('officer', {
      id: text().primaryKey(),
      username: text().notNull().unique(),
      name: text().notNull(),
      role: text().$type<Role>().notNull(),
      scopes: json<string[]>().notNull(),
      /** argon2id; null until the one-time link was used. */
      passwordHash: text(),
      disabled: flag().notNull().default(false),
      failures: int().notNull().default(0),
      lockedUntilMs: int(),
      version: int().notNull().default(1),
    }),
    oneTimeLink: table('one_time_link', {
      tokenHash: text().primaryKey(),
      officerId: text().notNull(),
      expiresAtMs: int().notNull(),
      usedAtMs: int(),
    }),
    session: table(
      'session',
      {
        tokenHash: text().primaryKey(),
        officerId: text().notNull(),
        csrfToken: text().notNull(),
        expiresAtMs: int().notNull(),
        /** It lives as long as the row of the local code by which it was opened. Null: opened by a password. */
        localOfficerId: text(),
      },
      (t) => [index('session_officer').on(t.officerId)],
    ),
    /** Who signs in by a local code at the house of one grid node. A new code is a new row; a code that was revoked has none. */
    localOfficer: table(
      'local_officer',
      {
        id: text().primaryKey(),
        officerId: text().notNull(),
        gridCode: text().notNull(),
        /** As at the officer's own house. */
        username: text().notNull(),
        name: text().notNull(),
        role: text().$type<Role>().notNull(),
        /** What of the officer's scopes lies in the node. */
        scopes: json<string[]>().notNull(),
        /** argon2id. */
        codeVerifier: text().notNull(),
        createdAtMs: int().notNull(),
        failures: int().notNull().default(0),
        lockedUntilMs: int(),
      },
      (t) => [uniqueIndex('local_officer_place').on(t.officerId, t.gridCode), index('local_officer_grid').on(t.gridCode, t.username)],
    ),
    // The root is the one without modes: it signs key books and nothing else.
    signingKey: table('signing_key', {
      kid: text().primaryKey(),
      scope: text().notNull(),
      modes: json<Mode[]>().notNull(),
      /** Raw public key, base64url. */
      publicKey: text().notNull(),
      /** PKCS 8, encrypted with the house's secret. */
      privateCipher: text().notNull(),
      createdAtMs: int().notNull(),
      revokedAtMs: int(),
      /** In the key book already, and signs nothing yet. */
      waiting: flag().notNull().default(false),
    }),
    /** As it was signed; the newest counts. A village keeps what came down to it. */
    keyBook: table(
      'key_book',
      {
        version: int().notNull(),
        /** The township whose keys it names beside the county's; empty: the county's alone, for whoever lies under no township that has keys. */
        gridCode: text().notNull().default(''),
        wire: text().notNull(),
        issuedAtMs: int().notNull(),
      },
      (t) => [primaryKey({ columns: [t.version, t.gridCode] })],
    ),
    setting: table('setting', { name: text().primaryKey(), value: json<unknown>().notNull() }),
  };
}
