// Each kind of list: what is kept of it, and what makes two of its rows the same.
import type { ListKind } from '@laba/domain/import-view';
import type { Likeness } from './import-compare.ts';
import {
  keptDivisions,
  keptGroups,
  keptHazardPoints,
  keptHouseholds,
  keptLadders,
  keptMembers,
  keptMusterPoints,
  keptNeighbours,
  keptPersons,
  keptPlaces,
  keptSites,
  type Keeper,
  type KeptRow,
  type ListRow,
} from './import-kept-store.ts';

interface List extends Likeness {
  kept: (keeper: Keeper) => Promise<KeptRow[]>;
}

const by =
  (...columns: string[]) =>
  (row: ListRow) =>
    columns.map((column) => row[column] ?? '').join(' ');

const own = (ownId: string, compared: readonly string[], kept: List['kept']): List => ({ idOf: by(ownId), ownId, compared, kept });

/** A row is its speaker's, and where it has none its room's; no id begins with a space. */
const siteId = ({ site_id = '', speaker_id = '' }: ListRow) => (speaker_id === '' ? site_id : ` ${speaker_id}`);
const roomOf = (row: ListRow): ListRow => ({ ...row, speaker_id: '', speaker_name: '' });
const pairId = ({ grid_code = '', neighbour_code = '' }: ListRow) => [grid_code, neighbour_code].toSorted().join(' ');

export const LISTS_KEPT: Record<ListKind, List> = {
  divisions: { idOf: by('code'), compared: ['name'], kept: keptDivisions },
  groups: { idOf: by('code'), compared: ['name', 'party_branch', 'languages'], kept: keptGroups },
  sites: {
    idOf: siteId,
    ownId: 'site_id',
    compared: ['site_id', 'name', 'grid_code', 'placed_by', 'speaker_name'],
    alsoKnown: roomOf,
    kept: keptSites,
  },
  members: {
    idOf: by('member_id', 'grid_code'),
    ownId: 'member_id',
    compared: ['name', 'phone', 'skills', 'available', 'post', 'email', 'off_duty'],
    kept: keptMembers,
  },
  households: own('household_id', ['grid_code', 'doorplate', 'head_name', 'phone', 'needs', 'helper_member_id'], keptHouseholds),
  persons: own('person_id', ['household_id', 'name', 'needs'], keptPersons),
  places: own('place_id', ['grid_code', 'kind', 'name', 'contact_name', 'phone', 'head_count'], keptPlaces),
  'muster-points': own('muster_point_id', ['grid_code', 'name', 'capacity'], keptMusterPoints),
  ladders: { idOf: by('grid_code', 'position'), compared: ['member_id', 'duty'], whole: 'grid_code', kept: keptLadders },
  neighbours: { idOf: pairId, compared: [], kept: keptNeighbours },
  'hazard-points': own('point_id', ['grid_code', 'name', 'hazard', 'patrol_name', 'phone', 'patrol_member_id'], keptHazardPoints),
};
