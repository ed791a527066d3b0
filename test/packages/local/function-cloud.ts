import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import * as IAM from '@aws-sdk/client-iam';
import * as Lambda from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import type { ClientOptions } from '../../../packages/local/src/virtual/client-options.ts';
import { VirtualCloud } from '../../../packages/local/src/virtual/virtual-cloud.ts';
import { policyOf, trusting } from './authorised-cloud.ts';

export const account = '111122223333';
export const role = `arn:aws:iam::${account}:role/function`;
export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:${account}:function:${name}`;

export interface Answer {
  response: unknown;
  error?: string;
  status?: number;
  log?: string;
}

/** Source text by file name; a string alone is `index.mjs`. */
export type Files = string | Record<string, string>;

export function zipOf(files: Files): Uint8Array {
  const all = typeof files === 'string' ? { 'index.mjs': files } : files;
  return zipSync(Object.fromEntries(Object.entries(all).map(([name, text]) => [name, strToU8(text)])));
}

/** What makes a function of these files. */
export function creationOf(name: string, files: Files, more?: Partial<Lambda.CreateFunctionCommandInput>) {
  return new Lambda.CreateFunctionCommand({
    FunctionName: name,
    Role: role,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Timeout: 900,
    Code: { ZipFile: zipOf(files) },
    ...more,
  });
}

/** What an invocation gave: JSON, or nothing. */
export function answerIn({ Payload, FunctionError, StatusCode, LogResult }: Lambda.InvokeCommandOutput): Answer {
  return {
    response: Payload?.length ? JSON.parse(Payload.transformToString()) : undefined,
    error: FunctionError,
    status: StatusCode,
    log: LogResult && Buffer.from(LogResult, 'base64').toString(),
  };
}

/** A cloud at virtual time in which functions are made, and called by an SDK's client. */
export class FunctionCloud extends VirtualCloud {
  readonly options: ClientOptions;
  readonly lambda: Lambda.LambdaClient;
  readonly iam: IAM.IAMClient;
  readonly #logs: Logs.CloudWatchLogsClient;

  constructor(more: ConstructorParameters<typeof VirtualCloud>[0] = {}) {
    super({ account, ...more });
    this.options = this.clientOptions();
    this.lambda = new Lambda.LambdaClient(this.options);
    this.iam = new IAM.IAMClient(this.options);
    this.#logs = new Logs.CloudWatchLogsClient(this.options);
  }

  /** With the role of the functions, which may do everything unless told otherwise. */
  static async open({
    allow = ['*'],
    ...more
  }: ConstructorParameters<typeof VirtualCloud>[0] & { allow?: string[] } = {}): Promise<FunctionCloud> {
    const made = new FunctionCloud(more);
    const AssumeRolePolicyDocument = trusting({ Service: 'lambda.amazonaws.com' });
    await made.iam.send(new IAM.CreateRoleCommand({ RoleName: 'function', AssumeRolePolicyDocument }));
    const PolicyDocument = policyOf({ Effect: 'Allow', Action: allow, Resource: '*' });
    const policy = { RoleName: 'function', PolicyName: 'rights', PolicyDocument };
    await made.iam.send(new IAM.PutRolePolicyCommand(policy));
    return made;
  }

  /** Makes a function of these files and waits until it is active. */
  async create(name: string, files: Files, more?: Partial<Lambda.CreateFunctionCommandInput>): Promise<void> {
    await this.lambda.send(creationOf(name, files, more));
    await this.settled(name);
  }

  /** Waits until a function's creation or update is through. */
  settled(name: string): Promise<void> {
    const get = new Lambda.GetFunctionConfigurationCommand({ FunctionName: name });
    return this.until(async () => {
      const { State, LastUpdateStatus } = await this.lambda.send(get);
      return State === 'Active' && LastUpdateStatus === 'Successful';
    }, `${name} to be active`);
  }

  /** Invokes it and reads its JSON answer. */
  async invoke(name: string, event?: unknown, more?: Partial<Lambda.InvokeCommandInput>): Promise<Answer> {
    const Payload = event === undefined ? undefined : JSON.stringify(event);
    const command = new Lambda.InvokeCommand({ FunctionName: name, Payload, ...more });
    return answerIn(await this.lambda.send(command));
  }

  /** The messages of a function's log group. */
  async messages(name: string): Promise<string[]> {
    const command = new Logs.FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` });
    const { events = [] } = await this.#logs.send(command);
    return events.map(({ message }) => message ?? '');
  }

  /** Lets time pass until there is something to see. */
  async when<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    let seen: T | undefined;
    await this.until(async () => {
      seen = await look();
      return seen !== undefined;
    });
    return seen as T;
  }
}
