import type * as RAM from '@aws-sdk/client-ram';
import type { ResourceContext } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { flag, list, optional, required, type Tag, tags, text } from './property.ts';
import { type ServiceClient, serviceClient } from './service-client.ts';

const ramClient = (context: ResourceContext) => serviceClient<typeof RAM>(context, 'ram');

interface Contents {
  ResourceArns?: string[];
  Principals?: string[];
}

const resourceShare = nativeType({
  type: 'AWS::RAM::ResourceShare',
  properties: {
    AllowExternalPrincipals: optional(flag),
    Name: required(text),
    PermissionArns: optional(list(text)),
    Principals: optional(list(text)),
    ResourceArns: optional(list(text)),
    Tags: optional(tags),
  },
  async create({ Name, ResourceArns, Principals, PermissionArns, AllowExternalPrincipals, Tags }, context) {
    const { resourceShare: share } = await ramClient(context)('CreateResourceShare', {
      name: Name,
      resourceArns: ResourceArns,
      principals: Principals,
      permissionArns: PermissionArns,
      allowExternalPrincipals: AllowExternalPrincipals,
      tags: Tags?.map(asRam),
    });
    context.initiated(share!.resourceShareArn!);
    return shareResource(share!);
  },
  async update({ physicalId: resourceShareArn, values, old, changed }, context) {
    const ram = ramClient(context);
    const { Name: name, AllowExternalPrincipals: allowExternalPrincipals } = values;
    if (changed.has('Name') || changed.has('AllowExternalPrincipals')) {
      await ram('UpdateResourceShare', { resourceShareArn, name, allowExternalPrincipals });
    }
    await change(ram, resourceShareArn, values, old);
    // A share has one permission for each type of resource, so another one takes the place of the first.
    for (const permissionArn of without(values.PermissionArns, old.PermissionArns)) {
      await ram('AssociateResourceSharePermission', { resourceShareArn, permissionArn, replace: true });
    }
    const { set, gone } = tagChanges(values.Tags, old.Tags);
    if (gone.length > 0) await ram('UntagResource', { resourceShareArn, tagKeys: gone });
    if (set.length > 0) await ram('TagResource', { resourceShareArn, tags: set.map(asRam) });
    const { resourceShares } = await ram('GetResourceShares', {
      resourceOwner: 'SELF',
      resourceShareArns: [resourceShareArn],
    });
    return shareResource(resourceShares![0]!);
  },
  async delete(resourceShareArn, _, context) {
    const ram = ramClient(context);
    const given = { resourceOwner: 'SELF' as const, resourceShareArns: [resourceShareArn] };
    const { resourceShares } = await ram('GetResourceShares', given);
    if (resourceShares?.some(({ status }) => status === 'ACTIVE')) {
      await ram('DeleteResourceShare', { resourceShareArn });
    }
  },
});

/** Takes out what only was, then puts in what is new. */
async function change(
  ram: ServiceClient<typeof RAM>,
  resourceShareArn: string,
  now: Contents,
  old: Contents,
): Promise<void> {
  const [resourceArns, principals] = [
    without(old.ResourceArns, now.ResourceArns),
    without(old.Principals, now.Principals),
  ];
  if (resourceArns.length + principals.length > 0) {
    await ram('DisassociateResourceShare', { resourceShareArn, resourceArns, principals });
  }
  const added = {
    resourceArns: without(now.ResourceArns, old.ResourceArns),
    principals: without(now.Principals, old.Principals),
  };
  if (added.resourceArns.length + added.principals.length > 0) {
    await ram('AssociateResourceShare', { resourceShareArn, ...added });
  }
}

function without(some: string[] = [], others: string[] = []): string[] {
  return some.filter((one) => !others.includes(one));
}

function asRam({ Key, Value }: Tag): RAM.Tag {
  return { key: Key, value: Value };
}

function shareResource(share: RAM.ResourceShare) {
  return {
    physicalId: share.resourceShareArn!,
    attributes: {
      Arn: share.resourceShareArn!,
      FeatureSet: share.featureSet!,
      OwningAccountId: share.owningAccountId!,
      Status: share.status!,
    },
  };
}

export const ramTypes = [resourceShare];
