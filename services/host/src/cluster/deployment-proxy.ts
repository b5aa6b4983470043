// The proxy's file for containers and for several machines: every copy by its name in docker-compose.yml.
import { proxyConf, type OwnedRoute } from './proxy-conf.ts';
import { TOPOLOGY, upstreamsOf } from './topology.ts';

const PORT = 8080;

/** A whole nginx.conf, kept as infra/proxy/nginx.conf. */
export function deploymentProxyConf(routes: readonly OwnedRoute[]): string {
  return proxyConf({ listen: String(PORT), routes, upstreams: upstreamsOf(TOPOLOGY, (name) => `${name}:${PORT}`) });
}
