interface Alias {
  member: string;
  /** What a value must look like, where the member holds ids of several kinds. */
  like?: RegExp;
  /** What becomes of the value in the ARN. */
  as?: (value: string) => string;
}

/** Where else a placeholder's value may be, by service, than in the member of that name. */
const aliases: Record<string, Record<string, Alias[]>> = {
  ec2: { SecurityGroupId: [{ member: 'GroupId' }, { member: 'Groups' }] },
  elasticfilesystem: {
    AccessPointId: [{ member: 'ResourceId', like: /^fsap-/ }],
    FileSystemId: [{ member: 'ResourceId', like: /^fs-/ }],
  },
  sagemaker: {
    AppType: [{ member: 'AppType', as: (type) => type.toLowerCase() }],
    // An app belongs to a profile or to a space; its ARN has one place for both.
    UserProfileName: [{ member: 'UserProfileName' }, { member: 'SpaceName' }],
  },
};

/** What a placeholder such as `DomainId` may stand for: the values of the member of that name, or of its plural. */
export function memberValues(action: string, placeholder: string, input: Record<string, unknown>): string[] {
  const service = action.slice(0, action.indexOf(':'));
  const places: Alias[] = [...(aliases[service]?.[placeholder] ?? []), { member: placeholder }];
  for (const { member, like, as } of places) {
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
