// WeCom and DingTalk: the robot of a village's chat group. Both say in the body whether they took it, whatever the HTTP status.
import { createHmac } from 'node:crypto';
import type { SendOutcome } from '@laba/domain/message';
import type { Channel } from '@laba/runtime/channel';
import type { Clock } from '@laba/runtime/clock';
import { askHttp, BUSY, REFUSED } from './ask-http.ts';
import { textAt } from './field-path.ts';
import type { RobotSettings } from './provider-settings.ts';
import { wordsWithLink } from './words-with-link.ts';

type RobotChannel = 'wecom' | 'dingtalk';

/** Each chat's own host, and its words for "too many": developer.work.weixin.qq.com/document/path/90313, open.dingtalk.com. */
export const ROBOTS: Record<RobotChannel, { host: string; busy: readonly string[] }> = {
  wecom: { host: 'qyapi.weixin.qq.com', busy: ['45009', '45033', '-1'] },
  dingtalk: { host: 'oapi.dingtalk.com', busy: ['130101', '130103', '-1'] },
};

/** Whether a robot may have this address: the chat's own host by https, or one that the operator listed. */
export function isRobotAddress(channel: RobotChannel, url: string, listed: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, host } = new URL(url);
  if (listed.includes(hostname) || listed.includes(host)) return protocol === 'https:' || protocol === 'http:';
  return protocol === 'https:' && host === ROBOTS[channel].host;
}

export function chatRobots(name: RobotChannel, { hosts, perSecond, timeoutMs }: RobotSettings, clock: Clock): Channel {
  return {
    name,
    perSecond,
    accepts: ({ robot }) => robot !== undefined && isRobotAddress(name, robot.url, hosts),
    async send({ to: { robot }, title, text, link }): Promise<SendOutcome> {
      // Looked at again: the list may have become shorter since the address was set.
      if (robot === undefined || !isRobotAddress(name, robot.url, hosts)) return { outcome: 'failed-for-good', reason: 'address-refused' };
      const body = JSON.stringify({ msgtype: 'text', text: { content: `${title}\n${wordsWithLink({ text, link })}` } });
      const url = name === 'dingtalk' && robot.secret !== undefined ? signed(robot.url, robot.secret, clock.now()) : robot.url;
      const answered = await askHttp(clock, { url, method: 'POST', headers: { 'content-type': 'application/json' }, body }, timeoutMs);
      if ('outcome' in answered) return answered;
      const code = textAt(answered.answer, 'errcode');
      if (code === '0') return { outcome: 'sent' };
      return ROBOTS[name].busy.includes(code ?? '') ? { ...BUSY, afterMs: 60_000 } : REFUSED;
    },
  };
}

/** As DingTalk asks for it: the time in ms and, by HMAC-SHA256 with the secret, the time and the secret. */
function signed(url: string, secret: string, nowMs: number): string {
  const timestamp = String(nowMs);
  const signature = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  const whole = new URL(url);
  whole.searchParams.set('timestamp', timestamp);
  whole.searchParams.set('sign', signature);
  return whole.toString();
}
