import { spawnSync } from 'node:child_process';

/** A program that tests run, and the Debian packages that contain it. */
export interface Program {
  what: string;
  /** A command that succeeds if it is installed. */
  command: readonly [program: string, ...args: string[]];
  packages: readonly string[];
}

/** Debian's own Python runs the server and pip, whatever else is on PATH. */
const python = '/usr/bin/python3';

/** The browser that opens pages. */
export const browser = '/usr/bin/chromium';

export const needed: readonly Program[] = [
  { what: 'bash', command: ['bash', '-c', 'true'], packages: ['bash'] },
  { what: 'git', command: ['git', '--version'], packages: ['git'] },
  { what: 'python3', command: ['python3', '-c', ''], packages: ['python3'] },
  { what: python, command: [python, '-c', ''], packages: ['python3'] },
  { what: 'pip', command: [python, '-m', 'pip', '--version'], packages: ['python3-pip'] },
  { what: '/usr/bin/jupyter-server', command: ['/usr/bin/jupyter-server', '--version'], packages: ['jupyter-server'] },
  { what: 'terminado', command: [python, '-c', 'import terminado'], packages: ['python3-terminado'] },
  { what: browser, command: [browser, '--version'], packages: ['chromium'] },
];

/** Those that are missing, or do not run. */
export function missingPrograms(programs: readonly Program[]): Program[] {
  return programs.filter(
    ({ command: [program, ...args] }) => spawnSync(program, args, { stdio: 'ignore' }).status !== 0,
  );
}
