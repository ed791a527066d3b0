import { handler, studioDomain } from '../../handlers/studio-domain.ts';
import { describeContract } from '../contract.ts';
import { domainProperties as properties, role } from './domain-properties.ts';
import { domainSubject } from './domain-subject.ts';
import { type MockWorld, mockWorld, stackId } from './mock-world.ts';

describeContract('studio-domain against mocks', async () =>
  domainSubject(mockWorld('Domain', handler, studioDomain), {
    executionRole: role,
    vpcs: [
      { VpcId: 'vpc-1', SubnetIds: ['subnet-1', 'subnet-2', 'subnet-3'] },
      { VpcId: 'vpc-2', SubnetIds: ['subnet-4'] },
    ],
  }),
);

describe('studio-domain', () => {
  let world: MockWorld;
  const create = (ResourceProperties: Record<string, unknown>) =>
    world.send({ RequestType: 'Create', ResourceProperties });
  const inputOf = (operation: string) => world.studio.mutations.find((call) => call.operation === operation)?.input;

  beforeEach(() => {
    world = mockWorld('Domain', handler, studioDomain);
  });
  afterEach(() => world.close());

  test("the resources of AWS's own blog template work as they are", async () => {
    const answer = await create({
      VPC: 'vpc-1',
      SubnetIds: 'subnet-1,subnet-2',
      DomainName: 'MyDomainName',
      DefaultUserSettings: { ExecutionRole: role },
    });
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DomainId: answer.PhysicalResourceId } });
    expect(inputOf('CreateDomain')).toEqual({
      DomainName: 'MyDomainName',
      AuthMode: 'IAM',
      VpcId: 'vpc-1',
      SubnetIds: ['subnet-1', 'subnet-2'],
      DefaultUserSettings: { ExecutionRole: role },
      Tags: [
        { Key: 'studio-resources:stack-id', Value: stackId },
        { Key: 'studio-resources:logical-id', Value: 'Studio' },
      ],
    });
  });

  test('the attributes tell the file system and the two NFS security groups', async () => {
    const { PhysicalResourceId: id, Data } = await create(properties);
    expect(Data).toEqual({
      DomainId: id,
      DomainArn: `arn:aws:sagemaker:eu-west-1:111122223333:domain/${id}`,
      Url: `https://${id}.studio.eu-west-1.sagemaker.aws`,
      HomeEfsFileSystemId: 'fs-1',
      SecurityGroupIdForDomainBoundary: '',
      SingleSignOnManagedApplicationInstanceId: '',
      InboundNfsSecurityGroupId: 'sg-in-1',
      OutboundNfsSecurityGroupId: 'sg-out-1',
    });
  });

  test('what a domain does not have is an empty attribute', async () => {
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
    expect(world.studio.mutations).toEqual([]);
  });

  test('the ids that it makes are told from those that CloudFormation invents', () => {
    expect(['d-abc123def456', 'd-a-b'].map((id) => studioDomain.ownsId?.(id))).toEqual([true, true]);
    const others = ['studio-Domain-1ABCDEFGHIJKL', 'd-Domain-1ABCDEFGHIJKL', 'd-', `d-${'a'.repeat(62)}`, ''];
    expect(others.map((id) => studioDomain.ownsId?.(id))).toEqual(others.map(() => false));
  });
});
