import { AwsError } from '../../errors.ts';
import type { DynamicService, ParameterAttributes } from '../template/evaluate.ts';
import type { ParameterLookups } from '../template/parameters.ts';
import type { LookupCaller } from './lookup-caller.ts';
import { secretValue } from './secret-reference.ts';

/** What parameters are checked against: the parameter store, and what exists in EC2. */
export function parameterLookups(caller: LookupCaller): ParameterLookups {
  return {
    ssm: (name) => ssmParameter(caller, name),
    exists: (type, value) => exists(caller, type, value),
  };
}

/** The value of `{{resolve:service:key}}`. */
export async function dynamicValue(caller: LookupCaller, service: DynamicService, key: string): Promise<string> {
  if (service === 'secretsmanager') return secretValue(caller, key);
  return ssmParameter(caller, key);
}

/** The availability zones of a Region, as the caller sees them. */
export async function zonesOf({ cloud, principal }: LookupCaller, region: string): Promise<string[]> {
  const { AvailabilityZones } = await cloud.call({
    service: 'ec2',
    operation: 'DescribeAvailabilityZones',
    input: {},
    principal,
    region,
  });
  const zones = (AvailabilityZones ?? []) as { ZoneName?: string }[];
  return zones.map(({ ZoneName }) => ZoneName ?? '').sort();
}

async function ssmParameter({ cloud, principal, region }: LookupCaller, Name: string): Promise<string> {
  const input = { Name, WithDecryption: true };
  const { Parameter } = await cloud.call({ service: 'ssm', operation: 'GetParameter', input, principal, region });
  return (Parameter as { Value?: string }).Value ?? '';
}

/** For each AWS-specific parameter type: the call that fails, or finds nothing, when there is no such thing. */
const FINDERS: Record<string, { operation: string; ids: string; list: string }> = {
  'AWS::EC2::VPC::Id': { operation: 'DescribeVpcs', ids: 'VpcIds', list: 'Vpcs' },
  'AWS::EC2::Subnet::Id': { operation: 'DescribeSubnets', ids: 'SubnetIds', list: 'Subnets' },
  'AWS::EC2::SecurityGroup::Id': { operation: 'DescribeSecurityGroups', ids: 'GroupIds', list: 'SecurityGroups' },
  'AWS::EC2::AvailabilityZone::Name': {
    operation: 'DescribeAvailabilityZones',
    ids: 'ZoneNames',
    list: 'AvailabilityZones',
  },
};

type Found = Record<string, unknown>;

/** The thing of that type by that value; undefined when there is none, or none of the type here. */
async function find(
  { cloud, principal, region }: LookupCaller,
  type: string,
  value: string,
): Promise<Found | undefined> {
  const finder = FINDERS[type];
  // EC2 takes an empty id for one that is left out.
  if (!finder || value === '') return undefined;
  const { operation, ids, list } = finder;
  try {
    const found = await cloud.call({ service: 'ec2', operation, input: { [ids]: [value] }, principal, region });
    return (found[list] as Found[])[0];
  } catch (error) {
    if (error instanceof AwsError && /^Invalid.*(NotFound|Malformed|Value)$/.test(error.name)) return undefined;
    throw error;
  }
}

/** Types of which the local cloud has nothing are taken as they are. */
async function exists(caller: LookupCaller, type: string, value: string): Promise<boolean> {
  return !FINDERS[type] || (await find(caller, type, value)) !== undefined;
}

/** The attributes that rules may ask for, beside tags, by type. */
const ATTRIBUTES: Record<string, readonly string[]> = {
  'AWS::EC2::Subnet::Id': ['AvailabilityZone', 'VpcId'],
};

/** What rules ask about the things that parameters name: a subnet's VPC, a tag. */
export function parameterAttributes(caller: LookupCaller): ParameterAttributes {
  return async (type, value, attribute) => {
    const found = await find(caller, type, value);
    const [, tag] = /^Tags\.(.+)$/s.exec(attribute) ?? [];
    if (tag !== undefined) {
      return (found?.Tags as { Key?: string; Value?: string }[] | undefined)?.find(({ Key }) => Key === tag)?.Value;
    }
    return ATTRIBUTES[type]?.includes(attribute) ? (found?.[attribute] as string | undefined) : undefined;
  };
}
