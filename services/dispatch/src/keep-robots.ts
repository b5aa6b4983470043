// Chapter 5, the messages: an officer names the robot of a grid node's chat group, or takes it away.
import { LabaError } from '@laba/domain/errors';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Channel } from '@laba/runtime/channel';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { deleteRobot, hasNode, writeRobot } from './robot-store.ts';

export type RobotChannel = 'wecom' | 'dingtalk';

export interface NewRobot {
  gridCode: string;
  channel: RobotChannel;
  url: string;
  /** What its messages are signed with (DingTalk). */
  secret?: string | undefined;
}

/** @throws `unknown-code`; `bad-input` when the county does not use this chat, or when the address is none of the chat's and none that the operator listed */
export async function setRobot(
  deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>,
  channels: readonly Channel[],
  robot: NewRobot,
  permit: Permit<'robot.manage'>,
  act: Act,
): Promise<void> {
  const { db, clock, ids, vault } = deps;
  const { gridCode, channel: name, url, secret } = robot;
  const channel = channels.find((one) => one.name === name);
  if (channel === undefined) throw new LabaError('bad-input', `channel: the county has no ${name}; name it in LABA_CHANNELS first.`, { field: 'channel' });
  if (channel.accepts?.({ robot: { url } }) === false)
    throw new LabaError('bad-input', "url: only the chat's own address over https, or a host that the operator listed.", { field: 'url' });
  if (!(await hasNode(db, gridCode))) throw new LabaError('unknown-code');
  const nowMs = clock.now();
  const row = { gridCode, channel: name, urlCipher: vault.encrypt(url), secretCipher: secret === undefined ? null : vault.encrypt(secret) };
  await db.atomically([
    ...act.once,
    writeRobot({ ...row, setBy: permit.officer.id, setAtMs: nowMs }),
    ...record(ids, { ...eventOf(act, gridCode, nowMs), type: 'robot.set', data: { channel: name } }),
  ]);
}

/** @throws `not-found` */
export async function removeRobot(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, channel: RobotChannel, permit: Permit<'robot.manage'>, act: Act): Promise<void> {
  const { db, clock, ids } = deps;
  const gridCode = permit.codes[0]!;
  await db.atomically([
    ...act.once,
    deleteRobot(gridCode, channel),
    ...record(ids, { ...eventOf(act, gridCode, clock.now()), type: 'robot.removed', data: { channel } }),
  ]);
}

const eventOf = ({ who, via }: Act, gridCode: string, atMs: number) => ({ atMs, who, via, gridCode, subjectId: gridCode });
