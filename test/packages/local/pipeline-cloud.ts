import { strToU8, zipSync } from 'fflate';
import { scaledClock } from '../../../packages/local/src/clock.ts';
import type { Cloud } from '../../../packages/local/src/cloud.ts';
import { openCloud } from '../../../packages/local/src/open-cloud.ts';
import { accountPrincipal, type Principal } from '../../../packages/local/src/principal.ts';
import type { Input, OperationName, Output } from '../../../packages/local/src/service.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { policyOf, trusting } from './authorised-cloud.ts';

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

/** A cloud with every service, whose builds run in processes; a day goes by in a few minutes. */
export interface PipelineCloud {
  readonly cloud: Cloud;
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

/** Resolves with the first value that `look` finds; the test's own time limit ends a search in vain. */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function pipelineCloud(): Promise<PipelineCloud> {
  const opened = await openCloud({ port: 0, clock: scaledClock(300), store: new Store(), onFailure() {} });
  opened.serve();
  const { cloud } = opened;
  const door =
    <M extends object>(service: string): Door<M> =>
    async (operation, input, as = {}) => {
      const given = input as Record<string, unknown>;
      const caller = { principal: as.principal ?? accountPrincipal(account), region: as.region ?? region };
      return (await cloud.call({ service, operation, input: given, ...caller })) as never;
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
      eventually(async () => {
        const [build] = (await codebuild('BatchGetBuilds', { ids: [id] })).builds!;
        if (!build?.buildComplete) return undefined;
        return { status: build.buildStatus, build, log: build.logs ? await logOf(build.logs) : [] };
      }),
    ran: (pipelineName, id) =>
      eventually(async () => {
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
    close: () => opened.close(),
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
