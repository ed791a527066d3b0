import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's. */
const program = '/usr/bin/jupyter-server';

/** A real Jupyter server, with a home directory of its own. */
export interface JupyterServer {
  /** `http://127.0.0.1:8888/jupyter/default/`, as in Studio; it asks for no password. */
  readonly url: string;
  readonly home: string;
  stop(): Promise<void>;
}

/** Starts one, and waits until it answers. `prepare` gets its home before. */
export async function startJupyter(
  base = '/jupyter/default/',
  prepare?: (home: string) => Promise<unknown>,
): Promise<JupyterServer> {
  if (!existsSync(program)) {
    throw new Error(
      `Starting a Jupyter server: there is no ${program}; install it: ` +
        'apt-get install -y --no-install-recommends jupyter-server python3-terminado',
    );
  }
  const directory = await mkdtemp(join(tmpdir(), 'studio-resources-jupyter-'));
  const home = join(directory, 'home');
  await mkdir(home);
  await prepare?.(home);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}${base}`;
  const settings = {
    ip: '127.0.0.1',
    port,
    port_retries: 0,
    base_url: base,
    root_dir: home,
    token: '',
    password: '',
    allow_root: 'True',
    open_browser: 'False',
  };
  const child = spawn(
    program,
    Object.entries(settings).map(([name, value]) => `--ServerApp.${name}=${value}`),
    {
      cwd: home,
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', SHELL: '/bin/bash', HOME: home, XDG_DATA_HOME: directory },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // Whatever ends this process ends what it started.
  const killAll = () => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', killAll);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', killAll);
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Starting a Jupyter server: it ended:\n${said}`);
    const answer = await fetch(`${url}api/status`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return { url, home, stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
