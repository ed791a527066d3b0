import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { regionalArn } from '../../../arn.ts';
import { AwsError } from '../../../errors.ts';
import type { Call } from '../../../service.ts';
import { inUse, invalid, type Operations } from '../records.ts';
import { roleProblem } from '../roles.ts';
import { checkTags, tagNew } from '../tags.ts';
import { type JobKind, type JobRecord, jobs } from './records.ts';

interface KindOfJob {
  /** In its ARNs. */
  resource: string;
  /** How long one takes, in seconds. */
  seconds: readonly [number, number];
  /** How errors call it. */
  noun: string;
}

/** The jobs that pipelines begin. Nothing runs in them here: they take their time, and write nothing. */
const kinds: Record<JobKind, KindOfJob> = {
  ProcessingJob: { resource: 'processing-job', seconds: [180, 300], noun: 'processing job' },
  TrainingJob: { resource: 'training-job', seconds: [150, 300], noun: 'training job' },
  TransformJob: { resource: 'transform-job', seconds: [200, 300], noun: 'transform job' },
  HyperParameterTuningJob: { resource: 'hyper-parameter-tuning-job', seconds: [300, 600], noun: 'tuning job' },
};

const stopping = [10, 60] as const;

export interface Running {
  kind: JobKind;
  name: string;
}

/** The roles that a job's request names: its own, or that of the training jobs of a tuning job. */
function roleOf(request: Record<string, unknown>): string | undefined {
  const { TrainingJobDefinition: definition } = request as { TrainingJobDefinition?: Record<string, unknown> };
  return (request.RoleArn ?? definition?.RoleArn) as string | undefined;
}

function operationsOf(kind: JobKind) {
  const { resource, seconds, noun } = kinds[kind];
  const nameIn = (request: Record<string, unknown>) => String(request[`${kind}Name`]);

  function get(request: Record<string, unknown>, call: Call): JobRecord {
    const job = jobs(kind, call).get(nameIn(request));
    if (job) return job;
    throw new AwsError('ResourceNotFound', `Could not find requested ${noun} with name: ${nameIn(request)}`);
  }

  return {
    [`Create${kind}`](request: Record<string, unknown>, call: Call) {
      const name = nameIn(request);
      const { Tags } = request as { Tags?: SageMaker.Tag[] };
      checkTags(Tags);
      if (jobs(kind, call).has(name)) {
        throw inUse(
          `Job name must be unique within an AWS account and region, and a ${noun} with this name already exists (${name})`,
        );
      }
      const problem = roleProblem({ ExecutionRole: roleOf(request) }, call);
      if (problem !== undefined) throw invalid(problem);
      const arn = regionalArn('sagemaker', `${resource}/${name}`, call);
      const created = new Date(call.clock.now());
      jobs(kind, call).set(name, { arn, name, request, status: 'InProgress', created, modified: created });
      tagNew(arn, Tags, call);
      call.takes(seconds, 'jobEnded', { kind, name } satisfies Running);
      return { [`${kind}Arn`]: arn };
    },

    [`Describe${kind}`](request: Record<string, unknown>, call: Call) {
      return describeJob(kind, get(request, call));
    },

    [`Stop${kind}`](request: Record<string, unknown>, call: Call) {
      const job = get(request, call);
      if (job.status !== 'InProgress') {
        throw invalid(`The request was rejected because the ${noun} is in status ${job.status}.`);
      }
      Object.assign(job, { status: 'Stopping', modified: new Date(call.clock.now()) });
      call.takes(stopping, 'jobEnded', { kind, name: job.name } satisfies Running);
      return {};
    },
  };
}

/** A job as `Describe…` shows it; another step takes its properties from that. */
export function describeJob(kind: JobKind, { arn, name, request, status, created, modified, ended }: JobRecord) {
  const { S3OutputPath } = (request.OutputDataConfig ?? {}) as { S3OutputPath?: string };
  return {
    ...request,
    [`${kind}Name`]: name,
    [`${kind}Arn`]: arn,
    [`${kind}Status`]: status,
    CreationTime: created,
    LastModifiedTime: modified,
    ...(ended && { [`${kind.replace(/Job$/, '')}EndTime`]: ended }),
    ...(kind === 'TrainingJob' && {
      SecondaryStatus: status === 'InProgress' ? 'Training' : status,
      ModelArtifacts: { S3ModelArtifacts: `${S3OutputPath}/${name}/output/model.tar.gz`.replace(/([^:])\/\//, '$1/') },
    }),
  };
}

// The operations of each kind differ in their names only, which the SDK's types cannot follow.
export const jobOperations = Object.assign({}, ...(Object.keys(kinds) as JobKind[]).map(operationsOf)) as Operations;

export const jobTasks = {
  jobEnded({ kind, name }: Running, call: Call): void {
    const job = jobs(kind, call).get(name);
    if (job?.status !== 'InProgress' && job?.status !== 'Stopping') return;
    const ended = new Date(call.clock.now());
    Object.assign(job, { status: job.status === 'Stopping' ? 'Stopped' : 'Completed', modified: ended, ended });
  },
};
