import type { Stack, StackEvent } from '@aws-sdk/client-cloudformation';
import * as Lambda from '@aws-sdk/client-lambda';
import { cloudformation } from '../../../packages/local/src/cloudformation/service.ts';
import { createCloud } from '../../../packages/local/src/create-cloud.ts';
import { AwsError } from '../../../packages/local/src/errors.ts';
import type { FaultPlan } from '../../../packages/local/src/faults/rule.ts';
import { handle } from '../../../packages/local/src/http.ts';
import { authorise } from '../../../packages/local/src/iam/authorise.ts';
import { accountPrincipal, type Principal } from '../../../packages/local/src/principal.ts';
import {
  type Cloud,
  type Input,
  type OperationName,
  type Output,
  type Service,
  service,
} from '../../../packages/local/src/service.ts';
import { ec2 } from '../../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../../packages/local/src/services/efs/index.ts';
import { iam } from '../../../packages/local/src/services/iam/index.ts';
import { logs } from '../../../packages/local/src/services/logs/index.ts';
import { s3 } from '../../../packages/local/src/services/s3/index.ts';
import { ssm } from '../../../packages/local/src/services/ssm/index.ts';
import { sts } from '../../../packages/local/src/services/sts.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { VirtualClock } from './virtual-clock.ts';

export const account = '111122223333';
export const region = 'us-east-1';
export const token = `arn:aws:lambda:${region}:${account}:function:provider`;

type Module = typeof import('@aws-sdk/client-cloudformation');

/** A custom resource's request, as its provider gets it. */
export interface ProviderRequest {
  RequestType: 'Create' | 'Update' | 'Delete';
  ServiceToken: string;
  ResponseURL: string;
  StackId: string;
  RequestId: string;
  ResourceType: string;
  LogicalResourceId: string;
  PhysicalResourceId?: string;
  ResourceProperties: Record<string, unknown>;
  OldResourceProperties?: Record<string, unknown>;
}

/** What a provider answers, beside what every answer repeats; nothing when it keeps silent. */
export type Answer = Record<string, unknown> | undefined;

/** CloudFormation over real services, at virtual time, with a custom resources' provider that the test plays. */
export class StackCloud {
  readonly clock = new VirtualClock();
  readonly cloud: Cloud & { close(): void };
  /** What the provider was sent, oldest first. */
  readonly requests: ProviderRequest[] = [];
  /** Answers each request. At first: makes ids out of logical ids, and succeeds. */
  provider: (request: ProviderRequest) => Answer | Promise<Answer> = ({ LogicalResourceId, PhysicalResourceId }) => ({
    PhysicalResourceId: PhysicalResourceId ?? `id-of-${LogicalResourceId}`,
  });

  constructor(store = new Store(), more: Service[] = [], faults?: FaultPlan) {
    this.cloud = createCloud({
      clock: this.clock,
      store,
      endpoint: 'http://127.0.0.1:4566',
      services: [cloudformation, ec2, efs, iam, logs, s3, ssm, sts, this.#lambda(), ...more],
      authorise,
      faults,
    });
  }

  /** Calls CloudFormation as the account, unless told otherwise. */
  call<Name extends OperationName<Module>>(
    operation: Name,
    input: Input<Module, Name>,
    principal: Principal = accountPrincipal(account),
  ): Promise<Output<Module, Name>> {
    return this.cloud.invoke(cloudformation, operation, input, { principal, region });
  }

  /** Calls another service. */
  invoke<M extends object, Name extends OperationName<M>>(
    other: Service<M>,
    operation: Name,
    input: Input<M, Name>,
  ): Promise<Output<M, Name>> {
    return this.cloud.invoke(other, operation, input, { principal: accountPrincipal(account), region });
  }

  /** All that these operations of a service list. */
  async listed<M extends object>(other: Service<M>, ...operations: OperationName<M>[]): Promise<unknown[]> {
    const lists = await Promise.all(operations.map((operation) => this.invoke(other, operation, {} as never)));
    return lists.flatMap((list) => Object.values(list as object).flat());
  }

  /** Creates a stack and follows it to its end. */
  async create(StackName: string, template: object, more: Partial<Input<Module, 'CreateStack'>> = {}): Promise<Stack> {
    await this.call('CreateStack', { StackName, TemplateBody: JSON.stringify(template), ...more });
    return this.ended(StackName);
  }

  async update(StackName: string, template: object, more: Partial<Input<Module, 'UpdateStack'>> = {}): Promise<Stack> {
    await this.call('UpdateStack', { StackName, TemplateBody: JSON.stringify(template), ...more });
    return this.ended(StackName);
  }

  /** Deletes a stack by its name; the stack as it is then. */
  async delete(StackName: string): Promise<Stack> {
    const { StackId } = await this.stack(StackName);
    await this.call('DeleteStack', { StackName });
    return this.ended(StackId!);
  }

  async stack(StackName: string): Promise<Stack> {
    const { Stacks } = await this.call('DescribeStacks', { StackName });
    return Stacks![0]!;
  }

  /** Lets time pass until no operation is under way on the stack. */
  async ended(StackName: string): Promise<Stack> {
    const { StackId } = await this.stack(StackName);
    return this.when(async () => {
      const stack = await this.stack(StackId!);
      return /_IN_PROGRESS$/.test(stack.StackStatus!) ? undefined : stack;
    });
  }

  /** Lets time pass until there is something to see. */
  async when<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (let seconds = 0; seconds < 3 * 3600; seconds += 1) {
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      const seen = await look();
      if (seen !== undefined) return seen;
      await this.clock.pass(1000);
    }
    throw new Error('Three hours have passed in vain');
  }

