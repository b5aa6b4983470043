// Chapter 2, alert: may this officer raise this, with whom, and what is missing. Pure; the button's words come from here.
import { LEVEL_WORDS, LEVELS, ORDER_WORDS, ORDERS, type AlertSubject, type Level, type Order } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import type { Decision } from '@laba/domain/forecast-view';
import type { Area } from '@laba/domain/grid';
import { hasScope, ROLE_WORDS, ROLES, roleMay, type Officer, type Role } from '@laba/domain/officer';
import { policyRowFor, type Policy } from '@laba/domain/policy';

/** `approvers`: officers who approved exactly this revision. */
export function decideRaise(policy: Policy, subject: AlertSubject, { codes, tier }: Area, officer: Officer, approvers: readonly string[]): Decision {
  const rolesAllowed = ROLES.filter((role) => roleMay(role, 'alert.raise') && policyRowFor(policy, subject, tier, role) !== undefined);
  const row = policyRowFor(policy, subject, tier, officer.role);
  const ask = row ?? rolesAllowed.map((role) => policyRowFor(policy, subject, tier, role)).find((one) => one !== undefined);
  const officers = [...new Set([officer.id, ...approvers])];
  const missing: Decision['missing'] = [];
  if (row === undefined || !roleMay(officer.role, 'alert.raise')) missing.push('role');
  if (!codes.every((code) => hasScope(officer, code))) missing.push('scope');
  if (officers.length < (ask?.officers ?? 1)) missing.push('second-officer');
  return {
    mayRaise: missing.length === 0,
    why: rolesAllowed.length === 0 ? whyNobody(policy, subject) : whyOf(missing, rolesAllowed),
    officersNeeded: ask?.officers ?? 1,
    officers,
    rolesAllowed,
    missing,
    policyRow: ask?.name ?? null,
  };
}

function whyNobody(policy: Policy, { mode }: AlertSubject): Decision['why'] {
  const degrees = [...ORDERS, ...LEVELS].filter((degree) =>
    policy.rows.some((row) => row.mode.includes(mode) && (row.degree.length === 0 || row.degree.includes(degree))),
  );
  const words = degrees.map((degree) => (isOrder(degree) ? ORDER_WORDS[degree] : LEVEL_WORDS[degree]));
  const zh = words.map((word) => word.zh).join('、') || '无';
  const en = words.map((word) => word.en).join(', ') || 'nothing';
  return {
    zh: `按县里的规定，这里不能发布这一种；可以发布的是：${zh}`,
    en: `By the county's policy nobody here may raise this; what may be raised here: ${en}`,
  };
}

const isOrder = (degree: Order | Level): degree is Order => (ORDERS as readonly string[]).includes(degree);

function whyOf(missing: Decision['missing'], roles: readonly Role[]): Decision['why'] {
  const zh = roles.map((role) => ROLE_WORDS[role].zh).join('、');
  const en = roles.map((role) => ROLE_WORDS[role].en).join(', ');
  if (missing.includes('role'))
    return { zh: `您的岗位不能发布这个范围和等级；可以发布的是：${zh}`, en: `Your role may not raise this for this area; who may: ${en}` };
  if (missing.includes('scope')) return { zh: '有的网格不在您的管辖范围内', en: 'A part of the area lies outside your scope' };
  if (missing.includes('second-officer')) return { zh: `需要另一位值班员先同意（${zh}）`, en: `A second officer must approve first (${en})` };
  return { zh: '可以发布', en: 'You may raise this now' };
}

/** @throws `role-refused`, `out-of-scope`, `approval-needed`, each saying what is missing */
export function assertMayRaise(decision: Decision): void {
  if (decision.mayRaise) return;
  const [first] = decision.missing;
  const code = first === 'role' ? 'role-refused' : first === 'scope' ? 'out-of-scope' : 'approval-needed';
  const { officersNeeded, officers, rolesAllowed, why, policyRow } = decision;
  throw new LabaError(code, `${why.en}.`, { why, officersNeeded, officersNow: officers.length, rolesAllowed, policyRow });
}
