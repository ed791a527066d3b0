import { strToU8, zipSync } from 'fflate';
import { createCloud } from '../../packages/local/src/create-cloud.ts';
import { authorise } from '../../packages/local/src/iam/authorise.ts';
import { accountPrincipal, type Principal } from '../../packages/local/src/principal.ts';
import type { Cloud, Input, OperationName, Output } from '../../packages/local/src/service.ts';
import { allServices } from '../../packages/local/src/services/all.ts';
import { createCodeBuild } from '../../packages/local/src/services/ci/codebuild/index.ts';
import { type Processes, processes } from '../../packages/local/src/services/ci/codebuild/processes.ts';
import { followServices } from '../../packages/local/src/services/eventbridge/bus.ts';
import { followCalls } from '../../packages/local/src/services/eventbridge/trail.ts';
import { createLambda } from '../../packages/local/src/services/lambda/index.ts';
import { Store } from '../../packages/local/src/store.ts';
import { VirtualTime } from '../../packages/local/src/virtual/virtual-time.ts';
import { policyOf, trusting } from '../packages/local/authorised-cloud.ts';

export const account = '111122223333';
export const region = 'eu-west-1';

type CodeBuild = typeof import('@aws-sdk/client-codebuild');
type CodePipeline = typeof import('@aws-sdk/client-codepipeline');
type S3 = typeof import('@aws-sdk/client-s3');
type Iam = typeof import('@aws-sdk/client-iam');
type Logs = typeof import('@aws-sdk/client-cloudwatch-logs');

/** A service's operations, typed by its SDK's module. */
type Door<M extends object> = <Name extends OperationName<M>>(
  operation: Name,
  input: Input<M, Name>,
  as?: { principal?: Principal; region?: string },
) => Promise<Output<M, Name>>;

/** A cloud with every service at virtual time, whose builds run in shells. */
export interface PipelineCloud {
  readonly cloud: Cloud;
  /** Lets time pass until there is something to see. */
  when<T>(look: () => Promise<T | undefined>): Promise<T>;
  /** A command of a build may take longer than the build has, until what this returns is called. */
  letTimePassDuringBuilds(): () => void;
  door<M extends object>(service: string): Door<M>;
  readonly codebuild: Door<CodeBuild>;
  readonly codepipeline: Door<CodePipeline>;
  readonly s3: Door<S3>;
  /** Makes a role that a service takes on, with these statements; its ARN. */
  role(name: string, service: string, ...statements: object[]): Promise<string>;
  /** A bucket that keeps versions. */
  bucket(name: string, inRegion?: string): Promise<void>;
  /** Puts a zip of these files. */
  putZip(Bucket: string, Key: string, files: Record<string, string>): Promise<void>;
  /** A build once it has ended, with its log. */
  built(id: string): Promise<{ status?: string; build: Build; log: string[] }>;
  /** An execution once it has ended, or waits for an approval. */
  ran(pipeline: string, id?: string): Promise<Execution>;
  close(): Promise<void>;
}

export type Build = NonNullable<Output<CodeBuild, 'BatchGetBuilds'>['builds']>[number];
export type Execution = { status?: string; actions: Record<string, string> };

/** Builds are shells of this machine, and time stands still until each of their commands is through. */
function heldBy(time: VirtualTime, running: Processes, isHeld: () => boolean): Processes {
  const hold = <T>(work: Promise<T>) => (isHeld() ? time.hold(work) : work);
  return {
    ...running,
    shell(build, options) {
      const shell = running.shell(build, options);
      return {
        get alive() {
          return shell.alive;
        },
        run: (file) => hold(shell.run(file)),
        end: () => hold(shell.end()),
      };
    },
  };
}

