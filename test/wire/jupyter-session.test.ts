import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openSession, openTerminal, RefusedError, UnavailableError } from '@studio-resources/jupyter';

let server: Server;
let origin: string;
let answer: (path: string, response: ServerResponse, request: IncomingMessage) => void;

beforeAll(async () => {
  server = createServer((request, response) => answer(request.url ?? '', response, request));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const redirect = (location: string, cookie?: string) => (_: string, response: ServerResponse) =>
  void response.writeHead(302, { location, ...(cookie && { 'set-cookie': cookie }) }).end();
const status = (code: number) => (_: string, response: ServerResponse) => void response.writeHead(code).end();

const open = (path = '/auth?token=secret') => openSession(`${origin}${path}`, 'jupyter/default');

/** The error of a call, which has no secret in it. */
async function errorOf(call: Promise<unknown>): Promise<Error> {
  const error = await call.then(
    () => {
      throw new Error('It was expected to fail');
    },
    (reason: Error) => reason,
  );
  expect(JSON.stringify([error.message, error.cause])).not.toContain('secret');
  return error;
}

test('the sign-in follows redirects with the cookies of each origin', async () => {
  const asked: [string, string | undefined][] = [];
  answer = (path, response, request) => {
    asked.push([path, request.headers.cookie]);
    if (path.startsWith('/auth')) redirect('/jupyter/default/', 'session=one; Path=/')(path, response);
    else if (path === '/jupyter/default/') redirect('/jupyter/default/lab', '_xsrf=two')(path, response);
    else response.end('{"started": "now"}');
  };
  const session = await open();
  expect(session.url).toBe(`${origin}/jupyter/default/`);
  expect(asked).toEqual([
    ['/auth?token=secret', undefined],
    ['/jupyter/default/', 'session=one'],
    ['/jupyter/default/lab', 'session=one; _xsrf=two'],
  ]);
  expect(await session.isReady()).toBe(true);
});

test('a URL that redirects out of Studio has expired, and nothing is sent there', async () => {
  answer = redirect('https://signin.aws.amazon.com/console?from=secret');
  const error = await errorOf(open());
  expect(error).toBeInstanceOf(RefusedError);
  expect(error.message).toContain('it redirects to https://signin.aws.amazon.com, so the presigned URL has expired');
});

test('a redirect loop in the sign-in ends', async () => {
  answer = redirect('/auth?token=secret');
  expect((await errorOf(open())).message).toContain('it redirects too often');
});

test.each([
  [401, RefusedError],
  [403, RefusedError],
  [404, UnavailableError],
  [503, UnavailableError],
])('the status %d of the sign-in has its own error', async (code, kind) => {
  answer = status(code);
  const error = await errorOf(open());
  expect(error).toBeInstanceOf(kind);
  expect(error.message).toContain(`it answers ${code}`);
});

test('a server that cannot be reached is a transient error', async () => {
  const error = await errorOf(openSession('http://127.0.0.1:1/auth?token=secret', 'jupyter/default'));
  expect(error).toBeInstanceOf(UnavailableError);
});

test('a page that says that the server is starting does not count as started', async () => {
  answer = (_, response) => response.end('<html>Loading…</html>');
  const session = await open();
  expect(await session.isReady()).toBe(false);
  answer = status(503);
  expect(await session.isReady()).toBe(false);
  answer = status(403);
  expect(await errorOf(session.isReady())).toBeInstanceOf(RefusedError);
});

test('a server without terminals is an error, and a failed WebSocket leaves no terminal open', async () => {
  answer = (_, response) => response.end('{}');
  const session = await open();
  answer = status(404);
  expect((await errorOf(openTerminal(session))).message).toContain('the server has no terminals; enable them');
  const asked: string[] = [];
  answer = (path, response, { method }) => {
    asked.push(`${method} ${path}`);
    response.end('{"name": "1"}');
  };
  expect((await errorOf(openTerminal(session))).message).toContain('it opens no WebSocket');
  expect(asked).toContain('DELETE /jupyter/default/api/terminals/1');
});
