import { ModernFakeTimers } from '@jest/fake-timers';
import type { Config } from '@jest/types';
import { ModuleMocker } from 'jest-mock';

interface Context {
  console: Console;
}

/**
 * The jest option `testEnvironment`: no vm context, so that a worker loads the AWS SDK and the packages once for all
 * test files that it runs. What jest-runner puts into `global` stays in an object of its own; run.ts sets the real one.
 */
export default class Environment {
  readonly global: Record<string, unknown> = {};
  readonly moduleMocker = new ModuleMocker(globalThis);
  readonly fakeTimers = null;
  readonly fakeTimersModern: ModernFakeTimers;
  readonly console: Console;

  constructor({ projectConfig }: { projectConfig: Config.ProjectConfig }, { console }: Context) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    this.console = console;
  }

  async setup(): Promise<void> {}

  async teardown(): Promise<void> {
    this.fakeTimersModern.dispose();
  }

  getVmContext(): null {
    return null;
  }
}
