// An officer of a story, over the real HTTP API.
import { Client } from '@laba/host/cli/client';
import type { Hazard } from '@laba/domain/report';
import type { Username } from './small-county.ts';
import type { TownClock } from './town-clock.ts';

export const MOVE_NOW = '泥石流来了，立即往两边山坡高处转移，不要回头拿东西。';
export const ALL_CLEAR = '险情已经解除，可以回家，注意安全。';
export const TAKEN_BACK = '刚才的播报有误，现予取消，请大家放心。';

interface Words {
  language: string;
  title: string;
  text: string;
}
const zh = (text: string): Words[] => [{ language: 'zh-CN', title: '通知', text }];

export interface Draft {
  at: readonly string[];
  mode?: 'live' | 'drill' | 'test';
  order?: 'prepare' | 'move-now';
  level?: 'red' | 'orange' | 'yellow' | 'blue';
  says?: string;
  minutes?: number;
  playTimes?: number;
  reportId?: string;
  intervalSeconds?: number;
}

/** What an officer needs of his town. */
export interface OfficersTown {
  readonly house: { url(): string };
  readonly clock: TownClock;
  /** What the county confirmed, for the promise that it is not lost. */
  readonly acknowledged: { type: string; subjectId: string }[];
}

interface Member {
  id: string;
  memberId: string;
  name: string;
  joined: boolean;
  gridCode: string;
  state: string;
  answer: string | null;
  link: string;
}

export class TownOfficer {
  readonly #town: OfficersTown;
  readonly #username: Username;
  #client: Client;
  #signedInTo = '';

  constructor(town: OfficersTown, username: Username) {
    this.#town = town;
    this.#username = username;
    this.#client = new Client('');
  }

  async signIn(password: string): Promise<void> {
    this.#signedInTo = this.#town.house.url();
    this.#client = new Client(this.#signedInTo);
    await this.#client.signIn(this.#username, password);
  }

  get api(): Client {
    return this.#client;
  }

  async #acts<T extends { id?: string }>(type: string, path: string, body: unknown = {}, subjectId?: string): Promise<T> {
    const answer = await this.#client.post<T>(path, body);
    this.#town.acknowledged.push({ type, subjectId: subjectId ?? answer.id ?? '' });
    await this.#town.clock.settle();
    return answer;
  }

  async writesDown(hazard: Hazard, at: string, text: string): Promise<{ id: string; state: string; mergedInto: string | null }> {
    return this.#acts('report.received', '/api/v1/reports', { gridCode: at, hazard, text, source: 'telephone' });
  }

  async verifies(reportId: string, result: 'true' | 'false' = 'true'): Promise<void> {
    await this.#acts('report.verified', `/api/v1/reports/${reportId}/verify`, { result }, reportId);
  }

  async drafts(draft: Draft): Promise<string> {
    return (await this.#acts<{ id: string }>('alert.drafted', '/api/v1/alerts', this.#body(draft))).id;
  }

  /** The full next revision, through the same policy. */
  async updates(alertId: string, draft: Draft): Promise<void> {
    await this.#acts('alert.updated', `/api/v1/alerts/${alertId}/update`, this.#body(draft), alertId);
  }

  #body(draft: Draft): Record<string, unknown> {
    const order = draft.level === undefined ? (draft.order ?? 'move-now') : undefined;
    return {
      mode: draft.mode ?? 'live',
      areaCodes: draft.at,
      eventCode: '11D00',
      durationMinutes: draft.minutes ?? 120,
      ...(order === undefined ? { kind: 'warning', level: draft.level, issuer: '演示气象台' } : { kind: 'order', order }),
      ...(draft.mode === 'test' ? {} : { texts: zh(draft.says ?? MOVE_NOW), endTexts: zh(ALL_CLEAR), cancelTexts: zh(TAKEN_BACK) }),
      ...(draft.playTimes === undefined ? {} : { playTimes: draft.playTimes }),
      ...(draft.intervalSeconds === undefined ? {} : { intervalSeconds: draft.intervalSeconds }),
      ...(draft.reportId === undefined ? {} : { reportId: draft.reportId }),
    };
  }

  async approves(alertId: string): Promise<void> {
    await this.#acts('alert.approved', `/api/v1/alerts/${alertId}/approve`, { means: 'screen' }, alertId);
  }

  async raises(alertId: string): Promise<void> {
    await this.#acts('alert.raised', `/api/v1/alerts/${alertId}/raise`, {}, alertId);
  }

  /** Drafts and raises in one breath. */
  async orders(draft: Draft): Promise<string> {
    const alertId = await this.drafts(draft);
    await this.raises(alertId);
    return alertId;
  }

  async quietens(alertId: string): Promise<void> {
    await this.#acts('alert.quietened', `/api/v1/alerts/${alertId}/quieten`, {}, alertId);
  }

  async ends(alertId: string, checkedBy = '演示监测员'): Promise<void> {
    await this.#acts('alert.ended', `/api/v1/alerts/${alertId}/end`, { checkedBy }, alertId);
  }

  async cancels(alertId: string): Promise<void> {
    await this.#acts('alert.cancelled', `/api/v1/alerts/${alertId}/cancel`, { reason: '误发' }, alertId);
  }

  async called(alertId: string): Promise<Member[]> {
    return (await this.#client.get<{ calls: Member[] }>(`/api/v1/alerts/${alertId}/calls`)).calls;
  }

  async answers(alertId: string): Promise<Record<string, number>> {
    return (await this.#client.get<{ total: Record<string, number> }>(`/api/v1/alerts/${alertId}/answers`)).total;
  }
}
