import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkByCfnLint } from '../../scripts/check/cfn-lint.ts';
import { shown } from '../../scripts/check/findings.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';

const path = 'cloudformation/thing.yaml';

describe('cfn-lint', () => {
  const thing = { path, text: 'Description: Makes things\n' };
  const directory = temporaryDirectory();
  const linter = (...lines: string[]) => {
    const command = join(directory(), 'cfn-lint');
    writeFileSync(command, ['#!/bin/sh', ...lines].join('\n'));
    chmodSync(command, 0o755);
    return command;
  };

  test('without it, there are no findings', async () => {
    expect(await checkByCfnLint([thing], { command: join(directory(), 'none') })).toBeUndefined();
  });

  test('its errors are findings', async () => {
    const match = {
      Filename: path,
      Location: { Start: { LineNumber: 3 } },
      Message: 'not so',
      Rule: { Id: 'E3002' },
    };
    const command = linter(`echo '${JSON.stringify([match])}'`, 'exit 2');
    expect(shown((await checkByCfnLint([thing], { command }))!)).toEqual([`${path}:3: cfn-lint E3002: not so`]);
  });

  test('a failure to run it is a finding', async () => {
    const command = linter('echo no Python >&2', 'exit 1');
    await expect(checkByCfnLint([thing], { command })).rejects.toThrow(`Running ${command}: no Python`);
  });
});
