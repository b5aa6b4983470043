// Peacetime: what a plan is about, in the words of the county's lists.
import { eq, inArray } from 'drizzle-orm';
import type { Hazard } from '@laba/domain/report';
import type { Database } from '@laba/storage/database';
import type { Plan } from './plan-store.ts';

export interface Subject {
  name: string;
  hazard: Hazard | null;
  walker: string | null;
  /** Of whoever goes there. */
  phoneCipher: string | null;
  walkerMemberId: string | null;
}

type Named = Subject & { id: string };

function pointsOf(db: Database, ids: readonly string[]): Promise<Named[]> {
  return db
    .read((q, { hazardPoint: p, member: m }) =>
      q
        .select({ point: p, member: m })
        .from(p)
        .leftJoin(m, eq(m.id, p.patrolMemberId))
        .where(inArray(p.id, [...ids])),
    )
    .then((rows) =>
      rows.map(({ point, member }) => ({
        ...{ id: point.id, name: point.name, hazard: point.hazard, walkerMemberId: member?.id ?? null },
        walker: member?.name ?? (point.patrolName === '' ? null : point.patrolName),
        phoneCipher: point.phoneCipher ?? member?.phoneCipher ?? null,
      })),
    );
}

// A household is named by its door where it has one: who lives there is for whoever has to know.
function householdsOf(db: Database, ids: readonly string[]): Promise<Named[]> {
  return db
    .read((q, { household: h, member: m }) =>
      q
        .select({ household: h, member: m })
        .from(h)
        .leftJoin(m, eq(m.id, h.helperMemberId))
        .where(inArray(h.id, [...ids])),
    )
    .then((rows) =>
      rows.map(({ household, member }) => ({
        ...{ id: household.id, name: household.doorplate === '' ? household.id : household.doorplate, hazard: null },
        ...{ walker: member?.name ?? null, walkerMemberId: member?.id ?? null, phoneCipher: member?.phoneCipher ?? null },
      })),
    );
}

const NOBODY = { hazard: null, walker: null, phoneCipher: null, walkerMemberId: null } as const;

function roomsOf(db: Database, ids: readonly string[]): Promise<Named[]> {
  return db
    .read((q, { site: s }) =>
      q
        .select({ id: s.id, name: s.name })
        .from(s)
        .where(inArray(s.id, [...ids])),
    )
    .then((rows) => rows.map((row) => ({ ...row, ...NOBODY })));
}

const READ = { patrol: pointsOf, visit: householdsOf, room: roomsOf } as const;

/** By plan; what is gone from the lists since is called by its id. */
export async function subjectsOf(db: Database, plans: readonly Plan[]): Promise<Map<string, Subject>> {
  const kinds = [...Map.groupBy(plans, ({ kind }) => kind)];
  const read = await Promise.all(
    kinds.map(async ([kind, of]) => {
      const named = await READ[kind](
        db,
        of.map(({ subjectId }) => subjectId),
      );
      const byId = new Map(named.map((one) => [one.id, one]));
      return of.map(({ id, subjectId }): [string, Subject] => [id, byId.get(subjectId) ?? { name: subjectId, ...NOBODY }]);
    }),
  );
  return new Map(read.flat());
}
