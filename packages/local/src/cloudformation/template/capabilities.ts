import type { Template } from './template.ts';

/** The types that change who may do what, each with the property that names it, where it has one. */
const IAM_TYPES = new Map<string, string | undefined>([
  ['AWS::IAM::AccessKey', undefined],
  ['AWS::IAM::Group', 'GroupName'],
  ['AWS::IAM::InstanceProfile', 'InstanceProfileName'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
  ['AWS::IAM::Policy', undefined],
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::IAM::User', 'UserName'],
  ['AWS::IAM::UserToGroupAddition', undefined],
]);

/** What a caller must acknowledge before this template is used, and why. */
export function requiredCapabilities({
  resources,
  transforms,
}: Pick<Template, 'resources' | 'transforms'>): Pick<Template, 'capabilities' | 'capabilitiesReason'> {
  const iam = [...resources.values()].filter(({ type }) => IAM_TYPES.has(type));
  const named = iam.some(({ type, properties }) => (IAM_TYPES.get(type) ?? '') in properties);
  const capabilities: string[] = [];
  const reasons: string[] = [];
  if (iam.length > 0) {
    capabilities.push(named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM');
    const types = [...new Set(iam.map(({ type }) => type))];
    reasons.push(`The following resource(s) require capabilities: [${types.join(', ')}]`);
  }
  if (transforms.length > 0) {
    capabilities.push('CAPABILITY_AUTO_EXPAND');
    reasons.push(`The following transform(s) require capabilities: [${transforms.join(', ')}]`);
  }
  return { capabilities, capabilitiesReason: reasons.length > 0 ? reasons.join('; ') : undefined };
}
