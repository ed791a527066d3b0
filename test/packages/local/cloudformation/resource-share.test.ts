import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { ram } from '../../../../packages/local/src/services/ram/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { account, region, StackCloud } from '../stack-cloud.ts';

const consumers = ['444455556666', '777788889999'] as const;
const pipeline = (name: string) => `arn:aws:sagemaker:${region}:${account}:pipeline/${name}`;

function sharing(properties: Record<string, unknown>) {
  const Share = { Type: 'AWS::RAM::ResourceShare', Properties: { Name: 'pipelines', ...properties } };
  return { Resources: { Share }, Outputs: { Owner: { Value: { 'Fn::GetAtt': ['Share', 'OwningAccountId'] } } } };
}

async function held(cloud: StackCloud) {
  await cloud.clock.pass(60_000);
  const all = await Promise.all(
    (['RESOURCE', 'PRINCIPAL'] as const).map((associationType) =>
      cloud.invoke(ram, 'GetResourceShareAssociations', { associationType }),
    ),
  );
  return all
    .flatMap(({ resourceShareAssociations }) => resourceShareAssociations!)
    .filter(({ status }) => /^ASSOCIAT/.test(status!))
    .map(({ associatedEntity }) => associatedEntity);
}

test('AWS::RAM::ResourceShare is created, has its resources and principals updated in place, and is deleted with its stack', async () => {
  const cloud = new StackCloud(new Store(), [ram]);
  const first = { ResourceArns: [pipeline('a'), pipeline('b')], Principals: [consumers[0]] };
  const stack = await cloud.create('sharing', sharing(first));
  expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Outputs: [{ OutputValue: account }] });
  expect(await held(cloud)).toEqual([pipeline('a'), pipeline('b'), consumers[0]]);
  const { resourceShareInvitations } = await cloud.cloud.invoke(
    ram,
    'GetResourceShareInvitations',
    {},
    { principal: accountPrincipal(consumers[0]), region },
  );
  expect(resourceShareInvitations).toMatchObject([{ resourceShareName: 'pipelines', status: 'PENDING' }]);

  const second = { ResourceArns: [pipeline('b'), pipeline('c')], Principals: [consumers[1]] };
  const Tags = [{ Key: 'team', Value: 'red' }];
  await cloud.update('sharing', sharing({ ...second, Name: 'renamed', AllowExternalPrincipals: 'true', Tags }));
  expect(await held(cloud)).toEqual([pipeline('b'), pipeline('c'), consumers[1]]);
  const { resourceShares } = await cloud.invoke(ram, 'GetResourceShares', { resourceOwner: 'SELF' });
  expect(resourceShares).toMatchObject([{ name: 'renamed', tags: [{ key: 'team', value: 'red' }] }]);

  await cloud.update('sharing', sharing({ ...second, Name: 'renamed', AllowExternalPrincipals: 'true' }));
  expect(await cloud.delete('sharing')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect(await held(cloud)).toEqual([]);
});

test('another permission replaces the first in the same share', async () => {
  const cloud = new StackCloud(new Store(), [ram]);
  const permission = (name: string) => `arn:aws:ram::aws:permission/${name}`;
  const reading = permission('AWSRAMDefaultPermissionSageMakerPipeline');
  const executing = permission('AWSRAMPermissionSageMakerPipelineAllowExecution');
  const held = async () => {
    const { resourceShares } = await cloud.invoke(ram, 'GetResourceShares', { resourceOwner: 'SELF' });
    const lists = resourceShares!.map(({ resourceShareArn }) =>
      cloud.invoke(ram, 'ListResourceSharePermissions', { resourceShareArn }),
    );
    return (await Promise.all(lists)).map(({ permissions }) => permissions!.map(({ arn }) => arn));
  };
  const template = (permissionArn: string) =>
    sharing({ ResourceArns: [pipeline('a')], PermissionArns: [permissionArn] });
  await cloud.create('sharing', template(reading));
  expect(await held()).toEqual([[reading]]);
  await cloud.update('sharing', template(executing));
  expect(await held()).toEqual([[executing]]);
});

test("a share that RAM refuses fails with RAM's reason", async () => {
  const cloud = new StackCloud(new Store(), [ram]);
  await cloud.create('sharing', sharing({ Principals: ['someone'] }));
  expect(await cloud.history('sharing')).toContainEqual(expect.stringContaining('"Principal ID someone is malformed'));
});
