import { RAMClient } from '@aws-sdk/client-ram';
import { jest } from '@jest/globals';
import type { Handler, Permission } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import { AwsError } from '../../packages/local/src/errors.ts';
import { accountPrincipal } from '../../packages/local/src/principal.ts';
import type { Input, OperationName, Output } from '../../packages/local/src/service.ts';
import { ram } from '../../packages/local/src/services/ram/index.ts';
import type { Answer, Sent } from '../contract.ts';
import { responseBucket } from '../packages/core/bucket.ts';
import { captured } from '../packages/core/console.ts';
import { lambda } from '../packages/core/event.ts';
import { AuthorisedCloud } from '../packages/local/authorised-cloud.ts';
import { awsError } from './fake-things.ts';
import { envelope, withoutPauses } from './mock-world.ts';

type Module = typeof import('@aws-sdk/client-ram');
type Operation = OperationName<Module>;
type Call = <Name extends Operation>(operation: Name, input: Input<Module, Name>) => Promise<Output<Module, Name>>;

export const consumer = '111122223333';
export const owner = '444455556666';
export const pipeline = `arn:aws:sagemaker:eu-west-1:${owner}:pipeline/train`;

/** A handler whose calls of RAM are answered by the local one, and by what a test puts before it. */
export interface MockRam {
  send(request: Sent): Promise<Answer>;
  /** RAM as the account that shares, and as the one that the stack is in. */
  asOwner: Call;
  asConsumer: Call;
  /** What the handler called that changes something. */
  readonly mutations: string[];
  /** Answers the handler's next calls of an operation, one each; an Error is thrown. */
  answer(operation: Operation, ...answers: unknown[]): void;
  /** Shares the pipeline with the consumer; it takes its time. */
  share(name?: string): Promise<string>;
  /** Lets so many seconds pass in RAM. Each call takes two. */
  pass(seconds: number): Promise<void>;
  /** The shares of others that the consumer is in. */
  memberships(): Promise<string[]>;
  close(): void;
}

/** A call whose action is not among the permissions that the resource declares is denied. */
export function mockRam(handler: Handler, { permissions }: { permissions: readonly Permission[] }): MockRam {
  const cloud = new AuthorisedCloud([ram]);
  const as =
    (account: string): Call =>
    (operation, input) =>
      cloud.call(ram, operation, input, accountPrincipal(account));
  const answers = new Map<string, unknown[]>();
  const mutations: string[] = [];
  const mock = mockClient(RAMClient);
  mock.send.callsFake(async (command) => {
    const operation = command.constructor.name.replace(/Command$/, '') as Operation;
    if (!permissions.some(({ action }) => action === `ram:${operation}`)) {
      throw awsError('AccessDeniedException', `not authorized to perform: ram:${operation}`);
    }
    await cloud.clock.pass(2000);
    if (!/^(Get|List)/.test(operation)) mutations.push(operation);
    const answer = answers.get(operation)?.shift();
    if (answer instanceof Error) throw answer;
    return (answer ?? as(consumer)(operation, { ...command.input } as never).catch(asClient)) as never;
  });
  captured();
  withoutPauses();
  const asOwner = as(owner);
  let requests = 0;

  return {
    asOwner,
    asConsumer: as(consumer),
    mutations,
    async send(sent) {
      const bucket = await responseBucket();
      requests += 1;
      await handler({ ...envelope(sent), RequestId: `request-${requests}`, ResponseURL: bucket.url }, lambda());
      await bucket.close();
      return bucket.answer() as Answer;
    },
    answer(operation, ...given) {
      answers.set(operation, given);
    },
    async share(name = 'pipelines') {
      const input = { name, resourceArns: [pipeline], principals: [consumer] };
      const { resourceShare } = await asOwner('CreateResourceShare', input);
      return resourceShare!.resourceShareArn!;
    },
    pass: (seconds) => cloud.clock.pass(1000 * seconds),
    async memberships() {
      const { resourceShares } = await as(consumer)('GetResourceShares', { resourceOwner: 'OTHER-ACCOUNTS' });
      return resourceShares!.map(({ resourceShareArn }) => resourceShareArn!);
    },
    close() {
      cloud.cloud.close();
      mock.restore();
      jest.restoreAllMocks();
    },
  };
}

function asClient(error: Error): never {
  throw error instanceof AwsError ? awsError(error.name, error.message) : error;
}
