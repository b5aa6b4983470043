// Chapter 5, the messages: HTTP for the robots of chat groups. Their addresses are secrets: they go in, and never out.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { tierOf } from '@laba/domain/grid';
import { authorize } from '@laba/runtime/auth';
import type { Channel } from '@laba/runtime/channel';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { removeRobot, setRobot } from './keep-robots.ts';
import { listRobots } from './robot-store.ts';

const tags = ['channels'];
const gridCode = z.string().refine((code) => tierOf(code) !== undefined, 'must be a grid code of 6, 9, 12 or 14 digits');
const channel = z.enum(['wecom', 'dingtalk']);
const done = z.object({ gridCode: z.string(), channel });
const robot = done.extend({ channel: z.string(), gridName: z.string().nullable(), setBy: z.string(), setAt: z.string(), isSigned: z.boolean() });

export function robotRoutes(app: App, deps: Deps, channels: readonly Channel[]): void {
  app.get(
    '/api/v1/robots',
    {
      config: { access: 'site.read' },
      schema: { summary: "The chat robots within the officer's scope, without their addresses", tags, response: { 200: z.object({ robots: z.array(robot) }) } },
    },
    async (request) => ({
      robots: (await listRobots(deps.db, officerOf(request).scopes)).map(({ gridCode: code, channel: name, gridName, setBy, setAtMs, secretCipher }) => ({
        ...{ gridCode: code, channel: name, gridName, setBy },
        setAt: capTime(setAtMs, deps.config.utcOffsetMinutes),
        isSigned: secretCipher !== null,
      })),
    }),
  );

  app.put(
    '/api/v1/robots',
    {
      config: { access: 'robot.manage' },
      schema: {
        summary: "Sets the robot of a grid node's chat group; nodes under it without one of their own use it too",
        tags,
        body: z.object({ gridCode, channel, url: z.string().min(1).max(1_000), secret: z.string().min(1).max(200).optional() }),
        response: { 200: done },
      },
    },
    async (request) => {
      const { gridCode: code, channel: name } = request.body;
      await setRobot(deps, channels, request.body, authorize(officerOf(request), 'robot.manage', [code]), actOf(request));
      return { gridCode: code, channel: name };
    },
  );

  app.delete(
    '/api/v1/robots/:gridCode/:channel',
    {
      config: { access: 'robot.manage' },
      schema: { summary: 'Takes the robot of a grid node away', tags, params: z.object({ gridCode, channel }), response: { 200: done } },
    },
    async (request) => {
      const { gridCode: code, channel: name } = request.params;
      await removeRobot(deps, name, authorize(officerOf(request), 'robot.manage', [code]), actOf(request));
      return request.params;
    },
  );
}
