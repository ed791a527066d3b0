import { handler } from '../../handlers/studio-domain.ts';
import { describeContract } from '../contract.ts';
import { mockWorld } from './mock-world.ts';

const role = 'arn:aws:iam::111122223333:role/studio';

const properties = {
  DomainName: 'team',
  AuthMode: 'IAM',
  VpcId: 'vpc-1',
  SubnetIds: ['subnet-1', 'subnet-2'],
  DefaultUserSettings: { ExecutionRole: role },
};

describeContract('studio-domain against mocks', async () => ({
  world: mockWorld('Domain', handler),
  id: /^d-[a-z0-9]+$/,
  attributes: [
    'DomainId',
    'DomainArn',
    'Url',
    'HomeEfsFileSystemId',
    'SecurityGroupIdForDomainBoundary',
    'SingleSignOnManagedApplicationInstanceId',
    'InboundNfsSecurityGroupId',
    'OutboundNfsSecurityGroupId',
  ],
  properties,
  shown: { DomainName: 'team', AuthMode: 'IAM', VpcId: 'vpc-1', SubnetIds: ['subnet-1', 'subnet-2'] },
  changed: { ...properties, SubnetIds: ['subnet-1', 'subnet-2', 'subnet-3'], Tags: [{ Key: 'team', Value: 'red' }] },
  changedShown: { SubnetIds: ['subnet-1', 'subnet-2', 'subnet-3'], Tags: { team: 'red' } },
  replacing: { ...properties, DomainName: 'team-2', VpcId: 'vpc-2' },
  colliding: [{ ...properties, VpcId: 'vpc-2' }, 'VpcId'],
  strings: [
    {
      ...properties,
      AdoptExisting: 'true',
      DefaultUserSettings: {
        ExecutionRole: role,
        SpaceStorageSettings: {
          DefaultEbsStorageSettings: { DefaultEbsVolumeSizeInGb: '5', MaximumEbsVolumeSizeInGb: '100' },
        },
      },
    },
    {
      DefaultUserSettings: {
        SpaceStorageSettings: {
          DefaultEbsStorageSettings: { DefaultEbsVolumeSizeInGb: 5, MaximumEbsVolumeSizeInGb: 100 },
        },
      },
    },
  ],
  wrong: [
    [{ ...properties, DomianName: 'x' }, 'DomianName: unknown property; did you mean DomainName?'],
    [{ ...properties, AdoptExisting: 'maybe' }, 'AdoptExisting: expected true or false, got "maybe"'],
    [{ ...properties, DeleteContents: 'Some' }, 'DeleteContents: expected one of Apps, All, None; got "Some"'],
    [
      { ...properties, DefaultUserSettings: { JupyterLabAppSettings: { Lifecycle: [] } } },
      'DefaultUserSettings.JupyterLabAppSettings.Lifecycle: unknown property; did you mean LifecycleConfigArns?',
    ],
    [{ VpcId: 'vpc-1' }, 'DomainName: required, but missing'],
  ],
  statuses: {
    InService: 'ready',
    Pending: 'pending',
    Updating: 'pending',
    Failed: 'failed',
    Update_Failed: 'failed',
    Delete_Failed: 'failed',
  },
}));
