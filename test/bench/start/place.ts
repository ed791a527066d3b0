import { scaledClock } from '../../../packages/local/src/clock.ts';
import { putUrl } from '../../../packages/local/src/cloudformation/resources/response-object.ts';
import { cloudformation } from '../../../packages/local/src/cloudformation/service.ts';
import { createCloud } from '../../../packages/local/src/create-cloud.ts';
import { authorise } from '../../../packages/local/src/iam/authorise.ts';
import { processRunner } from '../../../packages/local/src/lambda/process-runner.ts';
import type { Environment, Failure } from '../../../packages/local/src/lambda/runner.ts';
import { accountPrincipal } from '../../../packages/local/src/principal.ts';
import { listen } from '../../../packages/local/src/server.ts';
import { allServices } from '../../../packages/local/src/services/all.ts';
import { createCodeBuild } from '../../../packages/local/src/services/ci/codebuild/index.ts';
import { createLambda } from '../../../packages/local/src/services/lambda/index.ts';
import { sagemaker } from '../../../packages/local/src/services/sagemaker/index.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { noBuilds } from '../../../packages/local/src/virtual/no-builds.ts';
import { showStack } from '../../handlers/shown-stack.ts';
import type { Subject } from './subjects.ts';

const account = '111122223333';
const region = 'us-east-1';
const bucket = 'cloudformation-custom-resource-response-useast1';

const ServiceToken = `arn:aws:lambda:${region}:${account}:function:bench`;

interface Answer {
  Status: string;
  Reason?: string;
}

/** One answer to a request. */
export interface Answered {
  /** Real milliseconds from the spawn of the process, or from the request to a warm one, to the response in the bucket. */
  ms: number;
  /** Calls of AWS's API that the function made. */
  calls: number;
}

/** A function's process: its first answer is cold, those after it are warm. */
export interface Running {
  cold: Answered;
  warm(): Promise<Answered>;
  /** Ends it; gives the most memory that it was seen to hold, in megabytes. */
  end(): Promise<number>;
}

/** Runs functions in processes, as the local cloud does, against its services on a socket. */
export interface Place {
  start(subject: Subject): Promise<Running>;
  close(): Promise<void>;
}

