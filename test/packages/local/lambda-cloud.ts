import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import * as IAM from '@aws-sdk/client-iam';
import * as Lambda from '@aws-sdk/client-lambda';
import { type Clock, scaledClock } from '../../../packages/local/src/clock.ts';
import type { Cloud } from '../../../packages/local/src/cloud.ts';
import { createCloud } from '../../../packages/local/src/create-cloud.ts';
import type { FaultPlan } from '../../../packages/local/src/faults/rule.ts';
import { authorise } from '../../../packages/local/src/iam/authorise.ts';
import type { FailedInvocation } from '../../../packages/local/src/lambda/executor.ts';
import { processRunner } from '../../../packages/local/src/lambda/process-runner.ts';
import { listen } from '../../../packages/local/src/server.ts';
import type { Service } from '../../../packages/local/src/service.ts';
import { iam } from '../../../packages/local/src/services/iam/index.ts';
import { createLambda, type LambdaOptions } from '../../../packages/local/src/services/lambda/index.ts';
import { logs } from '../../../packages/local/src/services/logs/index.ts';
import { s3 } from '../../../packages/local/src/services/s3/index.ts';
import { sts } from '../../../packages/local/src/services/sts.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { eventually } from '../../wire/processes.ts';
import { type Answer, account, type Files, role, zipOf } from './function-cloud.ts';

export { eventually, isRunning } from '../../wire/processes.ts';
export { type Answer, account, type Files, functionArn, role, zipOf } from './function-cloud.ts';

/** A cloud that runs functions, many times as fast as AWS, and clients of it. */
export interface LambdaCloud {
  cloud: Cloud;
  store: Store;
  lambda: Lambda.LambdaClient;
  iam: IAM.IAMClient;
  options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  /** What the terminal would show. */
  failures: FailedInvocation[];
  /** Makes a function of these files and waits until it is active. */
  create(name: string, files: Files, more?: Partial<Lambda.CreateFunctionCommandInput>): Promise<void>;
  /** Waits until a function's creation or update is through. */
  settled(name: string): Promise<void>;
  /** Invokes it and reads its JSON answer. */
  invoke(name: string, event?: unknown, more?: Partial<Lambda.InvokeCommandInput>): Promise<Answer>;
  /** The messages of a function's log group. */
  messages(name: string): Promise<string[]>;
  close(): Promise<void>;
}

interface Options extends Partial<LambdaOptions> {
  speed?: number;
  /** Instead of one that goes on by itself. */
  clock?: Clock;
  initTimeout?: number;
  /** Where the files of file systems are. */
  files?: string;
  store?: Store;
  /** What the function's role may do; everything if left out. */
  allow?: string[];
  /** More services than a function itself needs. */
  services?: Service[];
  faults?: FaultPlan;
  /** What the services take, as a multiple of what AWS takes. */
  durations?: number;
  /** The Jupyter server that presigned URLs lead to. */
  jupyter?: string;
  /** False where the store has the role already. */
  makeRole?: boolean;
}

export async function lambdaCloud({ speed = 100, initTimeout, files, store = new Store(), ...more }: Options = {}) {
  const failures: FailedInvocation[] = [];
  const listener = await listen(0);
  const { endpoint } = listener;
  const clock = more.clock ?? scaledClock(speed, Date.parse('2026-11-21T06:24:00Z'));
  const runner = processRunner(clock, { initTimeout, files });
  const service = createLambda({ runner, onFailure: (one) => failures.push(one), ...more });
  const cloud = createCloud({
    clock,
    store,
    endpoint,
    durations: more.durations,
    services: [service, iam, sts, s3, logs, ...(more.services ?? [])],
    authorise,
    faults: more.faults,
    jupyter: more.jupyter,
  });
  listener.serve(cloud);
  const options = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: account, secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const clients = {
    lambda: new Lambda.LambdaClient(options),
    iam: new IAM.IAMClient(options),
    logs: new Logs.CloudWatchLogsClient(options),
  };
  const { lambda } = clients;
  if (more.makeRole !== false) await makeRole(clients.iam, more.allow ?? ['*']);

  const result: LambdaCloud = {
    cloud,
    store,
    lambda,
    iam: clients.iam,
    options,
    failures,
    async create(name, files, settings) {
      await lambda.send(
        new Lambda.CreateFunctionCommand({
          FunctionName: name,
          Role: role,
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Timeout: 900,
          Code: { ZipFile: zipOf(files) },
          ...settings,
        }),
      );
      await result.settled(name);
    },
    async settled(name) {
      await eventually(async () => {
        const { State, LastUpdateStatus } = await lambda.send(
          new Lambda.GetFunctionConfigurationCommand({ FunctionName: name }),
        );
        return (State === 'Active' && LastUpdateStatus === 'Successful') || undefined;
      });
    },
    async invoke(name, event, settings) {
      const { Payload, FunctionError, StatusCode, LogResult } = await lambda.send(
        new Lambda.InvokeCommand({
          FunctionName: name,
          Payload: event === undefined ? undefined : JSON.stringify(event),
          ...settings,
        }),
      );
      return {
        response: Payload?.length ? JSON.parse(Payload.transformToString()) : undefined,
        error: FunctionError,
        status: StatusCode,
        log: LogResult && Buffer.from(LogResult, 'base64').toString(),
      };
    },
    async messages(name) {
      const { events = [] } = await clients.logs.send(
        new Logs.FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }),
      );
      return events.map(({ message }) => message ?? '');
    },
    async close() {
      for (const client of Object.values(clients)) client.destroy();
      cloud.close();
      await service.close();
      await listener.close();
    },
  };
  return result;
}

async function makeRole(iamClient: IAM.IAMClient, actions: string[]): Promise<void> {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  await iamClient.send(
    new IAM.CreateRoleCommand({
      RoleName: 'function',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  );
  const rights = { Effect: 'Allow', Action: actions, Resource: '*' };
  await iamClient.send(
    new IAM.PutRolePolicyCommand({
      RoleName: 'function',
      PolicyName: 'rights',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [rights] }),
    }),
  );
}
