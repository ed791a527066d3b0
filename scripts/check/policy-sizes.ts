import { isMap } from '../../packages/local/src/cloudformation/template/intrinsics.ts';
import type { TemplateFile } from '../templates/files.ts';
import type { Finding } from './findings.ts';
import { longest, type Place } from './longest-value.ts';

/** IAM's quotas, in characters without white space; of policies that are attached, their number. */
const quotas = { managed: 6144, inline: 10_240, trust: 2048, attached: 10 };

/** The longest names of Regions, by partition. */
const places: Place[] = [
  { partition: 'aws', region: 'ap-southeast-1' },
  { partition: 'aws-us-gov', region: 'us-gov-west-1' },
  { partition: 'aws-cn', region: 'cn-northwest-1' },
  { partition: 'aws-iso-b', region: 'us-isob-east-1' },
  { partition: 'aws-iso-e', region: 'eu-isoe-west-1' },
  { partition: 'aws-eusc', region: 'eusc-de-east-1' },
];

/**
 * Policies that IAM would refuse for their size where each parameter is given at its longest, and roles with more
 * policies than it attaches.
 */
export function checkPolicySizes(file: TemplateFile): Finding[] {
  return places
    .flatMap((place) => sizesOf(file, place))
    .filter(({ size, most }) => size > most)
    .sort((a, b) => b.size - a.size)
    .filter(({ path }, index, all) => all.findIndex((one) => one.path === path) === index)
    .map(({ path, what, size, most }) => {
      const message = `${what} may come to ${size}, and IAM takes ${most}; split it, or limit the parameters in it`;
      return { path: file.path, line: file.places.at(path).line, rule: 'policy-size', message };
    });
}

interface Size {
  path: string;
  what: string;
  size: number;
  most: number;
}

function sizesOf(file: TemplateFile, place: Place): Size[] {
  const inline = new Map<string, number>();
  const add = (role: string, size: number) => inline.set(role, (inline.get(role) ?? 0) + size);
  const sizes: Size[] = [];
  for (const { logicalId, type, properties } of file.template.resources.values()) {
    const path = `/Resources/${logicalId}/Properties`;
    const sizeOf = (value: unknown) => lengthOf(longest(value, file, place));
    if (type === 'AWS::IAM::ManagedPolicy') {
      const size = sizeOf(properties.PolicyDocument);
      sizes.push({ path, what: `${logicalId}: its policy`, size, most: quotas.managed });
    } else if (type === 'AWS::IAM::Role') {
      const size = sizeOf(properties.AssumeRolePolicyDocument);
      sizes.push({
        path: `${path}/AssumeRolePolicyDocument`,
        what: `${logicalId}: its trust policy`,
        size,
        most: quotas.trust,
      });
      const { Policies: policies = [] } = longest({ Policies: properties.Policies }, file, place) as {
        Policies?: unknown;
      };
      for (const policy of [policies].flat())
        add(logicalId, lengthOf(isMap(policy) ? policy.PolicyDocument : undefined));
      const attached = longest(properties.ManagedPolicyArns, file, place);
      // A list that is a parameter is checked by IAM alone.
      if (Array.isArray(properties.ManagedPolicyArns) && Array.isArray(attached)) {
        const what = `${logicalId}: the number of its managed policies`;
        sizes.push({ path: `${path}/ManagedPolicyArns`, what, size: attached.length, most: quotas.attached });
      }
    } else if (type === 'AWS::IAM::Policy' || type === 'AWS::IAM::RolePolicy') {
      const size = sizeOf(properties.PolicyDocument);
      for (const role of [properties.Roles ?? properties.RoleName].flat()) {
        add(isMap(role) && typeof role.Ref === 'string' ? role.Ref : logicalId, size);
      }
    }
  }
  for (const [role, size] of inline) {
    const path = `/Resources/${role}/Properties`;
    sizes.push({ path: `${path}/Policies`, what: `${role}: its inline policies`, size, most: quotas.inline });
  }
  return sizes;
}

/** As IAM counts: white space within texts counts neither. */
function lengthOf(document: unknown): number {
  return (JSON.stringify(document) ?? '').replace(/\s/g, '').length;
}