export function pipelineCloud(): PipelineCloud {
  const time = new VirtualTime(Date.parse('2026-11-21T06:24:00Z'));
  let isHeld = true;
  const codebuildService = createCodeBuild(heldBy(time, processes(), () => isHeld));
  // No function runs here.
  const lambda = createLambda({
    runner: {
      refusal: async () => undefined,
      start: () => {
        throw new Error('Starting a function: no function runs here');
      },
      async close() {},
    },
  });
  const services = allServices({ lambda, codebuild: codebuildService });
  const cloud = createCloud({
    clock: time,
    store: new Store(),
    endpoint: 'http://127.0.0.1:4566',
    services,
    authorise,
  });
  followCalls(cloud);
  followServices(cloud);
  /** Lets time pass until there is something to see. */
  const when = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      await time.pass(1000);
    }
  };
  const door =
    <M extends object>(service: string): Door<M> =>
    async (operation, input, as = {}) => {
      const given = input as Record<string, unknown>;
      const caller = { principal: as.principal ?? accountPrincipal(account), region: as.region ?? region };
      return (await time.during(cloud.call({ service, operation, input: given, ...caller }))) as never;
    };
  const codebuild = door<CodeBuild>('codebuild');
  const codepipeline = door<CodePipeline>('codepipeline');
  const s3 = door<S3>('s3');
  const iam = door<Iam>('iam');
  const logs = door<Logs>('cloudwatch-logs');
  const logOf = async ({ groupName: logGroupName, streamName: logStreamName }: Build['logs'] & object) => {
    const { events = [] } = await logs('GetLogEvents', { logGroupName, logStreamName, startFromHead: true });
    return events.map(({ message = '' }) => message.trimEnd());
  };
  return {
    cloud,
    door,
    codebuild,
    codepipeline,
    s3,
    async role(RoleName, service, ...statements) {
      const AssumeRolePolicyDocument = trusting({ Service: service });
      const { Role } = await iam('CreateRole', { RoleName, AssumeRolePolicyDocument });
      if (statements.length > 0) {
        await iam('PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument: policyOf(...statements) });
      }
      return Role!.Arn!;
    },
    async bucket(Bucket, inRegion = region) {
      const LocationConstraint = inRegion as 'eu-west-1';
      await s3('CreateBucket', { Bucket, CreateBucketConfiguration: { LocationConstraint } }, { region: inRegion });
      await s3('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    },
    async putZip(Bucket, Key, files) {
      const entries = Object.entries(files).map(([path, text]) => [path, strToU8(text)]);
      await s3('PutObject', { Bucket, Key, Body: zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>) });
    },
    built: (id) =>
      when(async () => {
        const [build] = (await codebuild('BatchGetBuilds', { ids: [id] })).builds!;
        if (!build?.buildComplete) return undefined;
        return { status: build.buildStatus, build, log: build.logs ? await logOf(build.logs) : [] };
      }),
    ran: (pipelineName, id) =>
      when(async () => {
        const { pipelineExecutionSummaries: all = [] } = await codepipeline('ListPipelineExecutions', { pipelineName });
        const execution = id === undefined ? all[0] : all.find((one) => one.pipelineExecutionId === id);
        const { stageStates = [] } = await codepipeline('GetPipelineState', { name: pipelineName });
        const states = stageStates.flatMap(({ actionStates = [] }) => actionStates);
        const isWaiting = states.some(({ latestExecution }) => latestExecution?.token !== undefined);
        if (!execution || execution.status === 'Stopping') return undefined;
        if (execution.status === 'InProgress' && !isWaiting) return undefined;
        const { actionExecutionDetails: details = [] } = await codepipeline('ListActionExecutions', {
          pipelineName,
          filter: { pipelineExecutionId: execution.pipelineExecutionId },
        });
        const shown = details.reverse().map(({ actionName, status, output }) => {
          const { errorDetails } = output?.executionResult ?? {};
          return [actionName, errorDetails ? `${status}: ${errorDetails.code}: ${errorDetails.message}` : status];
        });
        return { status: execution.status, actions: Object.fromEntries(shown) };
      }),
    when,
    letTimePassDuringBuilds() {
      isHeld = false;
      return () => {
        isHeld = true;
      };
    },
    async close() {
      cloud.close();
      codebuildService.close();
      await lambda.close();
    },
  };
}

/** Everything on a bucket and what is in it. */
export function onBucket(name: string, ...actions: string[]): object {
  return { Effect: 'Allow', Action: actions, Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`] };
}

/** What every build needs to write its log. */
export const logging = {
  Effect: 'Allow',
  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
};
