// What officers say in the failure suite: short, so that a night of faults fits into seconds.
import { DASUO } from './small-county.ts';
import type { PersistentOfficer } from './persistent-officer.ts';

export interface Order {
  at?: readonly string[];
  mode?: 'live' | 'drill';
  order?: 'move-now' | 'prepare';
  words?: string;
  playTimes?: number;
  siren?: boolean;
  title?: string;
  minutes?: number;
}

let serial = 0;

const zh = (text: string, title = '通知') => [{ language: 'zh-CN', title, text }];

/** A title that no other alert has: by it an alert is found again whose draft was made and never answered. */
export function freshTitle(): string {
  serial += 1;
  return `通知 ${process.pid}-${serial}`;
}

/** Finds the alert with this title among the newest; the house writes before it that a drill is one. */
export async function findByTitle(officer: PersistentOfficer, title: string): Promise<string | undefined> {
  const { alerts } = await officer.get<{ alerts: { id: string; title: string }[] }>('/api/v1/alerts');
  return alerts.find((alert) => alert.title.endsWith(title))?.id;
}

/** The body of a draft or an update: sounds again and again, a second apart, until it is over. */
export function orderBody(order: Order = {}): Record<string, unknown> {
  const mode = order.mode ?? 'live';
  const words = order.words ?? '快走';
  return {
    mode,
    kind: 'order',
    order: order.order ?? 'move-now',
    eventCode: '11D00',
    areaCodes: order.at ?? [DASUO],
    durationMinutes: order.minutes ?? 120,
    intervalSeconds: 1,
    siren: order.siren ?? false,
    ...(order.playTimes === undefined ? {} : { playTimes: order.playTimes }),
    texts: zh(mode === 'drill' ? `演练。${words}` : words, order.title),
    endTexts: zh(mode === 'drill' ? '演练。完' : '完'),
    cancelTexts: zh(mode === 'drill' ? '演练。撤' : '撤'),
  };
}

/** Drafts and raises; each is said until it is answered. @returns the alert's id. @throws when the county says no */
export async function raiseOrder(officer: PersistentOfficer, order: Order = {}): Promise<string> {
  const live = order.mode !== 'drill';
  const title = order.title ?? freshTitle();
  const drafted = await officer.insists<{ id: string; detail?: string }>({
    type: 'alert.drafted',
    path: '/api/v1/alerts',
    body: orderBody({ ...order, title }),
    live,
    find: () => findByTitle(officer, title),
  });
  if (drafted.status >= 300) throw new Error(`The draft was refused: ${drafted.status} ${drafted.body.detail}`);
  const { id } = drafted.body;
  const raised = await officer.insists<{ detail?: string }>({ type: 'alert.raised', path: `/api/v1/alerts/${id}/raise`, subjectId: id, live });
  if (raised.status !== 200) throw new Error(`The raise was refused: ${raised.status} ${raised.body.detail}`);
  return id;
}

export type Over = 'end' | 'cancel';
const OVER = {
  end: { type: 'alert.ended', body: { checkedBy: '演示监测员' } },
  cancel: { type: 'alert.cancelled', body: { reason: '误发' } },
} as const;

/** Ends or cancels, said until it is answered. @throws when the county says no */
export async function callOff(officer: PersistentOfficer, alertId: string, how: Over = 'end'): Promise<void> {
  const answer = await officer.insists<{ detail?: string }>({ ...OVER[how], path: `/api/v1/alerts/${alertId}/${how}`, subjectId: alertId, live: true });
  if (answer.status !== 200) throw new Error(`${how} was refused: ${answer.status} ${answer.body.detail}`);
}

/** Writes a telephone report down. @returns its id */
export async function reportHazard(officer: PersistentOfficer, text: string): Promise<string> {
  const find = async () => {
    const { reports } = await officer.get<{ reports: { id: string; text: string }[] }>('/api/v1/reports');
    return reports.find((report) => report.text === text)?.id;
  };
  const body = { gridCode: DASUO, hazard: 'debris-flow', text, source: 'telephone' };
  const answer = await officer.insists<{ id: string; detail?: string }>({ type: 'report.received', path: '/api/v1/reports', body, find });
  if (answer.status >= 300) throw new Error(`The report was refused: ${answer.status} ${answer.body.detail}`);
  return answer.body.id;
}
