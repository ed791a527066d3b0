import { createHash } from 'node:crypto';
import { errorMessage, isTransient } from '@studio-resources/core';
import { parseS3Uri, readObject } from '@studio-resources/sagemaker/client/s3';
import { type Command, commandList, expectedSha256, limitProblem, type Props } from './properties.ts';

/** Larger than the JSON of any list within the limits. */
const limits = {
  maxBytes: 1_000_000,
  maxFiles: 1,
  accessHint:
    'there is no such object, or no right to read it: the bucket has to belong to this account, the parameter ' +
    'SetupBuckets of provider.yaml has to name it, and its policy must not deny it',
};

/** The commands to run, and a hash of them with `Revision`. */
export interface CommandSet {
  commands: Command[];
  sha256: string;
}

/** Reads the commands that the properties name. Throws when they are missing, changed or invalid. */
export async function readCommandSet(props: Props): Promise<CommandSet> {
  const commands = props.Commands ?? (await fetchCommands(props));
  const what = JSON.stringify([commands, props.Revision ?? '']);
  return { commands, sha256: createHash('sha256').update(what).digest('hex') };
}

async function fetchCommands(props: Props): Promise<Command[]> {
  const { CommandsS3Uri = '' } = props;
  const what = `Reading ${CommandsS3Uri}`;
  const bytes = await readObject(parseS3Uri(CommandsS3Uri)!, limits).catch((error) => {
    // A missing object is an error in the template. It does not mean that the resource is gone.
    throw isTransient(error) ? error : new Error(errorMessage(error));
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  const expected = expectedSha256(props);
  if (found !== expected) {
    throw new Error(
      `${what}: its SHA-256 has to be ${expected}, and is ${found}; upload the intended object, or correct the SHA-256`,
    );
  }
  const text = Buffer.from(bytes).toString('utf8');
  return CommandsS3Uri.endsWith('.json') ? parseList(what, text) : parseScript(what, text);
}

/** Parses a list as `Commands` accepts it. */
function parseList(what: string, text: string): Command[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${what}: it is not JSON, although its key ends with .json`);
  }
  const problems: string[] = [];
  const place = (path: string): Parameters<typeof commandList.read>[1] => ({
    at: (key) => place(typeof key === 'number' ? `${path}[${key}]` : `${path}.${key}`),
    wrong(message) {
      problems.push(`${path}: ${message}`);
      return undefined;
    },
  });
  const commands = commandList.read(value, place('$'));
  if (problems.length > 0 || !commands) throw new Error(`${what}: ${problems.join('; ')}`);
  return commands;
}

function parseScript(what: string, text: string): Command[] {
  if (text.trim() === '' || text.includes('\0')) throw new Error(`${what}: it is not a script, or it is empty`);
  const commands = [{ Command: text, Background: false, IgnoreFailure: false }];
  const problem = limitProblem(commands);
  if (problem !== undefined) throw new Error(`${what}: ${problem}`);
  return commands;
}
