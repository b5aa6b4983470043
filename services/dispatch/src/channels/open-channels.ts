// The county's channels as the operator's file says them; what it does not speak of, the county does not have.
import type { Channel } from '@laba/runtime/channel';
import type { Clock } from '@laba/runtime/clock';
import type { Vault } from '@laba/runtime/vault';
import { chatRobots } from './chat-robots.ts';
import { httpProvider } from './http-provider.ts';
import { readProviders } from './provider-settings.ts';

/** A house loads what speaks with a provider only where it has one: the libraries cost memory. @throws one line that names the file, the field and what it should be */
export async function openChannels(file: string | undefined, { clock, vault }: { clock: Clock; vault: Vault }): Promise<Channel[]> {
  if (file === undefined) return [];
  const { sms, voice, wecom, dingtalk, push, email: mail } = readProviders(file);
  return [
    sms && (sms.kind === 'smpp' ? (await import('./smpp.ts')).smppChannel(sms, clock) : httpProvider('sms', sms, clock)),
    voice && httpProvider('voice', voice, clock),
    wecom && chatRobots('wecom', wecom, clock),
    dingtalk && chatRobots('dingtalk', dingtalk, clock),
    push && (await import('./web-push.ts')).webPush(push, vault, clock),
    mail && (await import('./email.ts')).email(mail),
  ].filter((channel) => channel !== undefined);
}
