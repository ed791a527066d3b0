import type { Subject, World } from '../subject.ts';
import { kinds, statusMeanings } from './kinds.ts';

/** The networks and the role of a domain. */
export interface DomainPlace {
  executionRole: string;
  /** The first with three subnets, the second with one. */
  vpcs: { VpcId: string; SubnetIds: string[] }[];
}

/** A domain's properties as CloudFormation sends them, with two subnets. */
export function domainProperties({ executionRole, vpcs }: DomainPlace) {
  const [{ VpcId, SubnetIds }] = vpcs as [DomainPlace['vpcs'][0]];
  const DefaultUserSettings = { ExecutionRole: executionRole };
  return { DomainName: 'team', AuthMode: 'IAM', VpcId, SubnetIds: SubnetIds.slice(0, 2), DefaultUserSettings };
}

/** A domain, to be held against the contract. */
export function domainSubject(world: World, place: DomainPlace): Subject {
  const { executionRole, vpcs } = place;
  const [{ VpcId, SubnetIds }, second] = vpcs as [DomainPlace['vpcs'][0], DomainPlace['vpcs'][0]];
  const two = SubnetIds.slice(0, 2);
  const settings = { ExecutionRole: executionRole };
  const properties = domainProperties(place);
  return {
    world,
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
    shown: { DomainName: 'team', AuthMode: 'IAM', VpcId, SubnetIds: two },
    changed: { ...properties, SubnetIds, Tags: [{ Key: 'team', Value: 'red' }] },
    changedShown: { SubnetIds, Tags: { team: 'red' } },
    replacing: { ...properties, DomainName: 'team-2', ...second },
    colliding: [{ ...properties, ...second }, 'VpcId'],
    strings: [
      {
        ...properties,
        AdoptExisting: 'IfExists',
        DefaultUserSettings: { ...settings, SpaceStorageSettings: volumes('5', '100') },
      },
      { DefaultUserSettings: { SpaceStorageSettings: volumes(5, 100) } },
    ],
    wrong: [
      [{ ...properties, DomianName: 'x' }, 'DomianName: unknown property; did you mean DomainName?'],
      [{ ...properties, AdoptExisting: 'maybe' }, 'AdoptExisting: expected one of true, false, IfExists; got "maybe"'],
      [{ ...properties, DeleteContents: 'Some' }, 'DeleteContents: expected one of Apps, All, None; got "Some"'],
      [
        { ...properties, DefaultUserSettings: { JupyterLabAppSettings: { Lifecycle: [] } } },
        'DefaultUserSettings.JupyterLabAppSettings.Lifecycle: unknown property; did you mean LifecycleConfigArns?',
      ],
      [{ VpcId }, 'DomainName: required, but missing'],
    ],
    words: kinds.Domain.words,
    statuses: statusMeanings(kinds.Domain.words),
  };
}

function volumes(DefaultEbsVolumeSizeInGb: unknown, MaximumEbsVolumeSizeInGb: unknown): object {
  return { DefaultEbsStorageSettings: { DefaultEbsVolumeSizeInGb, MaximumEbsVolumeSizeInGb } };
}
