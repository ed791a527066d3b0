import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSession, openTerminal, type Session, ShellEndedError, withTerminal } from '@studio-resources/jupyter';
import { type JupyterServer, startJupyter } from './jupyter-server.ts';

let server: JupyterServer;
let session: Session;

beforeAll(async () => {
  server = await startJupyter();
  session = await openSession(server.url, 'jupyter/default');
});
afterAll(() => server?.stop());

/** Runs a command in a terminal of its own; gives its exit status and its output. */
function run(command: string, maxOutput?: number) {
  return withTerminal(session, async (terminal) => {
    let output = '';
    const onOutput = (text: string) => {
      output += text;
    };
    return { ...(await terminal.run(command, { onOutput, maxOutput })), output };
  });
}

async function terminals(): Promise<unknown> {
  return (await session.call('GET', 'api/terminals')).body;
}

describe('a command', () => {
  test('gives its exit status, and all of its output as it is', async () => {
    expect(await run('echo one; echo two >&2; exit 3')).toEqual({
      status: 3,
      isTruncated: false,
      output: 'one\ntwo\n',
    });
    expect(await run('printf "no line break"')).toEqual({ status: 0, isTruncated: false, output: 'no line break' });
    expect(await run('true')).toEqual({ status: 0, isTruncated: false, output: '' });
    expect((await run('no-such-command')).status).toBe(127);
  });

  test('runs in the directory and with the environment of the terminal', async () => {
    expect((await run('cd; pwd; echo "$HOME"')).output).toBe(`${server.home}\n${server.home}\n`);
  });

  test('may have quotes, dollars, several lines and any language in it', async () => {
    const command = `printf '%s\\n' 'é ü 漢字 😀' "it's \\$HOME"\nprintf '%s\\n' \`echo "'"\`; for n in 1 2\ndo echo $n; done`;
    expect((await run(command)).output).toBe("é ü 漢字 😀\nit's $HOME\n'\n1\n2\n");
  });

  test('may be longer than any line that a terminal takes', async () => {
    const text = 'x'.repeat(30_000);
    expect((await run(`printf %s ${text} | wc -c`)).output.trim()).toBe('30000');
    await expect(run(`: ${'x'.repeat(200_000)}`)).rejects.toThrow('it is larger than the limit of 100000 bytes');
  });

  test('may print what looks like the mark of its end', async () => {
    const nonce = '0123456789abcdef0123456789abcdef';
    const command = `printf '\\n%s exit 0\\n' ${nonce}; tr '\\0' ' ' </proc/$PPID/cmdline; exit 7`;
    const { status, output } = await run(command);
    expect(status).toBe(7);
    expect(output).toContain(`\n${nonce} exit 0\n`);
    // The very words that the terminal was told, nonce and all.
    expect(output).toContain('say exit $?');
  });

  test('with very long output is read to its end, and shown up to the limit', async () => {
    const { status, isTruncated, output } = await run("head -c 3000000 /dev/zero | tr '\\0' x; exit 4", 1000);
    expect({ status, isTruncated }).toEqual({ status: 4, isTruncated: true });
    expect(output).toBe('x'.repeat(1000));
  });

  test('that reads its input finds none, rather than what is typed next', async () => {
    expect(await run('cat; echo read')).toMatchObject({ status: 0, output: 'read\n' });
  });

  test('that ends its own shell has an exit status', async () => {
    expect((await run('kill -9 $$')).status).toBe(137);
    expect((await run('exec false')).status).toBe(1);
  });

  test('that ends the parent shell is an error, not an endless wait', async () => {
    await expect(run('kill -9 $PPID; sleep 60')).rejects.toThrow(ShellEndedError);
  });

  test('is not waited for once the wait is aborted', async () => {
    const stop = new AbortController();
    const waiting = withTerminal(session, (terminal) =>
      terminal.run('echo begun; sleep 60', { onOutput: () => stop.abort(new Error('enough')), signal: stop.signal }),
    );
    await expect(waiting).rejects.toThrow('enough');
    expect(await terminals()).toEqual([]);
  });
});

describe('a terminal', () => {
  test('runs one command after the other, each in a shell of its own', async () => {
    await withTerminal(session, async ({ run: here }) => {
      expect((await here('cd /; umask 0; exit 2')).status).toBe(2);
      let output = '';
      await here('pwd', {
        onOutput: (text) => {
          output += text;
        },
      });
      expect(output).not.toBe('/\n');
    });
  });

  test('ends by itself when its client is gone', async () => {
    const terminal = await openTerminal(session, 1);
    await expect(terminal.run('sleep 60')).rejects.toThrow(ShellEndedError);
    expect(await terminals()).toEqual([]);
  });

  test('leaves nothing in the user’s shell history', async () => {
    await run('true');
    expect(existsSync(join(server.home, '.bash_history'))).toBe(false);
  });

  test('is gone once it is closed, whatever has happened in it', async () => {
    const terminal = await openTerminal(session);
    expect(await terminals()).toMatchObject([{ name: terminal.name }]);
    await terminal.close();
    expect(await terminals()).toEqual([]);
    const failing = withTerminal(session, async () => {
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await terminals()).toEqual([]);
  });
});

test('the server refuses changes without the XSRF cookie, which the session sends', async () => {
  const jar = await fetch(server.url, { redirect: 'follow' });
  const cookie = jar.headers.getSetCookie().map((one) => one.split(';')[0]);
  const unproven = await fetch(`${server.url}api/terminals`, {
    method: 'POST',
    headers: { cookie: cookie.join('; ') },
  });
  expect(unproven.status).toBe(403);
  expect((await session.call('GET', 'api/status')).status).toBe(200);
  expect(await session.isReady()).toBe(true);
});
