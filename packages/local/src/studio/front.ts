import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Cloud } from '../service.ts';
import { keyOf } from '../services/sagemaker/app.ts';
import { beginSession, findAdmission } from './admissions.ts';
import { forward, forwardUpgrade, type Way } from './proxy.ts';

/** What people's browsers see of Studio: the sign-in by a presigned URL, and their Jupyter servers behind it. */
export interface StudioFront {
  /** Is the request for Studio, and not for one of AWS's services? */
  takes(incoming: IncomingMessage): boolean;
  answer(incoming: IncomingMessage, outgoing: ServerResponse): void;
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const cookieName = 'studio-session';

/** Where Studio sends those whose URL has expired. */
const signIn = 'https://signin.aws.amazon.com/console';

const places = /^\/(auth|jupyter\/default|jupyterlab\/default)(?=[/?]|$)/;

/** Undefined where the cloud has no Jupyter server to lead to: there Studio is on no network. */
export function studioFront(cloud: Cloud): StudioFront | undefined {
  const { jupyter } = cloud;
  if (jupyter === undefined) return undefined;

  /** The way to the server of a running app, or the status that says why there is none. */
  function wayOf({ url = '', headers }: IncomingMessage): Way | number {
    const found = findAdmission(cloud, cookieIn(headers.cookie));
    if (!found) return 403;
    const [, place] = places.exec(url) ?? [];
    const AppType = place === 'jupyterlab/default' ? 'JupyterLab' : 'JupyterServer';
    const { admission, scope } = found;
    const key = keyOf({ ...admission.app, AppType, AppName: 'default' });
    const app = cloud.store.table<{ shown: { Status?: string } }>('sagemaker', scope, 'app').get(key);
    // It has no server yet, or no longer.
    if (app?.shown.Status !== 'InService') return 503;
    return { prefix: `/${place}`, server: new URL(jupyter!) };
  }

  function begin({ url = '' }: IncomingMessage, outgoing: ServerResponse): void {
    const token = new URL(url, cloud.endpoint).searchParams.get('token') ?? '';
    const found = findAdmission(cloud, token);
    if (!found) {
      outgoing.writeHead(302, { location: signIn }).end();
      return;
    }
    const id = beginSession(cloud, found.scope, found.admission);
    outgoing
      .writeHead(302, {
        location: found.admission.isLab ? '/jupyterlab/default/' : '/jupyter/default/',
        'set-cookie': `${cookieName}=${id}; Path=/; HttpOnly`,
      })
      .end();
  }

  return {
    takes({ url = '', headers }) {
      // A request for a service is signed, in its head or in its query.
      return places.test(url) && headers.authorization === undefined && !/[?&]x-amz-/i.test(url);
    },
    answer(incoming, outgoing) {
      if (places.exec(incoming.url ?? '')?.[1] === 'auth') return begin(incoming, outgoing);
      const way = wayOf(incoming);
      if (typeof way === 'number') outgoing.writeHead(way).end();
      else forward(incoming, outgoing, way);
    },
    upgrade(incoming, socket, head) {
      const way = wayOf(incoming);
      if (typeof way === 'number') socket.end(`HTTP/1.1 ${way} Refused\r\nConnection: close\r\n\r\n`);
      else forwardUpgrade(incoming, { socket, head }, way);
    },
  };
}

function cookieIn(header = ''): string {
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1) ?? '';
}
