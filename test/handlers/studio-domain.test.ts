import { studioDomain } from '../../handlers/studio-domain.ts';
import { describeContract } from '../contract.ts';
import { account, region, stackId } from './built-function.ts';
import { domainProperties, domainSubject } from './domain-subject.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

const start = studioWorld('studio-domain', 'Domain', studioDomain);

describeContract('studio-domain', async () => {
  const world = await start();
  return domainSubject(world, world);
});

describe('studio-domain', () => {
  let world: StudioWorld;
  let properties: Record<string, unknown>;
  const create = (ResourceProperties: Record<string, unknown>) =>
    world.send({ RequestType: 'Create', ResourceProperties });

  beforeEach(async () => {
    world = await start();
    properties = domainProperties(world);
  });
  afterEach(() => world.close());

  test("the resources of AWS's own blog template work as they are", async () => {
    const [{ VpcId, SubnetIds }] = world.vpcs as [StudioWorld['vpcs'][0]];
    const DefaultUserSettings = { ExecutionRole: world.executionRole };
    const answer = await create({
      VPC: VpcId,
      SubnetIds: SubnetIds.join(),
      DomainName: 'MyDomainName',
      DefaultUserSettings,
    });
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DomainId: answer.PhysicalResourceId } });
    expect(world.calls().find(({ operation }) => operation === 'CreateDomain')?.input).toEqual({
      DomainName: 'MyDomainName',
      AuthMode: 'IAM',
      VpcId,
      SubnetIds,
      DefaultUserSettings,
      Tags: [
        { Key: 'studio-resources:stack-id', Value: stackId },
        { Key: 'studio-resources:logical-id', Value: 'Studio' },
        { Key: 'studio-resources:provider', Value: 'studio-resources' },
      ],
    });
  });

  test('the attributes tell the file system and the two NFS security groups', async () => {
    const { PhysicalResourceId: id, Data } = await create(properties);
    expect(Data).toEqual({
      DomainId: id,
      DomainArn: `arn:aws:sagemaker:${region}:${account}:domain/${id}`,
      Url: `https://${id}.studio.${region}.sagemaker.aws`,
      HomeEfsFileSystemId: expect.stringMatching(/^fs-/),
      SecurityGroupIdForDomainBoundary: '',
      SingleSignOnManagedApplicationInstanceId: '',
      InboundNfsSecurityGroupId: expect.stringMatching(/^sg-/),
      OutboundNfsSecurityGroupId: expect.stringMatching(/^sg-/),
    });
    const { HomeEfsFileSystemId, InboundNfsSecurityGroupId, OutboundNfsSecurityGroupId } = Data!;
    expect((await world.orphanedResources()).sort()).toEqual(
      [HomeEfsFileSystemId, InboundNfsSecurityGroupId, OutboundNfsSecurityGroupId].sort(),
    );
  });

  test('an attribute that a domain does not have is empty', async () => {
    const { Data } = await create({ ...properties, HomeEfsFileSystemCreation: 'Disabled' });
    expect(Data).toMatchObject({
      HomeEfsFileSystemId: '',
      InboundNfsSecurityGroupId: '',
      OutboundNfsSecurityGroupId: '',
    });
  });

  test('tags with reserved keys are refused before anything is called', async () => {
    const answer = await create({ ...properties, Tags: [{ Key: 'studio-resources:stack-id', Value: 'mine' }] });
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason:
        'Reading the tag studio-resources:stack-id: keys that begin with studio-resources: are reserved; choose another',
    });
    expect(world.calls()).toEqual([]);
  });

  test('the ids that it makes are told from those that CloudFormation invents', () => {
    expect(['d-abc123def456', 'd-a-b'].map((id) => studioDomain.ownsId?.(id))).toEqual([true, true]);
    const others = ['studio-Domain-1ABCDEFGHIJKL', 'd-Domain-1ABCDEFGHIJKL', 'd-', `d-${'a'.repeat(62)}`, ''];
    expect(others.map((id) => studioDomain.ownsId?.(id))).toEqual(others.map(() => false));
  });
});
