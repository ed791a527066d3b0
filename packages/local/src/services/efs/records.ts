import type * as EFS from '@aws-sdk/client-efs';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof EFS>['operations'];
export type AccessTable = NonNullable<Definition<typeof EFS>['access']>;

export type FileSystemRecord = Omit<EFS.FileSystemDescription, 'NumberOfMountTargets' | 'Name'> & {
  FileSystemId: string;
  FileSystemArn: string;
  Tags: EFS.Tag[];
  lifecyclePolicies: EFS.LifecyclePolicy[];
  backup: 'ENABLED' | 'DISABLED';
};

export type MountTargetRecord = EFS.MountTargetDescription & {
  MountTargetId: string;
  FileSystemId: string;
  SubnetId: string;
};

export type AccessPointRecord = Omit<EFS.AccessPointDescription, 'Name'> & {
  AccessPointId: string;
  AccessPointArn: string;
  FileSystemId: string;
  Tags: EFS.Tag[];
};

export const fileSystems = (call: Call) => call.table<FileSystemRecord>('file-systems');
export const mountTargets = (call: Call) => call.table<MountTargetRecord>('mount-targets');
export const accessPoints = (call: Call) => call.table<AccessPointRecord>('access-points');

/** An id or the ARN that ends in it. */
function idIn(idOrArn: string | undefined): string {
  return idOrArn?.split('/').at(-1) ?? '';
}

export function getFileSystem(id: string | undefined, call: Call): FileSystemRecord {
  const found = fileSystems(call).get(idIn(id));
  if (found) return found;
  throw new AwsError('FileSystemNotFound', `File system '${id}' does not exist.`);
}

export function getMountTarget(id: string | undefined, call: Call): MountTargetRecord {
  const found = mountTargets(call).get(id ?? '');
  if (found) return found;
  throw new AwsError('MountTargetNotFound', `Mount target '${id}' does not exist.`);
}

export function getAccessPoint(id: string | undefined, call: Call): AccessPointRecord {
  const found = accessPoints(call).get(idIn(id));
  if (found) return found;
  throw new AwsError('AccessPointNotFound', `Access point '${id}' does not exist.`);
}

export function mountTargetsOf(FileSystemId: string, call: Call): MountTargetRecord[] {
  return [...mountTargets(call).values()].filter((one) => one.FileSystemId === FileSystemId);
}

/** One page of at most `size` (100, unless told otherwise). */
export function page<T>(items: T[], keyOf: (item: T) => string, token: string | undefined, size = 100) {
  const invalid = () => new AwsError('BadRequest', 'Invalid Marker');
  return pageOf(items, keyOf, { token, size }, invalid);
}

/** What the tag `Name` says, which EFS also shows as a member. */
export function nameIn(tags: EFS.Tag[]): string | undefined {
  return tags.find(({ Key }) => Key === 'Name')?.Value;
}
