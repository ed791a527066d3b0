import type { ResourceDeclaration, Template } from '../../packages/local/src/cloudformation/template/template.ts';
import { referencesOf } from './references.ts';

/** What only adds to the thing that it names first: a permission to its function, an association to its subnet. */
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

/** Of these, those that say by whom their owner is used: they use nothing themselves. */
export const grants = new Set([
  'AWS::Lambda::Permission',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/** What is there for another thing, where one alone uses it: the role of a function, its log. */
const supplies = new Set([
  'AWS::EC2::EIP',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::ServiceCatalog::TagOption',
]);

/** Each resource's owner in a picture: itself, or what it is there for. */
export function ownersOf({ resources }: Template): Map<string, string> {
  const targets = new Map([...resources.values()].map((each) => [each.logicalId, targetsOf(each, resources)]));
  const owners = new Map([...resources.keys()].map((id) => [id, id]));
  const ownerOf = (id: string): string => (owners.get(id) === id ? id : ownerOf(owners.get(id)!));

  for (const [id, { type }] of resources) {
    const [first] = targets.get(id)!;
    if (additions.has(type) && first !== undefined && ownerOf(first) !== id) owners.set(id, first);
  }
  // Where one supply is there for another, such as a log for a role, it takes another look.
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

/** The resources that one refers to, each once, in the order in which it does. */
export function targetsOf(resource: ResourceDeclaration, resources: Template['resources']): string[] {
  const names = referencesOf(resource).filter(({ kind }) => kind === 'value' || kind === 'attribute');
  return [...new Set(names.map(({ name }) => name))].filter(
    (name) => resources.has(name) && name !== resource.logicalId,
  );
}

/** A role that Studio's users work with is no mere supply of their domain. */
function isForPeople({ type }: ResourceDeclaration, supply: string): boolean {
  return supply !== 'AWS::Logs::LogGroup' && /^(Custom|AWS::SageMaker)::/.test(type);
}