export async function startPlace(): Promise<Place> {
  const listener = await listen(0);
  const clock = scaledClock(1);
  const runner = processRunner(clock);
  const lambda = createLambda({ runner });
  const services = allServices({ lambda, codebuild: createCodeBuild(noBuilds) });
  const cloud = createCloud({ clock, store: new Store(), endpoint: listener.endpoint, services, authorise });
  listener.serve(cloud);
  const as = { principal: accountPrincipal(account), region };
  const answers = new Map<string, (body: Uint8Array) => void>();
  cloud.events.on('objectCreated', ({ bucket: where, key, body }) => {
    if (where === bucket) answers.get(key)?.(body);
  });
  let calls = 0;
  cloud.events.on('exchange', ({ service }) => {
    if (service !== 's3') calls += 1;
  });
  let requests = 0;
  // With its first call, CloudFormation ends what a cloud that was stopped has left in progress.
  await cloud.invoke(cloudformation, 'DescribeStacks', {}, as);

  /** A request for a stack that CloudFormation shows. */
  async function prepare({ properties }: Subject) {
    requests += 1;
    const RequestId = `request-${requests}`;
    const StackId = `arn:aws:cloudformation:${region}:${account}:stack/studio-${requests}/5f1b2c30-0000-0000-0000-000000000000`;
    const resources = { Script: 'CREATE_IN_PROGRESS' } as const;
    showStack(
      { cloud, account, region },
      { stackId: StackId, status: 'CREATE_IN_PROGRESS', template: ['Script'], resources },
    );
    return {
      RequestType: 'Create',
      ...{ RequestId, StackId, ServiceToken, LogicalResourceId: 'Script' },
      ResponseURL: await putUrl(cloud, region, bucket, RequestId),
      ResourceType: 'Custom::StudioLifecycleConfig',
      ResourceProperties: { ServiceToken, ...properties(`script-${requests}`) },
    };
  }

  /** Sends the request, and measures from `started` until its response is in the bucket. */
  async function ask(
    environment: Environment,
    event: { RequestId: string },
    { name, status }: Subject,
    started: number,
  ) {
    const { RequestId } = event;
    const body = new Promise<Uint8Array>((resolve) => answers.set(RequestId, resolve));
    calls = 0;
    const { failure: initFailure } = await environment.initialized();
    if (initFailure) throw new Error(`Measuring ${name}: it did not start: ${reasonOf(initFailure)}`);
    const invocation = environment.invoke({
      requestId: RequestId,
      invokedFunctionArn: ServiceToken,
      payload: Buffer.from(JSON.stringify(event)),
      traceId: `Root=${RequestId}`,
    });
    const unanswered = invocation.then(({ failure }) => {
      throw new Error(`Measuring ${name}: it ended without a response${failure ? `: ${reasonOf(failure)}` : ''}`);
    });
    const answer = JSON.parse(Buffer.from(await Promise.race([body, unanswered])).toString()) as Answer;
    const ms = performance.now() - started;
    unanswered.catch(() => {});
    const { failure, maxMemoryUsed } = await invocation;
    if (failure) throw new Error(`Measuring ${name}: it failed after its response: ${reasonOf(failure)}`);
    if (answer.Status !== status) throw new Error(`Measuring ${name}: it responded ${answer.Status}: ${answer.Reason}`);
    answers.delete(RequestId);
    const answered = { ms, calls, maxMemoryUsed };
    await removeScripts();
    return answered;
  }

  /** So that a later request finds as many as the first. */
  async function removeScripts(): Promise<void> {
    const { StudioLifecycleConfigs = [] } = await cloud.invoke(sagemaker, 'ListStudioLifecycleConfigs', {}, as);
    for (const { StudioLifecycleConfigName } of StudioLifecycleConfigs) {
      await cloud.invoke(sagemaker, 'DeleteStudioLifecycleConfig', { StudioLifecycleConfigName }, as);
    }
  }

  return {
    async start(subject) {
      const event = await prepare(subject);
      const started = performance.now();
      const environment = runner.start(
        {
          functionName: 'bench',
          runtime: 'nodejs24.x',
          handler: 'index.handler',
          code: subject.code,
          layers: subject.layers,
          timeout: 900,
          memorySize: subject.memorySize,
          variables: variablesFor(listener.endpoint, subject.memorySize),
        },
        () => {},
      );
      const first = await ask(environment, event, subject, started);
      let memory = first.maxMemoryUsed;
      return {
        cold: first,
        async warm() {
          const next = await prepare(subject);
          const { maxMemoryUsed, ...answered } = await ask(environment, next, subject, performance.now());
          memory = Math.max(memory, maxMemoryUsed);
          return answered;
        },
        async end() {
          await environment.end();
          return memory;
        },
      };
    },
    async close() {
      cloud.close();
      await lambda.close();
      await listener.close();
    },
  };
}

function reasonOf({ errorType, reason, report }: Failure): string {
  return report ? Buffer.from(report).toString() : `${errorType} ${reason ?? ''}`;
}

/** What provider.yaml and Lambda set. */
function variablesFor(endpoint: string, memorySize: number): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    NODE_OPTIONS: `--import=${new URL('https-to-cloud.mjs', import.meta.url).href}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
    AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'secret',
    PROVIDER: 'studio-resources',
    ALLOWED_DOMAINS: '',
    ALLOWED_DOMAIN_TAG: '',
    NATIVE_DOMAINS: 'false',
    WAITER_ARN: `arn:aws:states:${region}:${account}:stateMachine:studio-resources-waiter`,
    STATE_KEY_ARN: `arn:aws:secretsmanager:${region}:${account}:secret:studio-resources`,
  };
}
