// A trouble of the house is told in words that a duty officer knows.
import { expect, it } from 'vitest';
import { degradedWords } from './degraded-words.ts';

it('tells a trouble of the house in words of its own, in both languages, and what it does not know as it was told', () => {
  expect(degradedWords('sites: 12 gateways silent', 'zh')).toBe('12 个活动室网关失联');
  expect(degradedWords('power: 3 gateways have battery for less than 2 h', 'zh')).toBe('3 个活动室网关的电池不足 2 小时，请送电源');
  expect(degradedWords('power: 4 gateways on battery', 'zh')).toBe('4 个活动室网关停电，正用电池');
  expect(degradedWords('queue: 600 overdue jobs of mobilization, which this process does not play: …', 'zh')).toBe(
    '600 项后台任务逾期：服务 mobilization 可能没有运行',
  );
  expect(degradedWords('queue: Redis at 127.0.0.1:6379 does not answer', 'zh')).not.toContain('127');
  expect(degradedWords('keys: gateways hold key book 5, this house 3, out of a backup: …', 'zh')).toContain('第 5 版');
  expect(degradedWords('below: 533324100201: its last letter was not taken: signature', 'zh')).toBe('533324100201 本地系统的最近一封信没有收下：签名不对');
  expect(degradedWords('gateway: gw-1: two boxes speak as one: switch …', 'zh')).toContain('同一身份（gw-1）');
  expect(degradedWords('above: the prefecture was not heard since 2026-07-01T03:00:00.000Z: nothing …', 'zh')).toContain('本县一切照旧');
  expect(degradedWords('broker: offline', 'zh')).toBe('broker: offline');
  expect(degradedWords('clock: this machine is 2.5 s behind the database’s; set both by NTP', 'en')).toBe(
    'this machine’s clock is 2.5 s behind: set it by NTP',
  );
});
