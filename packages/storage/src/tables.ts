// Every table, written once through a column kit. Who may write which stands in ownership.ts.
import type { AlertState, AlertText, Kind, Level, Mode, Order } from '@laba/domain/alert';
import type { DeliveryState, Purpose } from '@laba/domain/delivery';
import type { GatewayState } from '@laba/domain/gateway-protocol';
import type { Tier } from '@laba/domain/grid';
import type { Answer, CallState, Need, Post, Skill } from '@laba/domain/member';
import type { Role } from '@laba/domain/officer';
import type { Policy } from '@laba/domain/policy';
import type { Hazard, ReportSource, ReportState } from '@laba/domain/report';
import type { MarkMeans, PersonStatus } from '@laba/domain/rollcall';
import type { CapAlert } from '@laba/domain/cap';
import { kit as postgresKit } from './columns.postgres.ts';
import { kit as sqliteKit, type Kit } from './columns.sqlite.ts';

export function defineTables(c: Kit) {
  const { table, text, int, flag, json, serial, primaryKey, index, uniqueIndex } = c;
  return {
    // storage: the timeline that is also the outbox, and the work it caused
    event: table(
      'event',
      {
        seq: serial(),
        id: text().notNull().unique(),
        type: text().notNull(),
        atMs: int().notNull(),
        /** `officer:ID`, `gateway:ID`, `member:ID`, `public`, `system`. */
        who: text().notNull(),
        /** Where from: `http`, `mqtt`, `job`, `cli`, `watchdog`. */
        via: text().notNull(),
        gridCode: text().notNull(),
        alertId: text(),
        subjectId: text().notNull(),
        data: json<Record<string, unknown>>().notNull(),
      },
      (t) => [index('event_alert').on(t.alertId, t.seq), index('event_subject').on(t.subjectId, t.seq)],
    ),
    job: table(
      'job',
      {
        id: text().primaryKey(),
        eventId: text().notNull(),
        consumer: text().notNull(),
        urgent: flag().notNull(),
        dueAtMs: int().notNull(),
        pushedAtMs: int(),
        doneAtMs: int(),
        outcome: text().$type<'done' | 'buried'>(),
        attempts: int().notNull().default(0),
        lastError: text(),
      },
      (t) => [uniqueIndex('job_event_consumer').on(t.eventId, t.consumer), index('job_open').on(t.doneAtMs, t.dueAtMs)],
    ),
    idempotency: table('idempotency', {
      key: text().primaryKey(),
      requestHash: text().notNull(),
      status: int().notNull(),
      body: text().notNull(),
      atMs: int().notNull(),
    }),

    // registry: place and people
    gridNode: table('grid_node', {
      code: text().primaryKey(),
      tier: text().$type<Tier>().notNull(),
      name: text().notNull(),
      parentCode: text(),
      /** Languages spoken here beside Mandarin, BCP 47. Null: as the parent. */
      languages: json<string[]>(),
      partyBranch: text(),
    }),
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
        skills: json<Skill[]>().notNull(),
        available: flag().notNull().default(true),
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
      (t) => [primaryKey({ columns: [t.memberId, t.gridCode] }), index('membership_grid').on(t.gridCode)],
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
      (t) => [index('household_grid').on(t.gridCode)],
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
      },
      (t) => [index('place_grid').on(t.gridCode)],
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
      },
      (t) => [index('session_officer').on(t.officerId)],
    ),
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
    }),
    setting: table('setting', { name: text().primaryKey(), value: json<unknown>().notNull() }),

    // intake: report
    report: table(
      'report',
      {
        id: text().primaryKey(),
        gridCode: text().notNull(),
        hazard: text().$type<Hazard>().notNull(),
        text: text().notNull(),
        source: text().$type<ReportSource>().notNull(),
        reporterCipher: text(),
        state: text().$type<ReportState>().notNull(),
        mergedInto: text(),
        mergedCount: int().notNull().default(0),
        receivedAtMs: int().notNull(),
        verifiedBy: text(),
        verifiedAtMs: int(),
        version: int().notNull().default(1),
      },
      (t) => [index('report_place').on(t.hazard, t.receivedAtMs), index('report_grid').on(t.gridCode)],
    ),
    reportLink: table('report_link', { token: text().primaryKey(), gridCode: text().notNull().unique() }),
    sensor: table('sensor', {
      id: text().primaryKey(),
      gridCode: text().notNull(),
      hazard: text().$type<Hazard>().notNull(),
      quantity: text().notNull(),
      threshold: c.number().notNull(),
      passwordHash: text().notNull(),
    }),

    // alerting: the decision
    alert: table(
      'alert',
      {
        id: text().primaryKey(),
        mode: text().$type<Mode>().notNull(),
        kind: text().$type<Kind>().notNull(),
        level: text().$type<Level>(),
        order: text().$type<Order>(),
        eventCode: text().notNull(),
        state: text().$type<AlertState>().notNull(),
        revision: int().notNull(),
        quiet: flag().notNull().default(false),
        reportId: text(),
        templateId: text(),
        draftedBy: text().notNull(),
        raisedBy: text(),
        createdAtMs: int().notNull(),
        raisedAtMs: int(),
        overAtMs: int(),
        overBy: text(),
        overReason: text(),
        slopeCheckedBy: text(),
        endTimeMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [index('alert_state').on(t.state)],
    ),
    alertRevision: table(
      'alert_revision',
      {
        alertId: text().notNull(),
        revision: int().notNull(),
        mode: text().$type<Mode>().notNull(),
        kind: text().$type<Kind>().notNull(),
        level: text().$type<Level>(),
        order: text().$type<Order>(),
        eventCode: text().notNull(),
        issuer: text().notNull(),
        texts: json<AlertText[]>().notNull(),
        endTexts: json<AlertText[]>().notNull(),
        cancelTexts: json<AlertText[]>().notNull(),
        areaCodes: json<string[]>().notNull(),
        siren: flag().notNull(),
        playTimes: int().notNull(),
        intervalSeconds: int().notNull(),
        volume: int().notNull(),
        startTimeMs: int().notNull(),
        endTimeMs: int().notNull(),
        /** Immutable CAP message; null while it is a draft. */
        cap: json<CapAlert>(),
        draftedBy: text().notNull(),
        raisedAtMs: int(),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.revision] })],
    ),
    alertArea: table(
      'alert_area',
      {
        alertId: text().notNull(),
        revision: int().notNull(),
        code: text().notNull(),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.revision, t.code] })],
    ),
    approval: table(
      'approval',
      {
        alertId: text().notNull(),
        revision: int().notNull(),
        officerId: text().notNull(),
        /** `screen` or `telephone-call-back`. */
        means: text().notNull(),
        /** Who wrote it down, for a call-back. */
        recordedBy: text().notNull(),
        words: text().notNull(),
        countersignedAtMs: int(),
        atMs: int().notNull(),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.revision, t.officerId] })],
    ),
    template: table('template', {
      id: text().primaryKey(),
      title: text().notNull(),
      titleEn: text().notNull(),
      hazard: text().$type<Hazard>().notNull(),
      stage: text().notNull(),
      kind: text().$type<Kind>().notNull(),
      level: text().$type<Level>(),
      order: text().$type<Order>(),
      eventCode: text().notNull(),
      texts: json<AlertText[]>().notNull(),
      endTexts: json<AlertText[]>().notNull(),
      cancelTexts: json<AlertText[]>().notNull(),
      durationMinutes: int().notNull(),
    }),
    policy: table('policy', { county: text().primaryKey(), policy: json<Policy>().notNull(), version: int().notNull().default(1) }),

    // dispatch: fan-out and proof
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
        soundedLevelDb: c.number(),
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

    // mobilization: each member answers for himself
    call: table(
      'call',
      {
        id: text().primaryKey(),
        alertId: text().notNull(),
        revision: int().notNull(),
        memberId: text().notNull(),
        /** The membership that put the member on the list: counted there. */
        gridCode: text().notNull(),
        mode: text().$type<Mode>().notNull(),
        state: text().$type<CallState>().notNull(),
        answer: text().$type<Answer>(),
        answeredAtMs: int(),
        /** `page`, `api`, or `officer:ID` who wrote the answer down. */
        answeredBy: text(),
        changedAtMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [uniqueIndex('call_once').on(t.alertId, t.memberId), index('call_grid').on(t.alertId, t.gridCode)],
    ),
    // Whoever marks changes this row first: its lock makes every other mark of the alert wait, so that completion is never overlooked.
    rollcall: table('rollcall', {
      alertId: text().primaryKey(),
      gridCode: text().notNull(),
      complete: flag().notNull().default(false),
      frozenAtMs: int().notNull(),
      changedAtMs: int().notNull(),
      version: int().notNull().default(1),
    }),
    rollcallPerson: table(
      'rollcall_person',
      {
        alertId: text().notNull(),
        /** A person's id; `head:` and the household's where the register names nobody but the head; an id of its own for who was found. */
        personId: text().notNull(),
        /** Null: found on the spot, on no list. */
        householdId: text(),
        gridCode: text().notNull(),
        /** Only of who was found: the names of all others stay in the register. */
        nameCipher: text(),
        status: text().$type<PersonStatus>().notNull(),
        wordsCipher: text(),
        means: text().$type<MarkMeans>(),
        markedBy: text(),
        markedAtMs: int(),
        version: int().notNull().default(1),
      },
      (t) => [
        primaryKey({ columns: [t.alertId, t.personId] }),
        index('rollcall_person_status').on(t.alertId, t.status),
        index('rollcall_person_household').on(t.alertId, t.gridCode, t.householdId),
      ],
    ),
    rollcallPlace: table(
      'rollcall_place',
      {
        alertId: text().notNull(),
        placeId: text().notNull(),
        gridCode: text().notNull(),
        expected: int().notNull(),
        /** Null: nobody counted yet. */
        counted: int(),
        means: text().$type<MarkMeans>(),
        markedBy: text(),
        markedAtMs: int(),
        version: int().notNull().default(1),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.placeId] })],
    ),
  };
}

/** The tables as the types see them; at run time each engine brings its own. */
export type Tables = ReturnType<typeof defineTables>;

export const sqliteTables = defineTables(sqliteKit);
export const postgresTables = defineTables(postgresKit);
