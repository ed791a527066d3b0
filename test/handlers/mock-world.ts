import { EC2Client } from '@aws-sdk/client-ec2';
import { EFSClient } from '@aws-sdk/client-efs';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { jest } from '@jest/globals';
import type { Handler, Permission } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import type { Answer, Sent, World } from '../contract.ts';
import { responseBucket } from '../packages/core/bucket.ts';
import { captured } from '../packages/core/console.ts';
import { lambda } from '../packages/core/event.ts';
import { FakeStudio } from './fake-studio.ts';
import { awsError, type FakeThings } from './fake-things.ts';
import { kinds, type Noun } from './kinds.ts';

export const stackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/studio/5f1b2c30';

/** A world around one handler whose services are fakes; the rest of a handler is real, down to the answer's PUT. */
export interface MockWorld extends World {
  readonly studio: FakeStudio;
  /** What the handler wrote to its log. */
  log(): Record<string, unknown>[];
}

/**
 * `kind` says which of the services' things the handler is about. A call whose action is not among the permissions that
 * the resource declares is denied.
 */
export function mockWorld(
  kind: Noun,
  handler: Handler,
  { permissions }: { permissions: readonly Permission[] },
): MockWorld {
  const studio = new FakeStudio();
  const mocks = {
    sagemaker: mockClient(SageMakerClient),
    elasticfilesystem: mockClient(EFSClient),
    ec2: mockClient(EC2Client),
  };
  for (const [service, { send }] of Object.entries(mocks)) {
    send.callsFake(async (command) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      if (!permissions.some(({ action }) => action === `${service}:${operation}`)) {
        throw awsError('AccessDeniedException', `not authorized to perform: ${service}:${operation}`);
      }
      return studio.call(operation, { ...command.input }) as never;
    });
  }
  const lines = captured();
  withoutPauses();
  const all: Record<Noun, FakeThings> = {
    Domain: studio.domains,
    UserProfile: studio.profiles,
    Image: studio.images.images,
    StudioLifecycleConfig: studio.lifecycleConfigs.things,
  };
  const things = all[kind];
  const { words, keyOf, idOf, updated = kind } = kinds[kind];
  const members = (id: string) => {
    const thing = things.get(keyOf(id));
    if (!thing) throw new Error(`There is no ${kind} ${id}`);
    return thing.members;
  };
  const arn = (id: string) => String(members(id)[`${kind}Arn`]);
  const operation = { create: `Create${kind}`, update: `Update${updated}`, delete: `Delete${kind}` };
  let requests = 0;

  return {
    studio,
    log: () => lines.json(),
    async send(sent) {
      const bucket = await responseBucket();
      requests += 1;
      await handler({ ...envelope(sent), RequestId: `request-${requests}`, ResponseURL: bucket.url }, lambda());
      await bucket.close();
      return bucket.answer() as Answer;
    },
    async existing() {
      return [...things.values()].map(({ members }) => idOf(members));
    },
    async look(id) {
      return { ...members(id), Tags: studio.tagsOf(arn(id)) };
    },
    async mutations() {
      return studio.mutations.map(({ operation }) => operation);
    },
    async refuseNext(what, code, message) {
      studio.mishaps.set(operation[what], { refusal: awsError(code, message) });
    },
    async failNext(what, reason) {
      studio.mishaps.set(operation[what], { status: words.failed[what], reason });
    },
    async setStatus(id, status, reason) {
      const passes = words.passing.includes(status);
      Object.assign(members(id), { Status: status, FailureReason: reason });
      things.get(keyOf(id))!.next = passes ? { looks: 1, status: words.ready } : undefined;
    },
    async deleteBehindItsBack(id) {
      things.delete(keyOf(id));
    },
    async disown(id) {
      studio.tags.set(arn(id), new Map());
    },
    async close() {
      for (const mock of Object.values(mocks)) mock.restore();
      jest.restoreAllMocks();
    },
  };
}

/** A request as CloudFormation sends it, without its id and its response URL. */
export function envelope({ LogicalResourceId = 'Studio', ResourceProperties, ...sent }: Sent): Record<string, unknown> {
  const ServiceToken = 'arn:aws:lambda:eu-west-1:111122223333:function:Studio';
  return {
    ...sent,
    ServiceToken,
    StackId: stackId,
    LogicalResourceId,
    ResourceType: 'Custom::Studio',
    ResourceProperties: { ServiceToken, ...ResourceProperties },
  };
}

/** Makes the waits between looks pass at once, on the clock as well; deadlines stay where they are. */
export function withoutPauses(): void {
  const real = { setTimeout: globalThis.setTimeout, now: Date.now };
  let skipped = 0;
  const pass = (run: (...args: unknown[]) => void, ms: number, ...args: unknown[]) =>
    ms < 60_000
      ? setImmediate(() => {
          skipped += ms;
          run(...args);
        })
      : real.setTimeout(run, ms, ...args);
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(pass as typeof setTimeout);
  jest.spyOn(Date, 'now').mockImplementation(() => real.now() + skipped);
}
