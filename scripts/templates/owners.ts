import type { ResourceDeclaration, Template } from '../../packages/local/src/cloudformation/template/template.ts';
import { referencesOf } from './references.ts';

/** Types that only add to the resource that they refer to first: a permission to a function, an association to a subnet. */
const additions = new Set([
  'AWS::EC2::Route',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::KMS::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Parameter',
  'AWS::ServiceCatalog::TagOptionAssociation',
]);

/** Those of them that say who uses their owner: they use nothing themselves. */
export const grants = new Set([
  'AWS::Lambda::Permission',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/** Types that belong to the resource that uses them, if only one does: a function's role, its log group. */
const supplies = new Set([
  'AWS::EC2::EIP',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::ServiceCatalog::TagOption',
]);

/** Each resource's owner in the diagram: itself, or the resource that it belongs to. */
export function ownersOf({ resources }: Template): Map<string, string> {
  const targets = new Map([...resources.values()].map((each) => [each.logicalId, targetsOf(each, resources)]));
  const owners = new Map([...resources.keys()].map((id) => [id, id]));
  const ownerOf = (id: string): string => (owners.get(id) === id ? id : ownerOf(owners.get(id)!));

  for (const [id, { type }] of resources) {
    const [first] = targets.get(id)!;
    if (additions.has(type) && first !== undefined && ownerOf(first) !== id) owners.set(id, first);
  }
  // An owner can have an owner, such as a role that a log group belongs to, so this takes another pass.
  for (let changed = true; changed; ) {
    changed = false;
    for (const [id, { type }] of resources) {
      if (!supplies.has(type) || owners.get(id) !== id) continue;
      const users = [...targets].filter(([, used]) => used.includes(id)).map(([user]) => ownerOf(user));
      const [user, ...others] = new Set(users.filter((each) => each !== id));
      if (user === undefined || others.length > 0 || isForPeople(resources.get(user)!, type)) continue;
      owners.set(id, user);
      changed = true;
    }
  }
  return new Map([...owners.keys()].map((id) => [id, ownerOf(id)]));
}

/** The resources that one refers to, each once, in the order of the references. */
export function targetsOf(resource: ResourceDeclaration, resources: Template['resources']): string[] {
  const names = referencesOf(resource).filter(({ kind }) => kind === 'value' || kind === 'attribute');
  return [...new Set(names.map(({ name }) => name))].filter(
    (name) => resources.has(name) && name !== resource.logicalId,
  );
}

/** A role that Studio's users work with does not belong to their domain. */
function isForPeople({ type }: ResourceDeclaration, supply: string): boolean {
  return supply !== 'AWS::Logs::LogGroup' && /^(Custom|AWS::SageMaker)::/.test(type);
}
