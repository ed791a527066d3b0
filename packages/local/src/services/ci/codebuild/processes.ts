import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The shells of the builds that run. */
export interface Processes {
  /** A shell for a build; several of one build may follow one another. */
  shell(build: string, options: ShellOptions): Shell;
  /** Ends a build's shell with all that it started. */
  kill(build: string): void;
  close(): void;
}

export interface ShellOptions {
  directory: string;
  variables: Record<string, string>;
  /** Takes each line that is written. */
  onLine(line: string): void;
}

/** One shell, in which what a command changes (its directory, its variables) stays for the next. */
export interface Shell {
  /** Runs a script that lies in a file; resolves with its exit status, also when that ends the shell. */
  run(file: string): Promise<number>;
  readonly alive: boolean;
  end(): Promise<void>;
}

export function processes(): Processes {
  const running = new Map<string, BashShell>();
  let isOpen = true;
  return {
    shell(build, options) {
      if (!isOpen) throw new Error(`Running ${build}: the local cloud is ending`);
      const shell = new BashShell(options, () => {
        if (running.get(build) === shell) running.delete(build);
      });
      running.set(build, shell);
      return shell;
    },
    kill: (build) => running.get(build)?.kill(),
    close() {
      isOpen = false;
      for (const shell of running.values()) shell.kill();
    },
  };
}

/**
 * Takes the names of scripts by a pipe, runs each in this very shell, and says by another how it ended. What they write
 * goes one way, so that it stays in order.
 */
const loop = `exec 2>&1; while IFS= read -r -u 3 script; do . "$script" 3<&- 4>&-; printf '%s\\n' "$?" >&4; done`;

class BashShell implements Shell {
  readonly #child: ChildProcess;
  readonly #closed: Promise<number>;
  #answer: ((status: number) => void) | undefined;
  alive = true;

  constructor({ directory, variables, onLine }: ShellOptions, onClosed: () => void) {
    const child = spawn('bash', ['--noprofile', '--norc', '-c', loop], {
      cwd: directory,
      env: variables,
      stdio: ['ignore', 'pipe', 'ignore', 'pipe', 'pipe'],
      // A group of its own, which is killed with all that it started.
      detached: true,
    });
    this.#child = child;
    createInterface({ input: child.stdout! }).on('line', onLine);
    createInterface({ input: child.stdio[4] as Readable }).on('line', (line) => this.#answer?.(Number(line)));
    this.#closed = new Promise((resolve) => {
      // No bash, no build: its exit status is what a shell gives for a command that is not there.
      child.once('error', () => resolve(127));
      child.once('close', (status) => resolve(status ?? 137));
    });
    this.#closed.then(() => {
      this.alive = false;
      onClosed();
    });
    child.stdio[3]?.on('error', () => {
      // The shell has ended, which its exit status tells.
    });
  }

  async run(file: string): Promise<number> {
    const answered = new Promise<number>((resolve) => {
      this.#answer = resolve;
    });
    this.#write(`${file}\n`);
    return Promise.race([answered, this.#closed]);
  }

  async end(): Promise<void> {
    const pipe = this.#child.stdio[3];
    if (pipe && 'end' in pipe) pipe.end();
    await this.#closed;
    this.kill();
  }

  kill(): void {
    if (!this.#child.pid) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  }

  #write(text: string): void {
    const pipe = this.#child.stdio[3];
    if (pipe && 'write' in pipe && this.alive) pipe.write(text);
  }
}
