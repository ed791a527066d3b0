import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FunctionProcesses, functionProcesses } from './function-cloud.ts';

let local: FunctionProcesses;
let directory: string;
let path: string | undefined;

beforeEach(async () => {
  path = process.env.PATH;
  directory = await mkdtemp(join(tmpdir(), 'studio-resources-python-'));
  process.env.PATH = directory;
  local = await functionProcesses();
});

afterEach(async () => {
  process.env.PATH = path;
  await local.close();
  await rm(directory, { recursive: true, force: true });
});

/** A `python3` that answers the look for the client in this way. */
async function putPython(script: string): Promise<void> {
  await writeFile(join(directory, 'python3'), `#!/bin/sh\n${script}\n`);
  await chmod(join(directory, 'python3'), 0o755);
}

const creation = () =>
  local.create('one', { 'index.py': 'def handler(event, context): pass' }, { Runtime: 'python3.13' });

test('without Python, a function in Python is refused with what to install', async () => {
  await expect(creation()).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: expect.stringMatching(
      /there is no python3 on PATH\. Install Python, .*: python3 -m pip install awslambdaric boto3$/,
    ),
  });
});

test("without AWS's runtime client, a function in Python is refused with the command that installs it", async () => {
  await putPython(`echo '["/opt/python/bin/python3", "/home/one/.local", false]'`);
  await expect(creation()).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message:
      "The local cloud runs functions in Python with AWS's runtime client, which /opt/python/bin/python3 does not have. Install it: /opt/python/bin/python3 -m pip install awslambdaric boto3",
  });
});

test('once the client is installed, functions in Python are taken without a new start', async () => {
  await expect(creation()).rejects.toThrow('Install');
  await putPython(`echo '["/opt/python/bin/python3", "/home/one/.local", true]'`);
  await expect(creation()).resolves.toBeUndefined();
});

test('a Python that fails says why', async () => {
  await putPython('echo "broken installation" >&2; exit 3');
  await expect(creation()).rejects.toThrow(/with python3, and Command failed: .*broken installation/s);
});
