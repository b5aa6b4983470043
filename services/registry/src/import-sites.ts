// Import of activity rooms and their speakers: one row per speaker; a room's rows agree with each other.
import { LIMITS } from '@laba/domain/limits';
import { knownCode, onceEach, planOf, readRows, refuseOutside, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { readSites, upsertSites, type SiteRow, type SpeakerRow } from './import-store.ts';
import type { RowReader } from './row-reader.ts';

export const sites: ImportRecipe = { columns: ['site_id', 'name', 'grid_code', 'placed_by', 'speaker_id', 'speaker_name'], plan };

type Known = Awaited<ReturnType<typeof readSites>>;

async function plan(context: ImportContext): Promise<ImportPlan> {
  const known = await readSites(context.db);
  const once = onceEach();
  const rooms = new Map<string, { site: SiteRow; row: RowReader }>();
  const speakers: SpeakerRow[] = [];
  const checkSpeaker = speakerCheck(context, known);
  readRows(context, (row) => {
    const site = { id: row.id('site_id'), name: row.name('name'), gridCode: knownCode(context, row), placedBy: row.text('placed_by') };
    const first = rooms.get(site.id);
    if (first === undefined) {
      checkMove(context, known, row, site);
      rooms.set(site.id, { site, row });
    } else if (first.site.name !== site.name || first.site.gridCode !== site.gridCode || first.site.placedBy !== site.placedBy) {
      row.refuse('site_id', `同一活动室与第 ${first.row.row} 行不一致`, `says something else of the same site than row ${first.row.row}`);
    }
    const id = row.optionalId('speaker_id');
    if (id === null) return;
    once(row, 'speaker_id', id);
    checkSpeaker(row, id, site.id);
    speakers.push({ id, siteId: site.id, gridCode: site.gridCode, name: row.name('speaker_name') });
  });
  const rows = [...rooms.values()].map(({ site }) => site);
  const counted = planOf(
    rows.map(({ id }) => id),
    known.sites,
    rows.map(({ gridCode }) => gridCode),
    upsertSites(rows, speakers),
  );
  return { ...counted, rows: context.table.rows.length };
}

// A gateway listens to the topics of the place where it was enrolled: moving its room under its feet would make it deaf.
function checkMove(context: ImportContext, known: Known, row: RowReader, site: SiteRow): void {
  const before = known.sites.get(site.id);
  if (before === undefined) return;
  refuseOutside(context, row, 'site_id', before);
  if (before !== site.gridCode && known.served.has(site.id))
    row.refuse(
      'grid_code',
      `活动室 ${site.id} 有网关在用，先停用网关再改网格`,
      `site ${site.id} has a gateway: revoke it before the site moves to another grid node`,
    );
}

function speakerCheck(context: ImportContext, known: Known): (row: RowReader, id: string, siteId: string) => void {
  const before = new Map(known.speakers.map((speaker) => [speaker.id, speaker]));
  const inRoom = new Map<string, number>();
  for (const { siteId } of known.speakers) inRoom.set(siteId, (inRoom.get(siteId) ?? 0) + 1);
  return (row, id, siteId) => {
    const speaker = before.get(id);
    if (speaker?.siteId === siteId) return;
    if (speaker !== undefined) {
      refuseOutside(context, row, 'speaker_id', known.sites.get(speaker.siteId) ?? '');
      inRoom.set(speaker.siteId, (inRoom.get(speaker.siteId) ?? 1) - 1);
      if (speaker.gatewayId !== null)
        row.refuse(
          'speaker_id',
          `喇叭 ${id} 由活动室 ${speaker.siteId} 的网关控制，先停用那个网关`,
          `speaker ${id} is played by the gateway of site ${speaker.siteId}: revoke that gateway first`,
        );
    }
    const count = (inRoom.get(siteId) ?? 0) + 1;
    inRoom.set(siteId, count);
    if (count > LIMITS.speakersPerGateway)
      row.refuse('speaker_id', `一个活动室最多 ${LIMITS.speakersPerGateway} 个喇叭`, `a site has at most ${LIMITS.speakersPerGateway} speakers`);
  };
}