  /** Events, oldest first. */
  async events(StackName: string): Promise<StackEvent[]> {
    const events: StackEvent[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.call('DescribeStackEvents', { StackName, NextToken });
      events.push(...page.StackEvents!);
      NextToken = page.NextToken;
    } while (NextToken);
    return events.reverse();
  }

  /** Events as short lines: `Vpc CREATE_FAILED: why`. */
  async history(StackName: string): Promise<string[]> {
    return (await this.events(StackName)).map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
      [`${LogicalResourceId} ${ResourceStatus}`, ResourceStatusReason].filter(Boolean).join(': '),
    );
  }

  /** What the provider was asked, as short lines: `Update Thing id-1`. */
  asked(): string[] {
    return this.requests.map(({ RequestType, LogicalResourceId, PhysicalResourceId }) =>
      [RequestType, LogicalResourceId, PhysicalResourceId].filter(Boolean).join(' '),
    );
  }

  /** Puts a provider's answer to where the request says; the HTTP status. */
  async answer({ ResponseURL, StackId, RequestId, LogicalResourceId }: ProviderRequest, body: object | string) {
    const { host, pathname, search } = new URL(ResponseURL);
    const whole = { Status: 'SUCCESS', StackId, RequestId, LogicalResourceId, ...(body as object) };
    const text = typeof body === 'string' ? body : JSON.stringify(whole);
    const { status } = await handle(this.cloud, {
      method: 'PUT',
      url: pathname + search,
      headers: { host, 'content-type': '' },
      body: new TextEncoder().encode(text),
    });
    return status;
  }

  /** Lambda, as far as a custom resource sees it. */
  #lambda(): Service<typeof Lambda> {
    return service('lambda', 'lambda', Lambda, {
      access: { Invoke: ({ FunctionName }) => [{ action: 'lambda:InvokeFunction', resource: FunctionName }] },
      operations: {
        Invoke: ({ FunctionName, InvocationType, Payload }) => {
          if (FunctionName !== token) {
            throw new AwsError('ResourceNotFoundException', `Function not found: ${FunctionName}`, { status: 404 });
          }
          if (InvocationType !== 'Event') throw new Error('Custom resources are invoked asynchronously');
          const request = JSON.parse(new TextDecoder().decode(Payload as Uint8Array)) as ProviderRequest;
          this.requests.push(request);
          this.clock.after(0, async () => {
            const answer = await this.provider(request);
            if (answer) await this.answer(request, answer);
          });
          return { StatusCode: 202 };
        },
      },
    });
  }
}

/** A custom resource in a template. */
export function custom(properties: Record<string, unknown> = {}, more: object = {}): object {
  return { Type: 'Custom::Thing', Properties: { ServiceToken: token, ...properties }, ...more };
}
