import { jest } from '@jest/globals';
import type { Handler, Permission } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import { AwsError } from '../../packages/local/src/errors.ts';
import { accountPrincipal, type Principal } from '../../packages/local/src/principal.ts';
import type { Input, OperationName, Output, Service } from '../../packages/local/src/service.ts';
import { responseBucket } from '../packages/core/bucket.ts';
import { captured } from '../packages/core/console.ts';
import { lambda } from '../packages/core/event.ts';
import { AuthorisedCloud, account } from '../packages/local/authorised-cloud.ts';
import type { Answer, Sent } from '../subject.ts';
import { awsError } from './aws-error.ts';
import { envelope, withoutPauses } from './in-process.ts';

/** Calls a service's operations. */
export type Call<M extends object> = <Name extends OperationName<M>>(
  operation: Name,
  input: Input<M, Name>,
) => Promise<Output<M, Name>>;

/** A handler whose calls are answered by a service of the local cloud in this process, or by the test itself. */
export interface MockService<M extends object> {
  send(request: Sent): Promise<Answer>;
  /** The service as an account, with every right; that of the stack if left out. */
  as(account?: string): Call<M>;
  /** What the handler called that changes something. */
  readonly mutations: string[];
  /** The messages that the handler has logged. */
  logged(): string[];
  /** Answers the handler's next calls of an operation, one each, instead of the service; an Error is thrown. */
  answer(operation: OperationName<M>, ...answers: unknown[]): void;
  /** Lets so many seconds pass. Each call takes two. */
  pass(seconds: number): Promise<void>;
  close(): void;
}

type MockedClient = Parameters<typeof mockClient>[0];

/**
 * The handler has the rights that the resource declares, and no others. `others` are services that it calls beside the one
 * that it is about; their operations are in neither `mutations` nor `answer`.
 */
export function mockService<M extends object>(
  handler: Handler,
  { permissions }: { permissions: readonly Permission[] },
  client: MockedClient,
  service: Service<M>,
  others: readonly [client: MockedClient, service: Service][] = [],
): MockService<M> {
  const cloud = new AuthorisedCloud([service, ...others.map(([, other]) => other)]);
  const statements = permissions.map(({ action, resource, condition }) => ({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  }));
  const role = cloud.role('handler', ...statements);
  const answers = new Map<string, unknown[]>();
  const mutations: string[] = [];
  const mock = mockClient(client);
  mock.send.callsFake(async (command) => {
    const operation = command.constructor.name.replace(/Command$/, '') as OperationName<M>;
    await cloud.clock.pass(2000);
    if (!/^(Get|Head|List)/.test(operation)) mutations.push(operation);
    const answer = answers.get(operation)?.shift();
    if (answer instanceof Error) throw answer;
    return (answer ?? asClient(call(await role)(operation, { ...command.input } as never))) as never;
  });
  const otherMocks = others.map(([each, other]) => {
    const otherMock = mockClient(each);
    otherMock.send.callsFake(async (command) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      return asClient(cloud.call(other, operation as never, { ...command.input } as never, await role)) as never;
    });
    return otherMock;
  });
  const lines = captured();
  withoutPauses();
  let requests = 0;

  function call(principal: Principal): Call<M> {
    return (operation, input) => cloud.call(service, operation, input, principal);
  }

  return {
    mutations,
    logged: () => lines.json().map(({ message }) => String(message)),
    as: (id = account) => call(accountPrincipal(id)),
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
    pass: (seconds) => cloud.clock.pass(1000 * seconds),
    close() {
      cloud.cloud.close();
      for (const each of [mock, ...otherMocks]) each.restore();
      jest.restoreAllMocks();
    },
  };
}

/** What a call gives, as a client of the SDK gives it. */
async function asClient(call: Promise<object>): Promise<object> {
  try {
    const output: { Body?: unknown } = await call;
    const { Body } = output;
    return Body instanceof Uint8Array ? { ...output, Body: { transformToByteArray: async () => Body } } : output;
  } catch (error) {
    throw error instanceof AwsError
      ? Object.assign(awsError(error.name, error.message), { $metadata: { httpStatusCode: error.status } })
      : error;
  }
}
