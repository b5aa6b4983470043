// The words of a signed play, as the county would write them: an order to move now, for an hour.
import type { PlayCommand } from '@laba/domain/gateway-protocol';

/** For one grid node, from `fromMs` on; `change` says what is different. */
export function playOrder(code: string, fromMs: number, change: Partial<PlayCommand> = {}): PlayCommand {
  const iso = (afterMs: number) => new Date(fromMs + afterMs).toISOString();
  return {
    action: 'play',
    purpose: 'alert',
    kind: 'order',
    level: null,
    order: 'move-now',
    eventCode: '11D00',
    texts: [{ language: 'zh-CN', title: '转移', text: '立即转移。' }],
    siren: true,
    playTimes: 0,
    intervalSeconds: 60,
    volume: 80,
    startTime: iso(0),
    endTime: iso(3_600_000),
    notAfter: iso(3_600_000),
    quietHours: null,
    stopReason: null,
    areaCode: [code],
    ...change,
  };
}
