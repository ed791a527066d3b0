import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import { eventually } from '../../wire/processes.ts';
import { startJupyter } from '../jupyter/jupyter-server.ts';
import { Home, scriptOf } from './script.ts';

const directory = temporaryDirectory();

test('the Jupyter server refuses a download, and opens and keeps what people work on', async () => {
  const prepare = async (path: string) => {
    writeFileSync(join(path, 'notes.txt'), 'a secret');
    expect((await new Home(directory(), path).run(await scriptOf('NoDownloadsConfig', {}))).status).toBe(0);
  };
  const [with_, without] = await Promise.all([startJupyter(undefined, prepare), startJupyter()]);
  try {
    writeFileSync(join(without.home, 'notes.txt'), 'a secret');
    const download = await fetch(`${without.url}files/notes.txt?download=1`);
    expect([download.status, await download.text()]).toEqual([200, 'a secret']);

    for (const path of ['files/notes.txt', 'files/notes.txt?download=1', 'files/none.txt']) {
      for (const method of ['GET', 'HEAD']) expect((await fetch(with_.url + path, { method })).status).toBe(403);
    }
    const opened = await fetch(`${with_.url}api/contents/notes.txt`);
    expect(await opened.json()).toMatchObject({ type: 'file', content: 'a secret' });
  } finally {
    await Promise.all([with_.stop(), without.stop()]);
  }
});

/** A wheel of a package that has nothing but its version. */
function wheel(name: string, version: string): [file: string, content: Uint8Array] {
  const info = `${name}-${version}.dist-info`;
  const files = {
    [`${name}.py`]: `version = ${JSON.stringify(version)}\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
  };
  const entries = Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const);
  return [`${name}-${version}-py3-none-any.whl`, zipSync(Object.fromEntries(entries))];
}

test('extensions are installed where the Jupyter server is, which restarts once it has something new', async () => {
  const home = new Home(directory());
  const log = () => home.read('.studio-resources/extensions.log');
  const environment = join(home.path, 'environment');
  execFileSync('/usr/bin/python3', ['-m', 'venv', '--without-pip', '--system-site-packages', environment]);
  const mirror = join(home.path, 'mirror');
  mkdirSync(mirror);
  for (const version of ['1.0', '2.0']) {
    const [file, content] = wheel('an_extension', version);
    writeFileSync(join(mirror, file), content);
  }
  const lab = join(environment, 'bin/jupyter-lab');
  writeFileSync(lab, '', { mode: 0o755 });
  home.link(lab).tool('restart-jupyter-server', '#!/bin/sh\necho again >>"$HOME/restarts"\n');
  const install = async (ExtensionPackages: string) => {
    const text = await scriptOf('ExtensionsConfig', { ExtensionPackages });
    const env = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: mirror };
    expect(await home.run(text, { env })).toEqual({ status: 0, output: '' });
  };
  const restarts = () => (existsSync(join(home.path, 'restarts')) ? home.read('restarts') : '');

  await install('an-extension==1.0');
  await eventually(() => restarts() === 'again\n' || undefined);
  await install('an-extension==1.0');
  await eventually(() => log().includes('Nothing new is installed') || undefined);
  await install('an-extension==2.0');
  await eventually(() => restarts() === 'again\nagain\n' || undefined);
  const python = join(environment, 'bin/python3');
  expect(execFileSync(python, ['-c', 'import an_extension; print(an_extension.version)'], { encoding: 'utf8' })).toBe(
    '2.0\n',
  );
  await install('no-such-extension==1.0');
  await eventually(() => /No matching distribution[\s\S]*Nothing new is installed/.test(log()) || undefined);
  expect(restarts()).toBe('again\nagain\n');
});

test('if the server cannot be restarted, the log says when the extensions become available', async () => {
  const home = new Home(directory());
  home.tool('jupyter-lab', '').tool('python3', '#!/bin/sh\necho "Successfully installed $5"\n');
  expect((await home.run(await scriptOf('ExtensionsConfig', { ExtensionPackages: 'x==1' }))).status).toBe(0);
  await eventually(() => {
    const log = home.read('.studio-resources/extensions.log');
    return log.includes('The Jupyter server could not be restarted') || undefined;
  });
});
