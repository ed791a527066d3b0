import { RAMClient } from '@aws-sdk/client-ram';
import type { Handler, Permission } from '@studio-resources/core';
import { ram } from '../../packages/local/src/services/ram/index.ts';
import { type Call, type MockService, mockService } from './mock-service.ts';

type Module = typeof import('@aws-sdk/client-ram');

export const consumer = '111122223333';
export const owner = '444455556666';
export const pipeline = `arn:aws:sagemaker:eu-west-1:${owner}:pipeline/train`;

/** A handler in the account that consumes, with RAM, and another account that shares. */
export interface MockRam extends MockService<Module> {
  asOwner: Call<Module>;
  asConsumer: Call<Module>;
  /** Shares the pipeline with the consumer; it takes its time. */
  share(name?: string): Promise<string>;
  /** The shares of others that the consumer is in. */
  memberships(): Promise<string[]>;
}

export function mockRam(handler: Handler, resource: { permissions: readonly Permission[] }): MockRam {
  const service = mockService<Module>(handler, resource, RAMClient, ram);
  const [asOwner, asConsumer] = [service.as(owner), service.as(consumer)];
  return {
    ...service,
    asOwner,
    asConsumer,
    async share(name = 'pipelines') {
      const input = { name, resourceArns: [pipeline], principals: [consumer] };
      const { resourceShare } = await asOwner('CreateResourceShare', input);
      return resourceShare!.resourceShareArn!;
    },
    async memberships() {
      const { resourceShares } = await asConsumer('GetResourceShares', { resourceOwner: 'OTHER-ACCOUNTS' });
      return resourceShares!.map(({ resourceShareArn }) => resourceShareArn!);
    },
  };
}
