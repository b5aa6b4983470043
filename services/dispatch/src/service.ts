// Chapter 3, dispatch: fan-out and proof, and the county side of the speakers.
import type { Channel } from '@laba/runtime/channel';
import type { Deps, Service } from '@laba/runtime/service';
import { announceEnd } from './announce-end.ts';
import { announceQuiet } from './announce-quiet.ts';
import { announce } from './announce.ts';
import { bulletinRoutes } from './bulletin-routes.ts';
import { manual } from './channels/manual.ts';
import { byHandRoutes } from './by-hand-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { HighestSeqs, NewerBooks, Twins, type DispatchDeps } from './dispatch-deps.ts';
import { forgetJoiner } from './forget-joiner.ts';
import { freezeAudience } from './freeze-audience.ts';
import { GatewayMessages } from './gateway-messages.ts';
import { planBulletin } from './plan-bulletin.ts';
import { retryUnreported } from './retry-unreported.ts';
import { pushRoutes } from './push-routes.ts';
import { robotRoutes } from './robot-routes.ts';
import { dispatchRoutes } from './routes.ts';
import { HouseHearing } from './hear-houses.ts';
import { sendBulletin, stopBulletin } from './send-bulletin.ts';
import { MessageSender } from './send-messages.ts';
import { signAgain } from './sign-again.ts';
import { Signer } from './signing-key-store.ts';
import { BrokerWatch } from './watch-broker.ts';
import { PowerWatch } from './watch-power.ts';
import { RestoredWatch } from './watch-restored.ts';
import { SilenceWatch } from './watch-silence.ts';

/** `channels`: the ways to people; what none of them carries fails, visibly. */
export function dispatchService(given: Deps, { channels: providers = [] }: { channels?: readonly Channel[] } = {}): Service {
  const channels = [...providers, manual];
  const heard = { seqs: new HighestSeqs(given), newerBooks: new NewerBooks(given.clock), twins: new Twins(given.clock) };
  const deps: DispatchDeps = { ...given, ...heard, signer: new Signer(given) };
  const messages = new GatewayMessages(deps);
  const silence = new SilenceWatch(deps);
  const power = new PowerWatch(deps);
  const restored = new RestoredWatch(deps);
  const houses = new HouseHearing(deps);
  const sender = new MessageSender(deps, channels);
  const broker = new BrokerWatch(deps, () => silence.heardAgain());
  return {
    name: 'dispatch',
    consumers: {
      'dispatch.freeze-audience': (job) => freezeAudience(deps, job),
      'dispatch.announce': (job) => announce(deps, job),
      'dispatch.announce-quiet': (job) => announceQuiet(deps, job),
      'dispatch.announce-end': (job) => announceEnd(deps, job),
      'dispatch.retry-unreported': (job) => retryUnreported(deps, job),
      'dispatch.forget-joiner': (job) => forgetJoiner(deps, job),
      'dispatch.sign-again': (job) => signAgain(deps, job),
      'dispatch.plan-bulletin': (job) => planBulletin(deps, job),
      'dispatch.send-bulletin': (job) => sendBulletin(deps, job),
      'dispatch.stop-bulletin': (job) => stopBulletin(deps, job),
    },
    routes: (app) => {
      dispatchRoutes(app, deps);
      channelRoutes(app, deps, channels);
      robotRoutes(app, deps, channels);
      pushRoutes(app, deps, channels);
      byHandRoutes(app, deps);
      bulletinRoutes(app, deps);
    },
    heard: (rows) => houses.hear(rows),
    async start() {
      broker.start();
      await silence.start();
      await power.start();
      await restored.start();
      await messages.start();
      await houses.start();
      await sender.start();
    },
    async stop() {
      await sender.stop();
      houses.stop();
      silence.stop();
      power.stop();
      restored.stop();
      await messages.stop();
      await broker.stop();
    },
    degraded: () => [
      ...broker.degraded(),
      ...(silence.silent > 0 ? [`sites: ${silence.silent} gateways silent`] : []),
      ...power.degraded(),
      ...(silence.silentHouses > 0 ? [`houses: ${silence.silentHouses} silent`] : []),
      ...messages.degraded(),
      ...deps.newerBooks.degraded(),
      ...deps.twins.degraded(),
      ...restored.degraded(),
      ...sender.degraded(),
    ],
  };
}
