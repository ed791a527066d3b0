import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { type Attack, flood, frame, HostileJupyter, type Outcome, token } from './hostile-jupyter.ts';
import { volumes } from './volumes.ts';

/** A process that has done nothing but a few visits has about 80 MB. */
const mostMegabytes = 160;

let jupyter: HostileJupyter;

beforeAll(async () => {
  jupyter = await HostileJupyter.start();
});
afterAll(() => jupyter?.stop());

/** What an attack has to end in: an error, in a process that lives on and has not grown. */
function expectError(outcome: Outcome, message: RegExp | string = /./): void {
  expect(outcome).toMatchObject({ name: expect.any(String), message: expect.stringMatching(message) });
  expect(outcome.exit).toBeUndefined();
  expect(outcome.megabytes).toBeLessThan(mostMegabytes);
  expect(outcome.shown).not.toContain(token.slice(0, 12));
}

const stdout = (text: string) => frame(1, JSON.stringify(['stdout', text]));
const block = 'a'.repeat(60_000);
/** The header of a gzip, and a part of its content, which may follow itself: 4 MB of zeros in 4 KB. */
const gzipStart = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
const gzipZeros = deflateRawSync(Buffer.alloc(4 * 1024 * 1024), { finishFlush: constants.Z_FULL_FLUSH });
const isSignIn = (url: string | undefined) => url?.startsWith('/auth') ?? false;

const sockets: Record<string, NonNullable<Attack['socket']>> = {
  'a message that is not JSON': (socket) => void socket.write(frame(1, '["stdout", ')),
  'a message that is null': (socket) => void socket.write(frame(1, 'null')),
  'a message that is an object': (socket) => void socket.write(frame(1, '{"stdout": "text"}')),
  'output that is no text': (socket) => void socket.write(frame(1, '["stdout", {"toString": 1}]')),
  'a binary message': (socket) => void socket.write(frame(2, Buffer.alloc(100, 0xff))),
  'a message that is not UTF-8': (socket) => void socket.write(frame(1, Buffer.from([0xc3, 0x28]))),
  'a message of two gigabytes': (socket) => {
    const head = Buffer.from([0x81, 127, 0, 0, 0, 0, 0x80, 0, 0, 0]);
    socket.write(head);
    flood(socket, () => block);
  },
  'a message whose fragments never end': (socket) => {
    socket.write(frame(1, '["stdout", "', { isLast: false }));
    const more = frame(0, block, { isLast: false });
    flood(socket, () => more);
  },
  'a message of endless fragments of one byte': (socket) => {
    socket.write(frame(1, '[', { isLast: false }));
    const more = Buffer.concat(Array.from({ length: 10_000 }, () => frame(0, ' ', { isLast: false })));
    flood(socket, () => more);
  },
  'endless output': (socket) => {
    const output = stdout(block);
    flood(socket, () => output);
  },
  'endless output in lines': (socket) => {
    const output = stdout('a line of output\n'.repeat(3000));
    flood(socket, () => output);
  },
  'endless pings': (socket) => {
    // It reads no pong.
    socket.pause();
    const pings = Buffer.concat(Array.from({ length: 400 }, () => frame(9, 'p'.repeat(125))));
    flood(socket, () => pings);
  },
  'a frame with reserved bits': (socket) => void socket.write(Buffer.from([0xf1, 0x01, 0x61])),
  'a frame with an unknown opcode': (socket) => void socket.write(Buffer.from([0x8b, 0x00])),
  'a close code that does not exist': (socket) => void socket.write(frame(8, Buffer.from([0xff, 0xff]))),
  'a close code with a reason that is not UTF-8': (socket) =>
    void socket.write(frame(8, Buffer.from([0x03, 0xe8, 0xc3, 0x28]))),
  'the end of the connection': (socket) => void socket.end(),
};

test.each(Object.keys(sockets))('%s in the terminal ends in an error, and nothing else', async (name) => {
  expectError(await jupyter.visit({ socket: sockets[name]! }));
});

