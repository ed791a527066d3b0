import { subscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSession, type Session } from '@studio-resources/jupyter';
import type { Cloud } from '../../../packages/local/src/service.ts';
import { type JupyterServer, startJupyter } from '../../system/jupyter/jupyter-server.ts';

/** The XSRF tokens in the cookies of Jupyter servers, which the cloud reaches from this process. */
export const proofs = new Set<string>();

subscribe('http.client.response.finish', (message) => {
  const { response } = message as { response: IncomingMessage };
  for (const cookie of response.headers['set-cookie'] ?? []) {
    const [, value] = /^_xsrf=([^;]+)/.exec(cookie) ?? [];
    if (value !== undefined) proofs.add(value);
  }
});

/** How often each file in a home has been added to. */
export type Lines = ReadonlyMap<string, number>;

/**
 * Whether more than a prompt can be seen in a terminal. One in which nothing was asked for yet cannot know that its
 * function was killed.
 */
async function isUsed(session: Session, name: string): Promise<boolean> {
  const socket = await session.connect(`terminals/websocket/${name}`).catch(() => undefined);
  if (!socket) return false;
  let text = '';
  socket.listen(
    (message) => {
      text += JSON.stringify(message);
    },
    () => {},
  );
  await pause(500);
  socket.close();
  return /stty|[0-9a-f]{32} (ready|more|exit)/.test(text);
}

/** The real Jupyter server of one run, which is that of every app in its cloud. */
export class WireJupyter {
  /** What was in the home when an answer was put to a response URL, by its key. */
  readonly answered = new Map<string, Lines>();
  readonly #server: JupyterServer;

  private constructor(server: JupyterServer) {
    this.#server = server;
  }

  static async start(): Promise<WireJupyter> {
    return new WireJupyter(await startJupyter());
  }

  get url(): string {
    return this.#server.url;
  }

  /** Looks into the home with every answer that the cloud takes. */
  watch({ events }: Cloud): void {
    events.on('exchange', ({ service, operation, request, status }) => {
      if (service !== 's3' || operation !== 'PutObject' || status !== 200) return;
      const { Key } = request as { Key: string };
      if (!this.answered.has(Key)) this.answered.set(Key, this.lines());
    });
  }

  lines(): Lines {
    const { home } = this.#server;
    const files = readdirSync(home).filter((name) => statSync(join(home, name)).isFile());
    return new Map(files.map((name) => [name, readFileSync(join(home, name), 'utf8').split('\n').length - 1]));
  }

  /** The names of the open terminals that have received input. */
  async terminals(): Promise<string[]> {
    const session = await openSession(this.url, 'jupyter/default');
    const { body } = await session.call('GET', 'api/terminals');
    const open: string[] = [];
    for (const { name } of body as { name: string }[]) if (await isUsed(session, name)) open.push(name);
    return open;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}
