import * as Lambda from '@aws-sdk/client-lambda';
import { Concurrency } from '../../lambda/concurrency.ts';
import { Executor, type FailedInvocation } from '../../lambda/executor.ts';
import type { Runner } from '../../lambda/runner.ts';
import { type Service, service } from '../../service.ts';
import { access } from './access.ts';
import { aliasOperations } from './aliases.ts';
import { deliverTask } from './asynchronous.ts';
import { eventInvokeConfigOperations } from './event-invoke-config.ts';
import { functionOperations, settleTask } from './functions.ts';
import { invokeOperation } from './invoke.ts';
import { layerOperations } from './layers.ts';
import { permissionOperations, resourcePolicy } from './permissions.ts';
import { reservedConcurrencyOperations } from './reserved-concurrency.ts';
import { tagOperations, tagsOf } from './tags.ts';
import { versionOperations } from './versions.ts';

export interface LambdaOptions {
  /** Starts the execution environments. */
  runner: Runner;
  /** Told of each invocation that fails, with its log. */
  onFailure?: (failure: FailedInvocation) => void;
  /** How many invocations may run at once. An account of AWS's begins with 1000; here each is a process. */
  concurrency?: number;
}

/** Lambda. `close` ends every execution environment; what still runs is delivered again once a kept state is loaded. */
export function createLambda({
  runner,
  onFailure = () => {},
  concurrency: limit = 100,
}: LambdaOptions): Service<typeof Lambda> & { close(): Promise<void> } {
  const executor = new Executor(runner, onFailure);
  const runtime = { executor, concurrency: new Concurrency(limit), onFailure };
  const definition = service('lambda', 'lambda', Lambda, {
    operations: {
      ...functionOperations(executor),
      ...versionOperations,
      ...layerOperations,
      ...aliasOperations,
      ...permissionOperations,
      ...eventInvokeConfigOperations,
      ...reservedConcurrencyOperations(limit),
      ...tagOperations,
      Invoke: invokeOperation(runtime),
    },
    tasks: { settle: settleTask(executor), deliver: deliverTask(runtime) },
    access,
    passedRoles: (operation, { Role }) =>
      (operation === 'CreateFunction' || operation === 'UpdateFunctionConfiguration') && typeof Role === 'string'
        ? [Role]
        : [],
    // A list is about no function.
    resourcePolicy: (arn, call) => (arn === '*' ? undefined : resourcePolicy(arn, call)),
    tagsOf,
  });
  return { ...definition, close: () => executor.close() };
}
