import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import type { Concurrency } from '../../lambda/concurrency.ts';
import type { ExecutionResult } from '../../lambda/execution.ts';
import type { Executor, FailedInvocation } from '../../lambda/executor.ts';
import type { Call } from '../../service.ts';
import { invocationFault } from './faults.ts';
import { layerPackages } from './layers.ts';
import { arnOf, type Reference } from './names.ts';
import { type FunctionRecord, getVersion, packagesOf } from './records.ts';

/** What runs the functions of all accounts. */
export interface Runtime {
  executor: Executor;
  concurrency: Concurrency;
  /** Told of what fails where no caller is waiting. */
  onFailure: (failure: FailedInvocation) => void;
}

/** An event on its way to a function. */
export interface FunctionEvent {
  requestId: string;
  payload: Uint8Array;
  clientContext?: string;
}

/**
 * Runs a function on an event. Throws TooManyRequestsException when no more may run; what the function does wrong is in
 * the result.
 */
export async function runFunction(
  { executor, concurrency }: Runtime,
  record: FunctionRecord,
  reference: Reference,
  { requestId, payload, clientContext }: FunctionEvent,
  call: Call,
): Promise<{ result: ExecutionResult; executedVersion: string }> {
  const functionArn = record.latest.FunctionArn!;
  const version = chosenVersion(record, reference, call);
  const zip = packagesOf(call, reference).get(version.CodeSha256!);
  if (!zip) throw new Error(`Running ${functionArn}: its deployment package ${version.CodeSha256} is missing`);
  const leave = concurrency.enter(functionArn, record.reservedConcurrency);
  if (typeof leave === 'string') {
    throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', { members: { Reason: leave } });
  }
  try {
    const runnable = {
      configuration: version,
      functionArn,
      region: reference.region,
      code: { sha256: version.CodeSha256!, zip },
      layers: layerPackages(version.Layers, call),
      encryptedVariables: record.encrypted?.[version.KMSKeyArn ?? ''],
    };
    const invocation = {
      requestId,
      invokedFunctionArn: arnOf(reference),
      payload,
      traceId: traceOf(requestId, call.clock.now()),
      clientContext,
      fault: invocationFault(reference, call),
    };
    const result = await executor.run(call.cloud, runnable, invocation);
    return { result, executedVersion: version.Version! };
  } finally {
    leave();
  }
}

/** The version that runs: of an alias with weights, now one and now the other. */
function chosenVersion(record: FunctionRecord, reference: Reference, call: Call): FunctionConfiguration {
  const weights = record.aliases[reference.qualifier ?? '']?.RoutingConfig?.AdditionalVersionWeights ?? {};
  let draw = (call.cloud.store.next() % 100) / 100;
  for (const [qualifier, weight] of Object.entries(weights)) {
    if (draw < weight) return getVersion(record, { ...reference, qualifier });
    draw -= weight;
  }
  const version = getVersion(record, reference);
  return version === record.latest ? (record.running ?? version) : version;
}

function traceOf(requestId: string, time: number): string {
  const seconds = Math.floor(time / 1000).toString(16);
  const hex = requestId.replaceAll('-', '');
  return `Root=1-${seconds}-${hex.slice(0, 24)};Parent=${hex.slice(16, 32)};Sampled=0`;
}
