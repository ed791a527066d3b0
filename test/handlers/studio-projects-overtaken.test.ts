import { IAMClient } from '@aws-sdk/client-iam';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { SSMClient } from '@aws-sdk/client-ssm';
import { jest } from '@jest/globals';
import type { Context } from '@studio-resources/core';
import { mockClient } from 'aws-sdk-client-mock';
import { studioProjects } from '../../handlers/studio-projects.ts';
import { readProperties } from '../../packages/core/src/schema/schema.ts';
import { account, stackId } from './built-function.ts';
import { type ProjectsWorld, projectsWorld } from './projects-world.ts';

// These tests call the resource's functions one by one, in an order that cannot be forced on a runtime. The functions run
// in this process, and call the cloud.
const launchRole = 'AmazonSageMakerServiceCatalogProductsLaunchRole';

let own: ProjectsWorld;
let red: string;
let restore: () => void;

beforeEach(async () => {
  own = await projectsWorld();
  red = own.roles[0];
  restore = sendIntoCloud(own);
  jest.spyOn(Date, 'now').mockImplementation(() => own.run.cloud.now().getTime());
});
afterEach(async () => {
  restore();
  jest.restoreAllMocks();
  await own.close();
});

function sendIntoCloud({ run, interceptions }: ProjectsWorld): () => void {
  const mocks = [SageMakerClient, ServiceCatalogClient, IAMClient, SSMClient].map((Client) => {
    const client = new Client(run.options);
    const send = Client.prototype.send as (command: unknown) => Promise<never>;
    const mock = mockClient(Client as typeof SSMClient);
    mock.send.callsFake(async (command) => {
      interceptions.intercept(command.constructor.name.replace(/Command$/, ''));
      return send.call(client, command);
    });
    return mock;
  });
  return () => {
    for (const mock of mocks) mock.restore();
  };
}

async function creation() {
  const ctx = {
    requestType: 'Create',
    stackId,
    logicalResourceId: 'Studio',
    partition: 'aws',
    account,
    since: own.run.cloud.now(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  } as unknown as Context;
  const props = await readProperties(studioProjects.schema, { ExecutionRole: red });
  const id = await studioProjects.create(props, ctx);
  await own.enable();
  await own.run.cloud.pass(60_000);
  return { ctx, props, id };
}

test('what a creation makes after a deletion has overtaken it is found and deleted', async () => {
  const { ctx, props, id } = await creation();
  const abandoned = studioProjects.propertiesForOrphan!(props);
  const seen = (await studioProjects.read!(id, props, ctx))!;
  await studioProjects.delete!(id, abandoned, ctx);
  expect(await studioProjects.read!(id, props, ctx)).toBeUndefined();
  await studioProjects.advance!(seen, props, ctx, props);
  expect([own.principals(), own.parameters()]).toEqual([[], []]);
  expect(await studioProjects.find!(props, ctx)).toBeUndefined();
  expect(await studioProjects.remainingAfterDelete!(id, abandoned, ctx)).toContain(launchRole);
  await studioProjects.delete!(id, abandoned, ctx);
  expect([own.principals(), own.parameters(), await own.serviceRoles()]).toEqual([[], [], []]);
  expect(await studioProjects.remainingAfterDelete!(id, abandoned, ctx)).toBeUndefined();
});

/** A creation that saw its role claimed and not associated; then its deletion ran to its end. */
async function overtakenWhileLooking() {
  const { ctx, props, id } = await creation();
  await studioProjects.advance!((await studioProjects.read!(id, props, ctx))!, props, ctx, props);
  own.clearPrincipals();
  const seen = (await studioProjects.read!(id, props, ctx))!;
  await studioProjects.delete!(id, props, ctx);
  return { ctx, props, id, seen };
}

test('a creation does not associate a role again that a deletion has disassociated', async () => {
  const { ctx, props, seen } = await overtakenWhileLooking();
  expect(seen.changes!.added).toEqual([{ arn: red, since: expect.any(Number) }]);
  await studioProjects.advance!(seen, props, ctx, props);
  expect([own.principals(), own.parameters()]).toEqual([[], []]);
});

test('if undoing that fails, the claim is left for the deletion that follows', async () => {
  const { ctx, props, id, seen } = await overtakenWhileLooking();
  own.interceptions.refuse('ListTagsForResource', 'AccessDeniedException', 'Not now');
  await expect(studioProjects.advance!(seen, props, ctx, props)).rejects.toThrow('Not now');
  expect(own.principals()).toEqual([red]);
  await studioProjects.delete!(id, props, ctx);
  expect([own.principals(), own.parameters()]).toEqual([[], []]);
});
