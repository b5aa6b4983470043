// The MQTT side, described for other people's programs.
import type { App } from '@laba/runtime/http';
import { asyncApiDocument } from './asyncapi.ts';

export function asyncApiRoute(app: App): void {
  app.get('/api/v1/asyncapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () => asyncApiDocument());
}