const answers: Record<string, [NonNullable<Attack['http']>, RegExp]> = {
  'an endless reply': [
    ({ url }, response) => {
      if (!url?.endsWith('api/terminals')) return false;
      flood(response as never, () => block);
      return true;
    },
    /larger than/,
  ],
  'an endless reply that is compressed': [
    ({ url }, response) => {
      if (!url?.endsWith('api/terminals')) return false;
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.write(gzipStart);
      flood(response as never, () => gzipZeros);
      return true;
    },
    /larger than/,
  ],
  'an endless reply to whether it is ready': [
    ({ url }, response) => {
      if (!url?.endsWith('api/status')) return false;
      flood(response as never, () => block);
      return true;
    },
    /larger than/,
  ],
  'headers without an end': [
    ({ url, socket }) => {
      if (!url?.endsWith('api/status')) return false;
      socket.write('HTTP/1.1 200 OK\r\n');
      flood(socket, () => `x-more: ${'h'.repeat(1000)}\r\n`);
      return true;
    },
    /headers/,
  ],
  'a reply that is not HTTP': [
    ({ url, socket }) => {
      if (!url?.endsWith('api/status')) return false;
      socket.write('SSH-2.0-OpenSSH_9.6\r\n\r\n');
      return true;
    },
    /./,
  ],
  'a redirect to what is no URL': [redirectTo('http://['), /redirects to what is no URL/],
  'a redirect with the token in its path': [
    ({ url }, response) => {
      if (isSignIn(url)) response.writeHead(302, { location: `/again/${token}` }).end();
      else response.writeHead(500).end();
      return true;
    },
    /answers 500/,
  ],
  'a redirect out of Studio with the token in its host': [
    redirectTo(`https://${token.toLowerCase()}.example.com/`),
    /redirects/,
  ],
  'a redirect with the token as a user': [redirectTo(`https://${token}:x@example.com/`), /redirects/],
  'a cookie that no request may have': [
    ({ url }, response) => {
      if (!isSignIn(url)) return response.writeHead(500).end() !== undefined;
      const cookie = Buffer.from(`a=${token}é\u0080`, 'utf8').toString('latin1');
      response.writeHead(302, { location: '/next', 'set-cookie': cookie }).end();
      return true;
    },
    /./,
  ],
  'a terminal whose name is a path to another endpoint': [
    ({ url, method }, response) => {
      if (method !== 'POST') return false;
      expect(url).toBe('/jupyter/default/api/terminals');
      response.end('{"name": "../../../../logout?x="}');
      return true;
    },
    /name/,
  ],
  'a terminal whose name has a megabyte': [
    ({ method }, response) => {
      if (method !== 'POST') return false;
      response.end(JSON.stringify({ name: 'n'.repeat(900_000) }));
      return true;
    },
    /name/,
  ],
  'a WebSocket that is refused': [
    ({ headers }, response) => {
      if (headers.upgrade === undefined) return false;
      (response as never as { end(text: string): void }).end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return true;
    },
    /answers 403/,
  ],
  'a WebSocket whose answer never ends': [
    ({ headers, socket }) => {
      if (headers.upgrade === undefined) return false;
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      flood(socket, () => block);
      return true;
    },
    /WebSocket/,
  ],
};

test.each(Object.keys(answers))('%s ends in an error, which shows no token', async (name) => {
  const [http, message] = answers[name]!;
  expectError(await jupyter.visit({ http }), message);
});

test('a URL that is none is an error that does not show it', async () => {
  expectError(await jupyter.visit({}, `https://[/auth?token=${token}`), /presigned URL/);
});

test('cookies without end are forgotten, and not sent', async () => {
  let longest = 0;
  let step = 0;
  const http: Attack['http'] = ({ url, headers }, response) => {
    longest = Math.max(longest, headers.cookie?.length ?? 0);
    step += 1;
    const cookies = Array.from({ length: 100 }, (_, index) => `c${step}-${index}=${'v'.repeat(100)}`);
    response.writeHead(step < 9 ? 302 : 500, { location: `${url}&again`, 'set-cookie': cookies }).end();
    return true;
  };
  expectError(await jupyter.visit({ http }));
  expect(step).toBe(9);
  expect(longest).toBeGreaterThan(100);
  expect(longest).toBeLessThan(16_000);
});

/** Each is one reply of the server, of which most are wrong. */
const replies = fc.oneof(
  fc.record({ socket: fc.json({ maxDepth: 4 }).map((text) => frame(1, text)) }),
  fc.record({
    socket: fc.tuple(fc.constantFrom('stdout', 'setup', 'disconnect', 'stdin'), fc.jsonValue()).map((message) => {
      return frame(1, JSON.stringify(message));
    }),
  }),
  fc.record({ socket: fc.string({ unit: 'binary' }).map((text) => frame(1, text)) }),
  fc.record({ socket: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)) }),
  fc.record({ body: fc.json() }),
  fc.record({ body: fc.record({ name: fc.oneof(fc.string(), fc.jsonValue()) }).map((value) => JSON.stringify(value)) }),
  fc.record({ status: fc.integer({ min: 200, max: 599 }), body: fc.string() }),
  fc.record({ location: fc.oneof(fc.webUrl(), fc.string({ unit: 'grapheme-ascii' })) }),
  fc.record({ cookie: fc.string({ unit: 'grapheme-ascii' }) }),
);

interface Reply {
  socket?: Buffer;
  body?: string;
  status?: number;
  location?: string;
  cookie?: string;
}

function attackOf({ socket, body, status = 200, location, cookie }: Reply): Attack {
  return {
    socket(connection) {
      if (socket) connection.write(socket);
      connection.end();
    },
    http({ url, method }, response) {
      if (location !== undefined || cookie !== undefined) {
        if (!isSignIn(url)) return false;
        const headers = { location: location ?? '/jupyter/default/lab', 'set-cookie': cookie ?? 'a=b' };
        response.writeHead(302, headers).end();
        return true;
      }
      if (body === undefined || method !== 'POST') return false;
      response.writeHead(status).end([204, 304].includes(status) ? undefined : body);
      return true;
    },
  };
}

test('replies made up by a seed each end in an error, all in one process', async () => {
  const count = volumes['Replies and messages of a Jupyter server'].count;
  let last: Outcome | undefined;
  for (const reply of fc.sample(replies, { numRuns: count, seed: 20_261 })) {
    last = await jupyter.visit(attackOf(reply as Reply));
    expectError(last);
  }
  expect(last?.megabytes).toBeLessThan(mostMegabytes);
});

function redirectTo(location: string): NonNullable<Attack['http']> {
  return (_, response) => {
    response.writeHead(302, { location }).end();
    return true;
  };
}
