import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../handlers.ts';
import type { Finding } from './findings.ts';
import type { ResultCache } from './result-cache.ts';
import type { Source } from './sources.ts';

const run = promisify(execFile);

interface Match {
  Filename: string;
  Location: { Start: { LineNumber: number } };
  Message: string;
  Rule: { Id: string };
}

/**
 * The errors that cfn-lint finds in templates, which may name others of `all`; undefined where it is not installed. `rules` is
 * a folder with rules of one's own.
 */
export async function checkByCfnLint(
  templates: readonly Source[],
  {
    all = templates,
    command = 'cfn-lint',
    rules,
    cache,
  }: { all?: readonly Source[]; command?: string; rules?: string; cache?: ResultCache } = {},
): Promise<Finding[] | undefined> {
  // Its rules may be brought up to date in place (--update-specs), so what it says is known for a day.
  const version = cache && [await outputOf(command, ['--version']), new Date().toDateString(), ...configuration()];
  const known = new Map<string, Finding[]>();
  const inputs = ({ path, text }: Source) => {
    // It opens a nested stack's template.
    const nested = text.includes('TemplateURL') ? all.filter((one) => text.includes(posix.basename(one.path))) : [];
    return [version, options, path, text, nested.map((one) => [one.path, one.text])];
  };
  for (const template of templates) {
    const found = cache?.find<Finding[]>(inputs(template));
    if (found) known.set(template.path, found);
  }
  const open = templates.filter(({ path }) => !known.has(path));
  const found = open.length === 0 ? [] : await lint(command, rules, open);
  if (!found) return undefined;
  for (const template of open) {
    const own = found.filter(({ path }) => path === template.path);
    cache?.keep(inputs(template), own);
  }
  return [...[...known.values()].flat(), ...found];
}

const options = ['--format', 'json', '--ignore-checks', 'W', 'I'];

async function lint(
  command: string,
  rules: string | undefined,
  templates: readonly Source[],
): Promise<Finding[] | undefined> {
  const own = rules === undefined ? [] : ['--append-rules', rules];
  const output = await outputOf(command, [...options, ...own, '--', ...templates.map(({ path }) => path)]);
  if (output === undefined) return undefined;
  return (JSON.parse(output || '[]') as Match[]).map(({ Filename, Location, Message, Rule }) => ({
    path: Filename,
    line: Location.Start.LineNumber,
    rule: `cfn-lint ${Rule.Id}`,
    message: Message,
  }));
}

/** Undefined where there is no such command. */
function outputOf(command: string, args: readonly string[]): Promise<string | undefined> {
  return run(command, args, { cwd: root, maxBuffer: 2 ** 26 }).then(
    ({ stdout }) => stdout,
    (error: NodeJS.ErrnoException & { stdout?: string; stderr?: string }) => {
      if (error.code === 'ENOENT') return undefined;
      // It ends with a status other than 0 where it finds something.
      if (error.stdout?.trimStart().startsWith('[')) return error.stdout;
      throw new Error(`Running ${command}: ${error.stderr || error.message}`, { cause: error });
    },
  );
}

/** The files by which people configure it, where they have any. */
function configuration(): (string | undefined)[] {
  return [root, homedir()].flatMap((folder) =>
    ['.cfnlintrc', '.cfnlintrc.yaml', '.cfnlintrc.yml'].map((name) => {
      const path = join(folder, name);
      return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    }),
  );
}
