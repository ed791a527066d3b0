import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../../errors.ts';
import type { Principal } from '../../../principal.ts';
import { alphanumerics } from '../../../random.ts';
import type { Call } from '../../../service.ts';
import { assumeAsService } from '../../sts.ts';
import { holds } from './conditions.ts';
import type { ExecutionRecord, JobKind, StepRecord } from './records.ts';
import { isObject, type Json, type StepDefinition } from './step.ts';
import { resolve, StepFailure } from './values.ts';

type StartedStep = Pick<StepRecord, 'job' | 'metadata' | 'properties' | 'result'>;
type StepStart = (step: StartingStep) => Promise<StartedStep>;

/** A step that begins, its arguments resolved, with what it may do. */
interface StartingStep {
  step: StepDefinition;
  given: Record<string, Json>;
  execution: ExecutionRecord;
  role: Principal;
  call: Call;
}

/** What each type of step does when it begins; a job then takes its time. */
const types: Record<string, StepStart> = {
  Processing: job('ProcessingJob', 'ProcessingJob'),
  Training: job('TrainingJob', 'TrainingJob'),
  Transform: job('TransformJob', 'TransformJob'),
  Tuning: job('HyperParameterTuningJob', 'TuningJob'),
  Model: creating('CreateModel', 'ModelArn', 'Model', 'ModelName'),
  RegisterModel: creating('CreateModelPackage', 'ModelPackageArn', 'RegisterModel'),
  Condition: async ({ given: { Conditions } }) => ({
    metadata: { Condition: { Outcome: (Conditions as Json[]).every(holds) ? 'True' : 'False' } },
    result: {},
  }),
  Lambda: invokeFunction,
  Fail: async ({ given }) => ({
    metadata: { Fail: { ErrorMessage: String(given.ErrorMessage) } },
    result: { failure: String(given.ErrorMessage) },
  }),
};

/** Begins a step with the rights of the pipeline's role. Throws a StepFailure where it cannot. */
export async function beginStep(step: StepDefinition, execution: ExecutionRecord, call: Call): Promise<StartedStep> {
  const role = sessionOf(execution, call);
  // The steps in a condition's branches are not its own.
  const { IfSteps: _, ElseSteps: __, ...own } = step.Arguments ?? {};
  const given = await resolve(own, execution, role, call);
  if (!isObject(given)) throw new StepFailure(`ClientError: The arguments of ${step.Name} are no object.`);
  return types[step.Type]!({ step, given: given as Record<string, Json>, execution, role, call });
}

/** The pipeline's role, taken on by SageMaker. */
function sessionOf({ roleArn, shown }: ExecutionRecord, { cloud }: Call): Principal {
  try {
    const source = { sourceArn: shown.PipelineArn };
    return assumeAsService(cloud, roleArn, 'sagemaker.amazonaws.com', 'SageMaker', source).principal;
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const message = `ClientError: Unable to assume the pipeline's role ${roleArn}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`;
    throw new StepFailure(message, { cause });
  }
}

/** Calls a service as the role; what it refuses fails the step with its words. */
async function asRole(
  { role, call }: StartingStep,
  service: string,
  operation: string,
  input: Record<string, unknown>,
) {
  try {
    return await call.cloud.call({ service, operation, input, principal: role, region: call.region });
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const message = `ClientError: Failed to invoke ${service}:${operation}. Error Details: ${cause.message}`;
    throw new StepFailure(message, { cause });
  }
}

/**
 * A name such as `pipelines-4hthyvr5l9hc-Train-5kbhvmbqo0`, of at most 63 characters; of tuning jobs, which have 32, one such
 * as `4hthyvr5l9hc-HPTuning-5kbhvmbqo0`, as the output of SageMaker's example notebooks shows them.
 */
function nameFor({ step, execution, call }: StartingStep, kind?: JobKind): string {
  const id = execution.arn.slice(execution.arn.lastIndexOf('/') + 1);
  const [start, most] = kind === 'HyperParameterTuningJob' ? [id, 32] : [`pipelines-${id}`, 63];
  const room = most - `${start}--`.length - 10;
  return `${start}-${step.Name.replace(/_/g, '-').slice(0, room)}-${alphanumerics(call.cloud.store, 10)}`;
}

function job(kind: JobKind, shownAs: keyof SageMaker.PipelineExecutionStepMetadata): StepStart {
  return async (starting) => {
    const name = nameFor(starting, kind);
    const made = await asRole(starting, 'sagemaker', `Create${kind}`, { ...starting.given, [`${kind}Name`]: name });
    return { job: { kind, name }, metadata: { [shownAs]: { Arn: made[`${kind}Arn`] } } };
  };
}

/** What is there as soon as it is asked for. */
function creating(
  operation: string,
  arn: string,
  shownAs: keyof SageMaker.PipelineExecutionStepMetadata,
  nameMember?: string,
): StepStart {
  return async (starting) => {
    const name = nameMember && { [nameMember]: nameFor(starting) };
    const input = { ...starting.given, ...name };
    const made = await asRole(starting, 'sagemaker', operation, input);
    return { result: {}, properties: { ...input, ...made }, metadata: { [shownAs]: { Arn: made[arn] } } };
  };
}

async function invokeFunction(starting: StartingStep): Promise<StartedStep> {
  const { step, given, execution, role, call } = starting;
  const FunctionName = String(await resolve(step.FunctionArn!, execution, role, call));
  const Payload = Buffer.from(JSON.stringify(given));
  const { FunctionError, Payload: bytes } = await asRole(starting, 'lambda', 'Invoke', { FunctionName, Payload });
  const text = Buffer.from((bytes as Uint8Array | undefined) ?? []).toString();
  if (FunctionError !== undefined) throw new StepFailure(`ClientError: Lambda step ${step.Name} failed: ${text}`);
  const answer: unknown = text === '' ? {} : JSON.parse(text);
  const names = (step.OutputParameters ?? []).map(({ OutputName }) => OutputName);
  const missing = names.find((name) => !isObject(answer) || answer[name] === undefined);
  if (missing !== undefined) throw new StepFailure(`ClientError: Lambda step ${step.Name} did not return ${missing}.`);
  const outputs = names.map((name) => [name, (answer as Record<string, unknown>)[name]] as const);
  return {
    result: {},
    properties: { OutputParameters: Object.fromEntries(outputs) },
    metadata: {
      Lambda: {
        Arn: FunctionName,
        OutputParameters: outputs.map(([Name, value]) => ({ Name, Value: String(value) })),
      },
    },
  };
}

/** Stops a step's job, as far as the pipeline's role may. What refuses to stop ends by itself. */
export async function stopJob({ job }: StepRecord, execution: ExecutionRecord, call: Call): Promise<void> {
  if (!job) return;
  const input = { [`${job.kind}Name`]: job.name };
  try {
    const principal = sessionOf(execution, call);
    await call.cloud.call({
      service: 'sagemaker',
      operation: `Stop${job.kind}`,
      input,
      principal,
      region: call.region,
    });
  } catch (cause) {
    if (!(cause instanceof AwsError || cause instanceof StepFailure)) throw cause;
  }
}
