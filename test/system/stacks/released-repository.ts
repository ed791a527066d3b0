import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/handlers.ts';
import { shellLines } from '../../stacks/shell.ts';

/** A file of a repository, and what it has. */
type Files = Readonly<Record<string, string>>;

/**
 * A repository that the pipeline releases: with this one's templates and doctor, tests that need the installed packages, and a
 * release command that is this one's without its checks. npm runs them as it would in this one.
 */
export class ReleasedRepository {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(join(folder, 'suite'), { recursive: true });
    const suite = { name: 'suite', version: '1.0.0' };
    const dependencies = { suite: 'file:suite' };
    const packages = {
      '': { version: '0.0.0', dependencies },
      'node_modules/suite': { resolved: 'suite', link: true },
      suite: { version: suite.version },
    };
    this.#write({
      '.gitignore': 'node_modules/\ndist/\n',
      'suite/package.json': JSON.stringify(suite),
      'package-lock.json': JSON.stringify({ version: '0.0.0', lockfileVersion: 3, requires: true, packages }),
    });
    this.#git('init', '--quiet');
  }

  /** Commits a version, with other contents of some files. The tests do what `tests` says. */
  commit(version: string, { files = {}, tests = 'echo Passed' }: { files?: Files; tests?: string } = {}): void {
    cpSync(join(root, 'cloudformation'), join(this.#folder, 'cloudformation'), { recursive: true });
    const node = (script: string) => `'${process.execPath}' --conditions=studio-resources --no-warnings '${script}'`;
    const scripts = {
      test: './test.sh',
      release: node(join(import.meta.dirname, 'release-command.ts')),
      doctor: node(join(root, 'scripts/doctor.ts')),
    };
    this.#write({
      'package.json': JSON.stringify({ version, private: true, scripts, dependencies: { suite: 'file:suite' } }),
      'test.sh': `#!/bin/sh\ntest -e node_modules/suite/package.json && ${tests}\n`,
      ...files,
    });
    chmodSync(join(this.#folder, 'test.sh'), 0o755);
    this.#git('add', '--all');
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    this.#git(...author, 'commit', '--quiet', '--no-verify', '--allow-empty', '--message', version);
  }

  /** Uploads the commit with the README's lines, in a zip that has lost the modes of files. */
  upload(env: Readonly<Record<string, string>>, account: string): void {
    const lines = shellLines('cloudformation/ci/README.md', 'Making a release');
    const zipping = lines.findIndex((line) => line.includes('zip '));
    lines.splice(zipping, 0, 'find "$clone" -type f -exec chmod a-x {} +');
    const script = ['set -e', ...lines].join('\n').replaceAll('111122223333', account);
    execFileSync('bash', ['-c', script], { cwd: this.#folder, env: { ...process.env, ...env } });
  }

  #write(files: Files): void {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(this.#folder, path), text);
  }

  #git(...args: string[]): void {
    execFileSync('git', args, { cwd: this.#folder });
  }
}
