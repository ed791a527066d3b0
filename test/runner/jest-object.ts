import type { Config } from '@jest/types';
import type { ModuleMocker } from 'jest-mock';
import type Environment from './environment.ts';

export interface JestObject {
  isMockFunction: ModuleMocker['isMockFunction'];
  restoreAllMocks(): void;
  useRealTimers(): void;
  /** Every object and property that was spied on. */
  [spies]: Map<object, Set<PropertyKey>>;
}
export const spies = Symbol('spies');

/** `jest` in test files. It has no `jest.mock`: modules are Node's own, and a mocked one would stay so for all files. */
export function jestObject({ moduleMocker, fakeTimersModern: timers }: Environment, config: Config.ProjectConfig) {
  const spied = new Map<object, Set<PropertyKey>>();
  return {
    [spies]: spied,
    fn: moduleMocker.fn.bind(moduleMocker),
    mocked: moduleMocker.mocked.bind(moduleMocker),
    isMockFunction: moduleMocker.isMockFunction.bind(moduleMocker),
    spyOn(object: object, property: PropertyKey, ...access: unknown[]) {
      spied.set(object, (spied.get(object) ?? new Set()).add(property));
      return Reflect.apply(moduleMocker.spyOn, moduleMocker, [object, property, ...access]);
    },
    clearAllMocks: () => moduleMocker.clearAllMocks(),
    resetAllMocks: () => moduleMocker.resetAllMocks(),
    restoreAllMocks: () => moduleMocker.restoreAllMocks(),
    useFakeTimers: (options?: Config.FakeTimersConfig) =>
      timers.useFakeTimers({ ...config.fakeTimers, ...options } as Config.FakeTimersConfig),
    useRealTimers: () => timers.useRealTimers(),
    setSystemTime: (now?: number | Date) => timers.setSystemTime(now),
    runAllTimers: () => timers.runAllTimers(),
    runOnlyPendingTimers: () => timers.runOnlyPendingTimers(),
    advanceTimersByTime: (ms: number) => timers.advanceTimersByTime(ms),
    advanceTimersByTimeAsync: (ms: number) => timers.advanceTimersByTimeAsync(ms),
  };
}
