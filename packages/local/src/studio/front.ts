import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Cloud } from '../service.ts';
import { keyOf } from '../services/sagemaker/app.ts';
import { beginSession, findAccess } from './access.ts';
import { forward, forwardUpgrade, type ProxyRoute } from './proxy.ts';

/** What people's browsers see of Studio: the sign-in by a presigned URL, and their Jupyter servers behind it. */
export interface StudioFront {
  /** Is the request for Studio, and not for one of AWS's services? */
  isForStudio(incoming: IncomingMessage): boolean;
  respond(incoming: IncomingMessage, outgoing: ServerResponse): void;
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The reason of such a refusal. The handlers' errors have it. */
export const noServer =
  'since the local cloud has no Jupyter server: start it with --jupyter http://127.0.0.1:8888; at virtual time there is none';

const cookieName = 'studio-session';

/** Where Studio sends those whose URL has expired. */
const signIn = 'https://signin.aws.amazon.com/console';

const studioPaths = /^\/(auth|jupyter\/default|jupyterlab\/default)(?=[/?]|$)/;

/** Where the cloud has no Jupyter server to lead to, Studio refuses every caller, and says why. */
export function studioFront(cloud: Cloud): StudioFront {
  const { jupyter } = cloud;

  /** The route to the server of a running app, or the status that says why there is none. */
  function routeOf({ url = '', headers }: IncomingMessage): ProxyRoute | number {
    const found = findAccess(cloud, cookieIn(headers.cookie));
    if (!found) return 403;
    const [, place] = studioPaths.exec(url) ?? [];
    const AppType = place === 'jupyterlab/default' ? 'JupyterLab' : 'JupyterServer';
    const { access, scope } = found;
    const key = keyOf({ ...access.app, AppType, AppName: 'default' });
    const app = cloud.store.table<{ shown: { Status?: string } }>('sagemaker', scope, 'app').get(key);
    // It has no server yet, or no longer.
    if (app?.shown.Status !== 'InService') return 503;
    return { prefix: `/${place}`, server: new URL(jupyter!) };
  }

  function begin({ url = '' }: IncomingMessage, outgoing: ServerResponse): void {
    const token = new URL(url, cloud.endpoint).searchParams.get('token') ?? '';
    const found = findAccess(cloud, token);
    if (!found) {
      outgoing.writeHead(302, { location: signIn }).end();
      return;
    }
    const id = beginSession(cloud, found.scope, found.access);
    outgoing
      .writeHead(302, {
        location: found.access.isLab ? '/jupyterlab/default/' : '/jupyter/default/',
        'set-cookie': `${cookieName}=${id}; Path=/; HttpOnly; SameSite=Lax`,
      })
      .end();
  }

  return {
    isForStudio({ url = '', headers }) {
      // A request for a service is signed, in its head or in its query.
      return studioPaths.test(url) && headers.authorization === undefined && !/[?&]x-amz-/i.test(url);
    },
    respond(incoming, outgoing) {
      if (jupyter === undefined) {
        outgoing.writeHead(403, noServer, { 'content-type': 'text/plain' }).end(`${noServer}.\n`);
        return;
      }
      if (studioPaths.exec(incoming.url ?? '')?.[1] === 'auth') return begin(incoming, outgoing);
      const route = routeOf(incoming);
      if (typeof route === 'number') outgoing.writeHead(route).end();
      else forward(incoming, outgoing, route);
    },
    upgrade(incoming, socket, head) {
      const route = jupyter === undefined ? 403 : routeOf(incoming);
      if (typeof route === 'number') socket.end(`HTTP/1.1 ${route} Refused\r\nConnection: close\r\n\r\n`);
      else forwardUpgrade(incoming, { socket, head }, route);
    },
  };
}

function cookieIn(header = ''): string {
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1) ?? '';
}
