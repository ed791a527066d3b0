import { existsSync, readFileSync } from 'node:fs';
import * as Lambda from '@aws-sdk/client-lambda';
import { type Permission, runtimePermissions } from '@studio-resources/core';
import { putUrl } from '../../packages/local/src/cloudformation/resources/response-object.ts';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import type { Service } from '../../packages/local/src/service.ts';
import { VirtualCloud } from '../../packages/local/src/virtual/virtual-cloud.ts';
import { zipPath } from '../../scripts/handlers.ts';
import type { Answer, Sent } from '../subject.ts';
import { makeFunctionRole } from './domain-dependencies.ts';
import type { Place, SdkOptions } from './place.ts';
import { recordRights } from './record-rights.ts';
import { showStack } from './shown-stack.ts';

export const account = '111122223333';
export const region = 'us-east-1';
const bucket = 'cloudformation-custom-resource-response-useast1';
export const stackId = `arn:aws:cloudformation:${region}:${account}:stack/studio/5f1b2c30-0000-0000-0000-000000000000`;

/** A resource as the built zip, run by a cloud with the rights that it and the runtime declare, and no others. */
export interface RunFunction {
  /** Those of a client with the account's rights. */
  readonly options: SdkOptions;
  /** Sends a request as CloudFormation does, and gives the answer that it finds in its bucket. */
  send(request: Sent): Promise<Answer>;
  /** Invokes it with an event; gives what it returns. Throws if it fails. */
  invoke(event: unknown): Promise<unknown>;
  /** What it has logged: the JSON lines. */
  log(): Promise<Record<string, unknown>[]>;
  /** Its calls that change something, with their input, oldest first. */
  mutations(): Mutation[];
  close(): Promise<void>;
}

/** The same in a cloud at virtual time. */
export interface BuiltFunction<Made = unknown> extends RunFunction {
  readonly cloud: VirtualCloud;
  /** What `prepare` has made. */
  readonly made: Made;
}

export interface Mutation {
  operation: string;
  input: Record<string, unknown>;
}

interface Options<Made> {
  /** Prepares the cloud, once for all functions. */
  prepare?: (cloud: VirtualCloud, run: RunFunction) => Promise<Made>;
  /** The function's environment. */
  variables?: Record<string, string>;
}

/** Returns a function that makes a handler's function in a cloud of its own. `services` replace those of the cloud. */
export function builtFunction<Made = undefined>(
  name: string,
  { permissions, type }: { permissions: readonly Permission[]; type: string },
  { prepare = async () => undefined as Made, variables }: Options<Made> = {},
): (services?: readonly Service[]) => Promise<BuiltFunction<Made>> {
  let prepared: Promise<Prepared<Made>> | undefined;
  return async (services) => {
    prepared ??= prepareCloud({ name, type, permissions, variables }, prepare);
    const { made, ...from } = await prepared;
    const cloud = new VirtualCloud({ account, region, services, faults, from });
    return { made, cloud, ...functionIn(cloud, { name, type }) };
  };
}

/** A handler has to bear that SageMaker and Service Catalog find and list what is new only some seconds later. */
const faults: readonly Rule[] = [{ on: 'resource', fault: 'late' }];

interface Prepared<Made> {
  state: Uint8Array;
  made: Made;
}

async function prepareCloud<Made>(
  definition: Definition & { type: string },
  prepare: NonNullable<Options<Made>['prepare']>,
): Promise<Prepared<Made>> {
  const cloud = new VirtualCloud({ account, region, faults });
  try {
    await createFunction(cloud, definition);
    showStack({ cloud: cloud.cloud, account, region }, { stackId, template: ['Studio'] });
    const made = await prepare(cloud, functionIn(cloud, definition));
    return { ...(await cloud.save()), made };
  } finally {
    await cloud.discard();
  }
}

interface Definition {
  name: string;
  permissions: readonly Permission[];
  variables?: Record<string, string>;
}

/** The permissions that a resource needs to read stacks. */
const stackPermissions = runtimePermissions.filter(({ action }) => action.startsWith('cloudformation:'));

/** Makes the function of a handler, and its role. */
export async function createFunction(cloud: Place, { name, permissions, variables }: Definition): Promise<void> {
  const options = cloud.clientOptions();
  await makeFunctionRole(options, [...permissions, ...stackPermissions]);
  const lambda = new Lambda.LambdaClient(options);
  await lambda.send(
    new Lambda.CreateFunctionCommand({
      FunctionName: name,
      Role: `arn:aws:iam::${account}:role/function`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 900,
      MemorySize: 256,
      Code: { ZipFile: builtZip(name) },
      Environment: variables && { Variables: variables },
    }),
  );
  await untilActive(cloud, name);
}

/** Waits until a function's creation or update has ended. */
export function untilActive(cloud: Place, FunctionName: string): Promise<void> {
  const lambda = new Lambda.LambdaClient(cloud.clientOptions());
  return cloud.until(async () => {
    const command = new Lambda.GetFunctionConfigurationCommand({ FunctionName });
    const { State, LastUpdateStatus } = await lambda.send(command);
    return State === 'Active' && LastUpdateStatus === 'Successful';
  }, `function ${FunctionName} to be active`);
}

/** The zip of a handler. Throws if there is none. */
function builtZip(name: string): Buffer {
  if (!existsSync(zipPath(name))) throw new Error(`Testing ${name}: there is no zip of it; run npm run build first`);
  return readFileSync(zipPath(name));
}

/** Runs the existing function of a handler. */
export function functionIn(cloud: Place, { name, type }: { name: string; type: string }): RunFunction {
  recordRights(cloud.cloud, name);
  const options = cloud.clientOptions();
  const lambda = new Lambda.LambdaClient(options);
  const ServiceToken = `arn:aws:lambda:${region}:${account}:function:${name}`;
  const answers = new Map<string, Answer>();
  cloud.cloud.events.on('objectCreated', (object) => {
    if (object.bucket === bucket) answers.set(object.key, JSON.parse(Buffer.from(object.body).toString()));
  });
  const mutations: Mutation[] = [];
  cloud.cloud.events.on('exchange', ({ service, operation, principal, request }) => {
    const isOwn = principal.includes(':assumed-role/function/') && service !== 'cloudwatch-logs';
    if (isOwn && !/^(Describe|Get|Head|List)/.test(operation))
      mutations.push({ operation, input: { ...Object(request) } });
  });
  let requests = 0;

  async function invoke(event: unknown): Promise<unknown> {
    const command = new Lambda.InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
    const { Payload, FunctionError } = await lambda.send(command);
    const returned = Payload!.transformToString();
    if (FunctionError) throw new Error(`Invoking ${name}: ${FunctionError}: ${returned}`);
    return JSON.parse(returned);
  }

  return {
    options,
    invoke,
    async send({ LogicalResourceId = 'Studio', StackId = stackId, ResourceProperties, ...sent }) {
      requests += 1;
      const RequestId = `request-${requests}`;
      const returned = await invoke({
        ...sent,
        LogicalResourceId,
        ServiceToken,
        StackId,
        RequestId,
        ResponseURL: await putUrl(cloud.cloud, region, bucket, RequestId),
        ResourceType: type,
        ResourceProperties: { ServiceToken, ...ResourceProperties },
      });
      const answer = answers.get(RequestId);
      if (!answer)
        throw new Error(`Awaiting the answer to ${RequestId}: the function gave none, but ${JSON.stringify(returned)}`);
      return answer;
    },
    async log() {
      const lines = await cloud.logLines(name);
      return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    },
    mutations: () => [...mutations],
    close: () => cloud.close(),
  };
}
