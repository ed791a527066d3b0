import { mockSetup } from '../handlers/mock-setup.ts';
import { HostileJupyter, playShell, token } from './hostile-jupyter.ts';

let jupyter: HostileJupyter;
let world: ReturnType<typeof mockSetup>;

beforeAll(async () => {
  jupyter = await HostileJupyter.start();
});
beforeEach(() => {
  world = mockSetup(`${jupyter.origin}/auth?token=${token}`);
});
afterEach(() => world.close());
afterAll(() => jupyter?.stop());

const encoded = (text: string) => Buffer.from(text).toString('base64');

/** Has Custom::StudioSetup run one command, in a shell whose every script outputs this, by its user's wish. */
async function setUp(output: (attempt: string) => string[]) {
  jupyter.attack = {
    socket: (socket) =>
      playShell(socket, (write, script) => {
        const [, attempt = ''] = /; a=([0-9a-f]{16});/.exec(script) ?? [];
        for (const piece of output(attempt)) write(piece);
      }),
  };
  const ResourceProperties = { DomainId: 'd-1', UserProfileName: 'ada', Commands: ['true'] };
  return world.send({ RequestType: 'Create', ResourceProperties } as never);
}

test('a token in the URLs that a command writes is in neither the reason nor the log', async () => {
  const text = `open http://127.0.0.1:8888/lab?token=${token} or https://user:${token}@git.example.com/`;
  const answer = await setUp((attempt) => [`> 1 ${encoded(text)}\n.\n= 1 7 ${attempt} ${encoded(text)}\n`]);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('lab?token=[redacted]') });
  expect(answer.Reason).toContain('ended with the exit status 7');
  expect(answer.Reason).not.toContain(token);
  expect(world.logged()).not.toContain(token);
});

test('a problem that the shell reports shows no token', async () => {
  let scripts = 0;
  const answer = await setUp((attempt) => {
    scripts += 1;
    return scripts === 1 ? [`= 1 new ${attempt}\n`] : [`! see https://example.com/?access_token=${token}\n`];
  });
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('access_token=[redacted]') });
  expect(world.logged()).not.toContain(token);
});

test('a line that never ends is no report, and takes no time that grows with its square', async () => {
  const pieces = Array.from({ length: 80_000 }, () => 'a'.repeat(100));
  const answer = await setUp((attempt) => [...pieces, '\n', `= 1 0 ${attempt}\n`]);
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { ExitStatuses: '0' } });
});

test.each(['9'.repeat(400), '256', '-1', '1e3', '0x7'])('the exit status %s is none', async (status) => {
  const answer = await setUp((attempt) => [`= 1 ${status} ${attempt}\n`]);
  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('ended without an exit status'),
  });
});

test('reports on commands that there are not count for nothing', async () => {
  const lines = Array.from({ length: 3000 }, (_, index) => `> ${index + 2} ${encoded('made up')}\n`);
  await setUp((attempt) => [lines.join(''), `= 1 0 ${attempt}\n`, `= 2 5 ${attempt}\n`]);
  expect(world.logged()).not.toContain('made up');
});
