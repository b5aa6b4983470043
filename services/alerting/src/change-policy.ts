// Chapter 2, alert: the county says who may raise what, and with how many people.
import { LabaError } from '@laba/domain/errors';
import { ROLES } from '@laba/domain/officer';
import { policyRowFor, type Policy } from '@laba/domain/policy';
import type { Act, Permit } from '@laba/runtime/auth';
import { record } from '@laba/storage/events';
import type { AlertingDeps } from './draft-alert.ts';
import { findPolicy } from '@laba/storage/policy';
import { lastChangeOfPolicy, writePolicy } from './policy-store.ts';

/** @throws `bad-input` when nobody could move a village's people at once any more, `changed-meanwhile` when `seenVersion` is old */
export async function changePolicy(
  deps: AlertingDeps,
  policy: Policy,
  seenVersion: number | undefined,
  permit: Permit<'officer.manage'>,
  act: Act,
): Promise<number> {
  const { county } = deps.config;
  const now = await findPolicy(deps.db, county);
  if (seenVersion !== undefined && seenVersion !== now.version)
    throw new LabaError('changed-meanwhile', undefined, { version: now.version, ...(await lastChangeOfPolicy(deps)) });
  const moveNow = { mode: 'live', kind: 'order', level: null, order: 'move-now' } as const;
  for (const [field, rows] of Object.entries({ rows: policy.rows, alone: policy.alone }))
    if (!ROLES.some((role) => policyRowFor({ rows }, moveNow, 'village', role) !== undefined))
      throw new LabaError('bad-input', `${field}: with this policy nobody may give a village the order to move; add a row for it.`, { field });
  await deps.db.atomically([
    ...act.once,
    writePolicy(county, policy, now.version),
    ...record(deps.ids, {
      type: 'policy.changed',
      atMs: deps.clock.now(),
      who: act.who,
      via: act.via,
      gridCode: county,
      subjectId: permit.officer.id,
      data: { version: now.version + 1 },
    }),
  ]);
  return now.version + 1;
}
