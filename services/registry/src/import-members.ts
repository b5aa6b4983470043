// Import of members: one row per membership; a member who belongs to several groups repeats.
import { POSTS, SKILLS, type Post } from '@laba/domain/member';
import { knownCode, onceEach, planOf, readRows, refuseOutside, sealPhone, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { readMembers, upsertMembers, type MembershipRow } from './import-store.ts';
import type { RowReader } from './row-reader.ts';

export const members: ImportRecipe = {
  columns: ['member_id', 'name', 'phone', 'skills', 'available', 'grid_code', 'post'],
  optional: ['email', 'off_duty'],
  plan,
};

interface Told {
  row: number;
  said: string;
  member: { id: string; name: string; phone: string | null; email: string | null; skills: (keyof typeof SKILLS)[]; available: boolean; offDuty: boolean };
}

async function plan(context: ImportContext): Promise<ImportPlan> {
  const known = await readMembers(context.db);
  const once = onceEach();
  const told = new Map<string, Told>();
  const memberships = readRows(context, (row): MembershipRow => {
    const memberId = readMember(context, row, told, known);
    const gridCode = knownCode(context, row);
    const post: Post | null = row.one('post', POSTS);
    if (memberId !== '' && gridCode !== '') once(row, 'grid_code', `${memberId}\0${gridCode}`);
    return { memberId, gridCode, post };
  });
  const rows = [...told.values()].map(({ member: { phone, email, ...member } }) => ({
    ...member,
    ...sealPhone(context.vault, phone),
    emailCipher: email === null ? null : context.vault.encrypt(email),
  }));
  const counted = planOf(
    rows.map(({ id }) => id),
    known,
    memberships.map(({ gridCode }) => gridCode),
    upsertMembers(rows, memberships, { withEmail: context.table.position.has('email'), withOffDuty: context.table.position.has('off_duty') }),
  );
  return { ...counted, rows: context.table.rows.length };
}

function readMember(context: ImportContext, row: RowReader, told: Map<string, Told>, known: ReadonlyMap<string, readonly string[]>): string {
  const id = row.id('member_id');
  const member = {
    id,
    name: row.name('name'),
    phone: row.phone('phone'),
    email: row.email('email'),
    skills: row.list('skills', SKILLS),
    available: row.flag('available'),
    // Who is on no duty list is on duty: an empty cell, or none, says no.
    offDuty: row.words('off_duty') !== '' && row.flag('off_duty'),
  };
  const said = JSON.stringify(member);
  const first = told.get(id);
  if (first === undefined) {
    told.set(id, { row: row.row, said, member });
    const codes = known.get(id) ?? [];
    // Belonging to several groups, a member may be kept by whoever has one of them in scope.
    if (codes.length > 0 && !codes.some((code) => context.inScope(code))) refuseOutside(context, row, 'member_id', codes[0]!);
  } else if (id !== '' && first.said !== said) {
    row.refuse('member_id', `同一成员与第 ${first.row} 行不一致`, `says something else of the same member than row ${first.row}`);
  }
  return id;
}
