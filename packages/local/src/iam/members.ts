interface Alias {
  member: string;
  /** What a value must look like, where the member holds ids of several kinds. */
  like?: RegExp;
  /** What becomes of the value in the ARN. */
  as?: (value: string) => string;
}

const withoutSlash = (name: string) => name.replace(/^\//, '');
const nameInArn = (nameOrArn: string) => nameOrArn.replace(/^.*:function:/, '');

/** Where a placeholder's value is, by service, when it is not in the member of that name. */
const aliases: Record<string, Record<string, Alias[]>> = {
  ec2: {
    NetworkInterfaceId: [{ member: 'Resources', like: /^eni-/ }],
    SecurityGroupId: [
      { member: 'GroupId' },
      { member: 'GroupIds' },
      { member: 'Groups', like: /^sg-/ },
      { member: 'Resources', like: /^sg-/ },
    ],
    SubnetId: [{ member: 'Resources', like: /^subnet-/ }],
    VpcId: [{ member: 'Resources', like: /^vpc-/ }],
  },
  elasticfilesystem: {
    AccessPointId: [{ member: 'ResourceId', like: /^fsap-/ }],
    FileSystemId: [{ member: 'ResourceId', like: /^fs-/ }],
  },
  lambda: { FunctionName: [{ member: 'FunctionName', as: nameInArn }] },
  sagemaker: {
    AppType: [{ member: 'AppType', as: (type) => type.toLowerCase() }],
    UserProfileName: [{ member: 'UserProfileName' }, { member: 'SpaceName' }],
  },
  ssm: {
    ParameterNameWithoutLeadingSlash: ['Name', 'Names', 'Path'].map((member) => ({ member, as: withoutSlash })),
  },
};

/** The values in the input that a placeholder such as `DomainId` may stand for: of the member of that name, or its plural. */
export function memberValues(action: string, placeholder: string, input: Record<string, unknown>): string[] {
  const service = action.slice(0, action.indexOf(':'));
  const known = aliases[service]?.[placeholder] ?? [];
  const wholes = known.some(({ like }) => like === undefined) ? known : [{ member: placeholder }, ...known];
  for (const { member, like, as } of wholes as Alias[]) {
    const values = valuesOfMember(member, input).filter((value) => !like || like.test(value));
    if (values.length > 0) return values.map(as ?? String);
  }
  return [];
}

function valuesOfMember(member: string, input: Record<string, unknown>): string[] {
  const wanted = member.toLowerCase();
  const found = Object.entries(input).find(([name, value]) => {
    const lower = name.toLowerCase();
    return value !== undefined && (lower === wanted || lower === `${wanted}s`);
  });
  return found ? [found[1]].flat().filter((value): value is string => typeof value === 'string' && value !== '') : [];
}
