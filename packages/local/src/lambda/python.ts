import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Clock } from '../clock.ts';

/** A Python that has AWS's runtime client. */
export interface Python {
  /** The path of its program. */
  executable: string;
  /** Where it finds packages that are not its own, in a process with another home directory. */
  variables: Record<string, string>;
}

const program = 'python3';
const runtime = fileURLToPath(new URL('../../python/runtime.py', import.meta.url));

/** Prints the program's path, and where the user's own packages are. */
const probe =
  'import importlib.util, json, site, sys; print(json.dumps([sys.executable, site.getuserbase(), importlib.util.find_spec("awslambdaric") is not None]))';

/** Gives the machine's Python; a text instead says what is missing, and how to get it. What is there is looked for once. */
export type FindPython = () => Promise<Python | string>;

export function pythonFinder(): FindPython {
  let found: Promise<Python | string> | undefined;
  return async () => {
    found ??= look();
    const python = await found;
    if (typeof python === 'string') found = undefined;
    return python;
  };
}

async function look(): Promise<Python | string> {
  let answer: [executable: string, userBase: string, hasClient: boolean];
  try {
    const { stdout } = await promisify(execFile)(program, ['-c', probe]);
    answer = JSON.parse(stdout) as typeof answer;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? `there is no ${program} on PATH` : message;
    return `The local cloud runs functions in Python with ${program}, and ${reason}. Install Python, and AWS's runtime client: ${program} -m pip install awslambdaric boto3`;
  }
  const [executable, userBase, hasClient] = answer;
  if (!hasClient) {
    return `The local cloud runs functions in Python with AWS's runtime client, which ${executable} does not have. Install it: ${executable} -m pip install awslambdaric boto3`;
  }
  const { PYTHONPATH } = process.env;
  return { executable, variables: { PYTHONUSERBASE: userBase, ...(PYTHONPATH && { PYTHONPATH }) } };
}

/** What is to be run for a handler; its clock goes on from now. */
export function pythonArguments(handler: string, clock: Clock): string[] {
  return [runtime, String(clock.speed ?? 1), String(clock.now()), String(Date.now()), handler];
}
