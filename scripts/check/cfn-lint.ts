import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root } from '../handlers.ts';
import type { Finding } from './findings.ts';

const run = promisify(execFile);

interface Match {
  Filename: string;
  Location: { Start: { LineNumber: number } };
  Message: string;
  Rule: { Id: string };
}

/** The errors that cfn-lint finds in templates, by their paths from the root; undefined where it is not installed. */
export async function checkByCfnLint(
  templates: readonly string[],
  command = 'cfn-lint',
): Promise<Finding[] | undefined> {
  const args = ['--format', 'json', '--ignore-checks', 'W', 'I', '--', ...templates];
  const output = await run(command, args, { cwd: root, maxBuffer: 2 ** 26 }).then(
    ({ stdout }) => stdout,
    (error: NodeJS.ErrnoException & { stdout?: string; stderr?: string }) => {
      if (error.code === 'ENOENT') return undefined;
      // It ends with a status other than 0 where it finds something.
      if (error.stdout?.trimStart().startsWith('[')) return error.stdout;
      throw new Error(`Running ${command}: ${error.stderr || error.message}`, { cause: error });
    },
  );
  if (output === undefined) return undefined;
  return (JSON.parse(output || '[]') as Match[]).map(({ Filename, Location, Message, Rule }) => ({
    path: Filename,
    line: Location.Start.LineNumber,
    rule: `cfn-lint ${Rule.Id}`,
    message: Message,
  }));
}
