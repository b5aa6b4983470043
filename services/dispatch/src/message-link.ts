// Chapter 5, the messages: the page behind each of them. Each purpose's links are opened by the room whose purpose it is.
import type { MessagePurpose } from '@laba/domain/message';
import type { Config } from '@laba/runtime/config';
import { personalToken, type LinkKind } from '@laba/runtime/personal-link';
import type { Vault } from '@laba/runtime/vault';
import { webAddressOf } from '@laba/runtime/web-address';
import type { Message } from '@laba/storage/messages';

/** `/{path}/{token}`; the token's id is the message's subject, or what `idIn` its facts names. A purpose without a page of its own has no link. */
const PAGES: Partial<Record<MessagePurpose, { kind: LinkKind; path: string; idIn?: string }>> = {
  call: { kind: 'call', path: 'm' },
  ladder: { kind: 'rung', path: 'l' },
  task: { kind: 'task', path: 'k' },
  section: { kind: 'call', path: 'm', idIn: 'callId' },
  safety: { kind: 'call', path: 'm', idIn: 'callId' },
};

/** `version`: of the member's links for this alert, see `linkVersion`. */
export function messageLink(of: { config: Config; vault: Vault }, { purpose, subjectId, memberId, facts }: Message, version: number): string | undefined {
  const page = PAGES[purpose];
  if (page === undefined || memberId === null) return undefined;
  const id = page.idIn === undefined ? subjectId : facts[page.idIn];
  return typeof id === 'string' ? `${webAddressOf(of.config)}/${page.path}/${personalToken(of.vault, page.kind, id, version)}` : undefined;
}
