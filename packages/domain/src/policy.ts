// Who may raise what, and with how many people: the county's table, its rows in order, the first that fits decides. How people are called.
import { z } from 'zod';
import { KINDS, LEVELS, MODES, ORDERS, type AlertSubject } from './alert.ts';
import { bulletinPolicySchema } from './bulletin.ts';
import { callOutPolicySchema } from './call-out.ts';
import { TIERS, type Tier } from './grid.ts';
import { ladderPolicySchema } from './ladder-policy.ts';
import { numberPolicySchema } from './number-check.ts';
import { ROLES, type Role } from './officer.ts';
import { DEFAULT_SECTION_PLAN, sectionPlanSchema } from './section-plan.ts';
import { roundPolicySchema } from './round-policy.ts';
import { situationPolicySchema } from './situation-policy.ts';
import { taskPolicySchema } from './task-policy.ts';

const policyRow = z.object({
  name: z.string(),
  mode: z.array(z.enum(MODES)),
  kind: z.array(z.enum(KINDS)),
  /** Colours or orders the row speaks of; empty = all. */
  degree: z.array(z.enum([...LEVELS, ...ORDERS])),
  /** How wide the targeted area is: its widest node, or the node that most of whose parts are named. */
  tier: z.array(z.enum(TIERS)),
  roles: z.array(z.enum(ROLES)),
  /** Officers needed in all, the one who raises among them. */
  officers: z.union([z.literal(1), z.literal(2)]),
  why: z.string(),
});
export type PolicyRow = z.infer<typeof policyRow>;

const buttonPolicySchema = z.object({
  /** A push button raises for the smallest node around its room that is of one of these tiers; with none named, no button raises anything. Never a county. */
  tiers: z.array(z.enum(['township', 'village', 'group'])).default(['village']),
  /** Its words: of an order to move now. */
  templateId: z.string().min(1).max(64).default('debris-flow-move-now'),
});

const OFFICERS: Role[] = ['county-admin', 'county-officer'];
const ANY: Role[] = ['county-admin', 'county-officer', 'township-officer', 'village-cadre'];
const LOCAL: Tier[] = ['township', 'village', 'group'];

// The colour of a warning belongs to its issuer, who is not in the village.
const ALONE: readonly PolicyRow[] = [
  {
    name: 'path test',
    mode: ['test'],
    kind: ['warning', 'order'],
    degree: [],
    tier: LOCAL,
    roles: ANY,
    officers: 1,
    why: 'A test makes no sound and reaches no member.',
  },
  {
    name: 'own people, alone',
    mode: ['live', 'drill'],
    kind: ['order'],
    degree: [...ORDERS],
    tier: LOCAL,
    roles: ANY,
    officers: 1,
    why: 'A village orders its own people to prepare or to move; a warning and its colour are for who issues it.',
  },
];

export const policySchema = z.object({
  rows: z.array(policyRow).min(1),
  quietHours: z.object({ from: z.string().regex(/^\d\d:\d\d$/), to: z.string().regex(/^\d\d:\d\d$/) }),
  /** Minutes before the end time at which the officer is asked about expiry. */
  askBeforeExpiryMinutes: z.number().int().min(1).max(720),
  /** Seconds after which whoever may be the second officer is asked again, until one has decided. */
  askApproversSeconds: z.number().int().min(30).max(3600).default(120),
  callOut: callOutPolicySchema.prefault({}),
  numbers: numberPolicySchema.prefault({}),
  sections: sectionPlanSchema.default(DEFAULT_SECTION_PLAN),
  /** While an order stands, who is safe or moved is counted again so often. */
  recountMinutes: z.number().int().min(10).max(1440).default(120),
  ladders: ladderPolicySchema,
  /** Who may raise what at the house of a village or township, also while the county is out of reach: there these rows decide, and not the others. */
  alone: z
    .array(policyRow)
    .min(1)
    .default(() => [...ALONE]),
  tasks: taskPolicySchema.prefault({}),
  button: buttonPolicySchema.prefault({}),
  situation: situationPolicySchema.prefault({}),
  bulletins: bulletinPolicySchema.prefault({}),
  rounds: roundPolicySchema.prefault({}),
});
export type Policy = z.infer<typeof policySchema>;

/** What the console reads: as it is in force, and who wrote it last. */
export interface PolicyView extends Policy {
  version: number;
  changedBy: string | null;
  changedAt: string | null;
}

/** The policy a county starts with; what is not said here is as the schema's own defaults. */
export const DEFAULT_POLICY: Policy = policySchema.parse({
  rows: [
    {
      name: 'path test',
      mode: ['test'],
      kind: ['warning', 'order'],
      degree: [],
      tier: [...TIERS],
      roles: ANY,
      officers: 1,
      why: 'A test makes no sound and reaches no member.',
    },
    {
      name: 'own people, at once',
      mode: ['live', 'drill'],
      kind: ['warning', 'order'],
      degree: [],
      tier: LOCAL,
      roles: ANY,
      officers: 1,
      why: 'A village or township moves its own people alone: minutes count.',
    },
    {
      name: 'whole county, gravest',
      mode: ['live'],
      kind: ['warning', 'order'],
      degree: ['red', 'move-now'],
      tier: ['county'],
      roles: OFFICERS,
      officers: 2,
      why: 'County-wide red or move-now needs a second officer, on another screen or by recorded call-back.',
    },
    {
      name: 'whole county',
      mode: ['live', 'drill'],
      kind: ['warning', 'order'],
      degree: [],
      tier: ['county'],
      roles: OFFICERS,
      officers: 1,
      why: 'A county officer decides below red and move-now.',
    },
  ],
  quietHours: { from: '21:30', to: '07:00' },
  askBeforeExpiryMinutes: 30,
});

/** The row that decides about this alert by this role, or undefined when no row allows it. */
export function policyRowFor({ rows }: Pick<Policy, 'rows'>, subject: AlertSubject, tier: Tier, role: Role): PolicyRow | undefined {
  const degree = subject.order ?? subject.level;
  const fits = (row: PolicyRow) =>
    row.mode.includes(subject.mode) &&
    row.kind.includes(subject.kind) &&
    row.tier.includes(tier) &&
    (row.degree.length === 0 || (degree !== null && row.degree.includes(degree)));
  const row = rows.find(fits);
  return row?.roles.includes(role) ? row : undefined;
}
