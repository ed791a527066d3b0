import type { AccessPointDescription } from '@aws-sdk/client-efs';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { AwsError } from '../errors.ts';
import { servicePrincipal } from '../principal.ts';
import type { Cloud } from '../service.ts';

/** A directory of a file system that a function has mounted. */
export interface Mount {
  /** `/mnt/…`, as the function's configuration says. */
  localPath: string;
  fileSystemId: string;
  /** The access point's root, from the file system's. */
  root: string;
}

/** Undefined where there is none. */
export async function findAccessPoint(cloud: Cloud, arn: string): Promise<AccessPointDescription | undefined> {
  const [, , , region = '', account = ''] = arn.split(':');
  try {
    const principal = servicePrincipal('lambda.amazonaws.com', account);
    const input = { AccessPointId: arn };
    const found = await cloud.call({ service: 'efs', operation: 'DescribeAccessPoints', input, principal, region });
    return (found.AccessPoints as AccessPointDescription[])[0];
  } catch (error) {
    if (error instanceof AwsError && error.name === 'AccessPointNotFound') return undefined;
    throw error;
  }
}

/** Throws EFSMountFailureException where an access point is gone. */
export async function mountsOf(cloud: Cloud, { FileSystemConfigs = [] }: FunctionConfiguration): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const { Arn = '', LocalMountPath = '' } of FileSystemConfigs) {
    const found = await findAccessPoint(cloud, Arn);
    if (!found) {
      const message = `The function couldn't mount the Amazon EFS file system with access point ${Arn}.`;
      throw new AwsError('EFSMountFailureException', message);
    }
    const root = found.RootDirectory?.Path ?? '/';
    mounts.push({ localPath: LocalMountPath, fileSystemId: found.FileSystemId!, root });
  }
  return mounts;
}

/**
 * The variables of a process that has these directories instead of mounts. A process here sees the host's own `/mnt`, so
 * where a variable names a path in a mount, it names the same in the directory that stands for it. A function that has
 * the path in its code instead does not find it here. Access points decide nothing but the root: files belong to whom
 * the function says, as far as the host lets it.
 */
export function withMounts(
  variables: Record<string, string>,
  mounted: readonly { localPath: string; directory: string }[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      const mount = mounted.find(({ localPath }) => value === localPath || value.startsWith(`${localPath}/`));
      return [name, mount ? mount.directory + value.slice(mount.localPath.length) : value];
    }),
  );
}
