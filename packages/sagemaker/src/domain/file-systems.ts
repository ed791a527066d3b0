import {
  DeleteFileSystemCommand,
  DeleteMountTargetCommand,
  DescribeFileSystemsCommand,
  EFSClient,
  type FileSystemDescription,
  paginateDescribeFileSystems,
  paginateDescribeMountTargets,
} from '@aws-sdk/client-efs';
import { clientConfig, ignoreDeleteErrors, ignoreErrors, mapConcurrent } from '../client/client.ts';
import { isManagedBy } from '../tags.ts';

/**
 * It is gone, or cannot be deleted yet; the next reconcile tells which. DependencyTimeout: the network interface still
 * exists.
 */
const retryableCodes = [
  'DependencyTimeout',
  'FileSystemInUse',
  'FileSystemNotFound',
  'IncorrectFileSystemLifeCycleState',
  'IncorrectMountTargetState',
  'MountTargetNotFound',
];

let client: EFSClient | undefined;

function efs(): EFSClient {
  client ??= new EFSClient(clientConfig);
  return client;
}

/** The existing file systems that SageMaker created for a domain, even if the domain is gone. */
export async function findFileSystems(domainId: string): Promise<FileSystemDescription[]> {
  const found: FileSystemDescription[] = [];
  for await (const { FileSystems = [] } of paginateDescribeFileSystems({ client: efs(), pageSize: 100 }, {})) {
    found.push(
      ...FileSystems.filter(({ Tags, LifeCycleState }) => exists(LifeCycleState) && isManagedBy(domainId, Tags)),
    );
  }
  return found;
}

/**
 * Takes the next step of a file system's deletion: first its mount targets, then, when they are gone, the file system.
 */
export async function deleteFileSystem({ FileSystemId, LifeCycleState }: FileSystemDescription): Promise<void> {
  if (LifeCycleState === 'deleting') return;
  const mountTargets = await listMountTargets(FileSystemId!);
  if (mountTargets.length === 0) {
    const deletion = efs().send(new DeleteFileSystemCommand({ FileSystemId }));
    await ignoreDeleteErrors(retryableCodes, deletion, async () => !(await isRemaining(FileSystemId!)));
    return;
  }
  const deletable = mountTargets.filter((each) => each.LifeCycleState !== 'deleting');
  await mapConcurrent(deletable, ({ MountTargetId }) =>
    ignoreDeleteErrors(retryableCodes, efs().send(new DeleteMountTargetCommand({ MountTargetId })), async () => {
      const left = await listMountTargets(FileSystemId!);
      return !left.some((each) => each.MountTargetId === MountTargetId && each.LifeCycleState !== 'deleting');
    }),
  );
}

async function isRemaining(FileSystemId: string): Promise<boolean> {
  const found = await ignoreErrors(
    ['FileSystemNotFound'],
    efs().send(new DescribeFileSystemsCommand({ FileSystemId })),
  );
  return found?.FileSystems?.some(({ LifeCycleState: state }) => exists(state) && state !== 'deleting') ?? false;
}

async function listMountTargets(FileSystemId: string) {
  const pages = paginateDescribeMountTargets({ client: efs(), pageSize: 100 }, { FileSystemId });
  const found = [];
  try {
    for await (const { MountTargets = [] } of pages) found.push(...MountTargets);
  } catch (error) {
    // The file system was deleted between the two calls.
    if ((error as Error).name !== 'FileSystemNotFound') throw error;
  }
  return found.filter(({ LifeCycleState }) => exists(LifeCycleState));
}

function exists(state: string | undefined): boolean {
  return state !== 'deleted';
}
