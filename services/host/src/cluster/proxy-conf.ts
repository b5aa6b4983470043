// The one origin before many processes: which service answers which path, as nginx wants to read it.
import type { ServiceName } from '@laba/runtime/config';

/** A route and the service that answers it; `null`: every process does, as health and styles. */
export interface OwnedRoute {
  method: string;
  /** As fastify writes it: `/api/v1/alerts/:id/raise`. */
  url: string;
  service: ServiceName | null;
}

export interface ProxyPlan {
  /** `127.0.0.1:8080`, or a port alone for every address. */
  listen: string;
  routes: readonly OwnedRoute[];
  /** `host:port` of every copy. */
  upstreams: Readonly<Record<ServiceName, readonly string[]>>;
  /** Where nginx may write; its own defaults when not given. */
  dir?: string;
}

/** What no route names goes where an officer's page comes from. */
const DEFAULT_SERVICE: ServiceName = 'console';
const WRITES_TO = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** A whole nginx.conf. */
export function proxyConf({ listen, routes, upstreams, dir }: ProxyPlan): string {
  return `# Made from the routes of the house: \`node infra/toolchain/write-proxy.mjs\`. One origin; a copy that dies is passed over.
worker_processes auto;
worker_rlimit_nofile 65536;
error_log stderr warn;
${dir === undefined ? '' : `pid ${dir}/nginx.pid;\ndaemon off;\n`}
events {
  worker_connections 16384;
}

http {
${dir === undefined ? '' : WRITES_TO.map((name) => `  ${name}_temp_path ${dir}/${name};\n`).join('')}  access_log off;
  server_tokens off;
  # Import files; the house has its own, smaller limit for everything else.
  client_max_body_size 33m;
  proxy_http_version 1.1;
  proxy_connect_timeout 2s;
  # Longer than the heartbeat of an open live page.
  proxy_read_timeout 60s;
  # Only what was not sent yet is sent to another copy: an order is never given twice by the proxy.
  proxy_next_upstream error timeout;

${Object.entries(upstreams)
  .map(([service, copies]) => upstream(service, copies))
  .join('\n')}
  map "$request_method $uri" $laba_service {
    default ${DEFAULT_SERVICE};
${mapLines(routes)
  .map((line) => `    ${line}\n`)
  .join('')}  }

  server {
    listen ${listen};
    location / {
      proxy_pass http://$laba_service;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      # Live pages are streams.
      proxy_buffering off;
    }
  }
}
`;
}

const upstream = (service: string, copies: readonly string[]) => `  upstream ${service} {
${copies.map((address) => `    server ${address} max_fails=1 fail_timeout=2s;\n`).join('')}    keepalive 32;
  }
`;

/** One line for each route that another service than the default answers; exact paths before patterns, as nginx itself takes them. */
function mapLines(routes: readonly OwnedRoute[]): string[] {
  const owned = routes.filter(({ service, method }) => service !== null && service !== DEFAULT_SERVICE && method !== 'HEAD' && method !== 'OPTIONS');
  return owned.map(({ method, url, service }) => `"~^${method === 'GET' ? '(GET|HEAD)' : method} ${patternOf(url)}$" ${service};`).toSorted();
}

const patternOf = (url: string) =>
  url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll('.', '\\.')))
    .join('/');
