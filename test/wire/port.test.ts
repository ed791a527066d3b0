import { createServer } from 'node:net';
import { run } from '../stacks/run.ts';

test('the error for a port in use names the option to choose another', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const local = run('packages/local/src/cli.ts', ['--port', `${port}`]);
  expect(await local.exit).toBe(1);
  expect(local.output()).toMatch(new RegExp(`${port}.*--port`, 's'));
  await new Promise((resolve) => server.close(resolve));
});
