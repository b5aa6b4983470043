// The demo county's hazard points: invented, one in each group that has a monitor, and two at Dasuo.
import { csvLines } from './csv-lines.ts';
import type { Group } from './demo-grid.ts';
import { demoPhone } from './demo-people.ts';

const KINDS = [
  ['debris-flow', '泥石流沟'],
  ['landslide', '滑坡体'],
  ['rockfall', '危岩'],
] as const;
const PHONES_FROM = 9_501;

/** `members`: who is the monitor of a group patrols there. */
export function hazardPointsCsv(groups: readonly Group[], dasuo: Group, members: readonly { memberId: string; gridCode: string; post: string }[]): string {
  const monitors = new Map(members.filter(({ post }) => post === 'hazard-monitor').map(({ gridCode, memberId }) => [gridCode, memberId]));
  const watched = [dasuo, ...groups.filter(({ code }) => code === dasuo.code || monitors.has(code))];
  return csvLines(
    ['point_id', 'grid_code', 'name', 'hazard', 'patrol_name', 'phone', 'patrol_member_id'],
    watched.map((group, i) => {
      const [hazard, words] = KINDS[i % KINDS.length]!;
      const number = String(i + 1).padStart(3, '0');
      const memberId = monitors.get(group.code);
      return {
        ...{ point_id: `point-${number}`, grid_code: group.code, name: `演示${group.label}${words}${number}`, hazard, patrol_member_id: memberId ?? '' },
        ...(memberId === undefined ? { patrol_name: `演示监测员${number}`, phone: demoPhone(PHONES_FROM + i) } : { patrol_name: '', phone: '' }),
      };
    }),
  );
}
