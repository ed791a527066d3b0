import type * as EC2 from '@aws-sdk/client-ec2';
import type { ResourceContext } from '../resources/resource-type.ts';
import { tagChanges } from './native-type.ts';
import type { Tag } from './property.ts';
import { type ServiceClient, serviceClient } from './service-client.ts';

export function ec2Client(context: ResourceContext): ServiceClient<typeof EC2> {
  return serviceClient<typeof EC2>(context, 'ec2');
}

/** The tags that a new thing of EC2 gets as it is made. */
export function tagsFor(ResourceType: EC2.ResourceType, Tags: Tag[] | undefined): EC2.TagSpecification[] | undefined {
  return Tags?.length ? [{ ResourceType, Tags }] : undefined;
}

/** Brings the tags of a thing of EC2 from `old` to `now`. */
export async function retag(
  ec2: ServiceClient<typeof EC2>,
  id: string,
  now: Tag[] | undefined,
  old: Tag[] | undefined,
) {
  const { set, gone } = tagChanges(now, old);
  if (gone.length > 0) await ec2('DeleteTags', { Resources: [id], Tags: gone.map((Key) => ({ Key })) });
  if (set.length > 0) await ec2('CreateTags', { Resources: [id], Tags: set });
}
