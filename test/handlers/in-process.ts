import { jest } from '@jest/globals';
import type { Sent } from '../subject.ts';

export const stackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/studio/5f1b2c30';

/** A request as CloudFormation sends it, without its id and its response URL. */
export function envelope({ LogicalResourceId = 'Studio', ResourceProperties, ...sent }: Sent): Record<string, unknown> {
  const ServiceToken = 'arn:aws:lambda:eu-west-1:111122223333:function:Studio';
  return {
    ...sent,
    ServiceToken,
    StackId: stackId,
    LogicalResourceId,
    ResourceType: 'Custom::Studio',
    ResourceProperties: { ServiceToken, ...ResourceProperties },
  };
}

/** Makes the waits between looks pass at once, on the clock as well; deadlines stay where they are. */
export function withoutPauses(): void {
  const real = { setTimeout: globalThis.setTimeout, now: Date.now };
  let skipped = 0;
  const pass = (run: (...all: unknown[]) => void, ms: number, ...all: unknown[]) =>
    ms < 60_000
      ? setImmediate(() => {
          skipped += ms;
          run(...all);
        })
      : real.setTimeout(run, ms, ...all);
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(pass as typeof setTimeout);
  jest.spyOn(Date, 'now').mockImplementation(() => real.now() + skipped);
}
