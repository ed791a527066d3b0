import { createServer } from 'node:net';
import { run } from '../stacks/run.ts';

test.each(['packages/local/src/cli.ts', 'scripts/start.ts'])(
  '%s names the option to choose another port where one is in use, and builds nothing',
  async (script) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const local = run(script, ['--port', `${port}`]);
    expect(await local.exit).toBe(1);
    expect(local.output()).toMatch(new RegExp(`${port}.*--port`, 's'));
    await new Promise((resolve) => server.close(resolve));
  },
);
