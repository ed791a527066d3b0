import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import type { Operations } from './records.ts';

type Operation = (input: { DryRun?: boolean }, call: Call) => unknown;

/** The operations, of which none does anything when `DryRun` is set: the caller has the rights, and that is all it asks. */
export function withDryRun(operations: Operations): Operations {
  const wrapped = Object.entries(operations as Record<string, Operation>).map(([name, run]): [string, Operation] => [
    name,
    (input, call) => {
      if (!input.DryRun) return run(input, call);
      const message = 'Request would have succeeded, but DryRun flag is set.';
      throw new AwsError('DryRunOperation', message, { status: 412 });
    },
  ]);
  return Object.fromEntries(wrapped) as Operations;
}
