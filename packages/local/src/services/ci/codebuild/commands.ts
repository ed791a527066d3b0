import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as CodeBuild from '@aws-sdk/client-codebuild';
import type { Principal } from '../../../principal.ts';
import type { Call } from '../../../service.ts';
import { type Buildspec, type PhaseName, phaseNames } from './buildspec.ts';
import type { BuildLog } from './log.ts';
import { endPhase, enter, PhaseFailure } from './phases.ts';
import type { Processes, Shell } from './processes.ts';
import type { BuildRecord } from './records.ts';
import type { Directories } from './variables.ts';

/** What a build is run with. */
export interface Work {
  build: BuildRecord;
  spec: Buildspec;
  directories: Directories;
  variables: Record<string, string>;
  log: BuildLog;
  role: Principal;
  processes: Processes;
  call: Call;
  /** Where commands are written, to be run. */
  scripts: string;
}

/**
 * Runs a buildspec's commands. As on CodeBuild, a build that fails still has its post_build; what fails before the build
 * has not. Gives the first failure.
 */
export async function runCommands(work: Work): Promise<PhaseFailure | undefined> {
  const { build, spec, log, call } = work;
  const shells = new Shells(work);
  let first: PhaseFailure | undefined;
  try {
    for (const phase of phaseNames) {
      if (first) await shells.run('export CODEBUILD_BUILD_SUCCEEDING=0');
      enter(build, phase.toUpperCase() as CodeBuild.BuildPhaseType, call);
      const failure = await runPhase(work, phase, shells);
      await log.flush();
      if (build.buildStatus !== 'IN_PROGRESS') return undefined;
      if (!failure) continue;
      endPhase(build, 'FAILED', call, failure);
      first ??= failure;
      if (phase !== 'build' && spec.phases[phase].onFailure === 'ABORT') break;
    }
    if (!first) build.exportedEnvironmentVariables = await exportedBy(work, shells);
    return first;
  } finally {
    await shells.end();
  }
}

/** Runs a phase's commands up to the first that fails, and then those that follow whatever happened. */
async function runPhase(work: Work, name: PhaseName, shells: Shells): Promise<PhaseFailure | undefined> {
  const { commands, finally: last } = work.spec.phases[name];
  const failure = await runUntilFailure(work, commands, shells);
  const failureAtLast = await runUntilFailure(work, last, shells);
  return failure ?? failureAtLast;
}

async function runUntilFailure(
  { build, log }: Work,
  commands: string[],
  shells: Shells,
): Promise<PhaseFailure | undefined> {
  for (const command of commands) {
    log.write(`[Container] Running command ${command}`);
    const status = await shells.run(command);
    if (build.buildStatus !== 'IN_PROGRESS') return undefined;
    if (status === 0) continue;
    const message = `Error while executing command: ${command}. Reason: exit status ${status}`;
    log.write(`[Container] Command did not exit successfully ${command} exit status ${status}`);
    return new PhaseFailure('COMMAND_EXECUTION_ERROR', message);
  }
  return undefined;
}

/** The variables that the buildspec exports. */
async function exportedBy({ spec, scripts }: Work, shells: Shells): Promise<CodeBuild.ExportedEnvironmentVariable[]> {
  if (spec.exported.length === 0) return [];
  const file = join(scripts, 'exported');
  const values = spec.exported.map((name) => `"\${${name}-}"`).join(' ');
  await shells.run(`printf '%s\\0' ${values} > '${file}'`);
  const texts = (await readFile(file, 'utf8')).split('\0');
  return spec.exported.map((name, i) => ({ name, value: texts[i] ?? '' }));
}

/** The shell of a build: one for all of its commands, unless a command ends it. */
class Shells {
  readonly #work: Work;
  #shell: Shell | undefined;
  #scripts = 0;

  constructor(work: Work) {
    this.#work = work;
  }

  /** Runs a command, which may have several lines; resolves with its exit status. */
  async run(command: string): Promise<number> {
    const { build, processes, directories, variables, log, scripts } = this.#work;
    if (!this.#shell?.alive) {
      const onLine = (line: string) => log.write(line);
      this.#shell = processes.shell(build.arn, { directory: directories.source, variables, onLine });
    }
    this.#scripts += 1;
    const file = join(scripts, `command-${this.#scripts}`);
    await writeFile(file, `${command}\n`);
    return this.#shell.run(file);
  }

  async end(): Promise<void> {
    if (this.#shell?.alive) await this.#shell.end();
  }
}
