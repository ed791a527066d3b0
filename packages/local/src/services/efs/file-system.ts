import type * as EFS from '@aws-sdk/client-efs';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { keyFor } from './encryption.ts';
import {
  type FileSystemRecord,
  fileSystems,
  getFileSystem,
  mountTargetsOf,
  nameIn,
  type Operations,
  page,
} from './records.ts';
import { checkTags } from './tags.ts';

/** How long its states last, in seconds. */
const stateSeconds = { creating: [4, 8], updating: [4, 8], deleting: [5, 15] } as const;

function describe(record: FileSystemRecord, call: Call): EFS.FileSystemDescription {
  const { lifecyclePolicies, backup, ...shown } = record;
  const NumberOfMountTargets = mountTargetsOf(record.FileSystemId, call).length;
  return { ...shown, Name: nameIn(record.Tags), NumberOfMountTargets };
}

/** Ends the present state of a file system after its time. */
function endLater(record: FileSystemRecord, state: keyof typeof stateSeconds, call: Call): void {
  record.LifeCycleState = state;
  call.takes(stateSeconds[state], 'fileSystemSettled', { id: record.FileSystemId, state });
}

function mustBeAvailable({ FileSystemId, LifeCycleState }: FileSystemRecord): void {
  if (LifeCycleState === 'available') return;
  const message = `File system '${FileSystemId}' is not in a valid state for this operation: it is ${LifeCycleState}.`;
  throw new AwsError('IncorrectFileSystemLifeCycleState', message);
}

function checkThroughput(mode: string | undefined, mibps: number | undefined): void {
  if ((mode === 'provisioned') === (mibps !== undefined)) return;
  const message = 'ProvisionedThroughputInMibps is needed with the throughput mode provisioned, and only with it.';
  throw new AwsError('BadRequest', message);
}

/** Throws FileSystemAlreadyExists. */
function checkToken(token: string, call: Call): void {
  const same = [...fileSystems(call).values()].find(({ CreationToken }) => CreationToken === token);
  if (!same) return;
  const { FileSystemId } = same;
  const message = `File system '${FileSystemId}' already exists with creation token '${token}'`;
  throw new AwsError('FileSystemAlreadyExists', message, { members: { FileSystemId } });
}

export const fileSystemOperations: Operations = {
  async CreateFileSystem(request, call) {
    const { ThroughputMode = 'bursting', ProvisionedThroughputInMibps, AvailabilityZoneName, Tags = [] } = request;
    const CreationToken = request.CreationToken ?? hexId(call.cloud.store, 'console');
    checkToken(CreationToken, call);
    checkThroughput(ThroughputMode, ProvisionedThroughputInMibps);
    checkTags(Tags);
    const FileSystemId = hexId(call.cloud.store, 'fs');
    const Encrypted = request.Encrypted ?? request.KmsKeyId !== undefined;
    const awsKey = regionalArn('kms', 'alias/aws/elasticfilesystem', call);
    const KmsKeyId = request.KmsKeyId && (await keyFor(request.KmsKeyId, FileSystemId, call));
    // Another request may have been quicker while KMS was asked.
    checkToken(CreationToken, call);
    const record: FileSystemRecord = {
      FileSystemId,
      FileSystemArn: regionalArn('elasticfilesystem', `file-system/${FileSystemId}`, call),
      OwnerId: call.account,
      CreationToken,
      CreationTime: new Date(call.clock.now()),
      LifeCycleState: 'creating',
      SizeInBytes: { Value: 6144, ValueInIA: 0, ValueInStandard: 6144, ValueInArchive: 0 },
      PerformanceMode: request.PerformanceMode ?? 'generalPurpose',
      Encrypted,
      ...(Encrypted && { KmsKeyId: KmsKeyId ?? awsKey }),
      ThroughputMode,
      ProvisionedThroughputInMibps,
      AvailabilityZoneName,
      FileSystemProtection: { ReplicationOverwriteProtection: 'ENABLED' },
      Tags,
      lifecyclePolicies: [],
      backup: request.Backup ? 'ENABLED' : 'DISABLED',
    };
    fileSystems(call).set(FileSystemId, record);
    endLater(record, 'creating', call);
    return describe(record, call);
  },

  DescribeFileSystems({ FileSystemId, CreationToken, Marker, MaxItems }, call) {
    if (FileSystemId !== undefined && CreationToken !== undefined) {
      throw new AwsError('BadRequest', 'Provide either a FileSystemId or a CreationToken, not both.');
    }
    const some = FileSystemId !== undefined ? [getFileSystem(FileSystemId, call)] : [...fileSystems(call).values()];
    const matching = some.filter((one) => CreationToken === undefined || one.CreationToken === CreationToken);
    const { items, token } = page(matching, (one) => one.FileSystemId, Marker, MaxItems);
    return { FileSystems: items.map((one) => describe(one, call)), Marker, NextMarker: token };
  },

  UpdateFileSystem({ FileSystemId, ThroughputMode, ProvisionedThroughputInMibps }, call) {
    const record = getFileSystem(FileSystemId, call);
    mustBeAvailable(record);
    const mode = ThroughputMode ?? record.ThroughputMode;
    const mibps =
      ProvisionedThroughputInMibps ?? (mode === 'provisioned' ? record.ProvisionedThroughputInMibps : undefined);
    checkThroughput(mode, mibps);
    record.ThroughputMode = mode;
    record.ProvisionedThroughputInMibps = mibps;
    endLater(record, 'updating', call);
    return describe(record, call);
  },

  DeleteFileSystem({ FileSystemId }, call) {
    const record = getFileSystem(FileSystemId, call);
    if (mountTargetsOf(record.FileSystemId, call).length > 0) {
      const message = `File system '${FileSystemId}' has mount targets and cannot be deleted.`;
      throw new AwsError('FileSystemInUse', message);
    }
    if (record.LifeCycleState !== 'deleting') endLater(record, 'deleting', call);
    return {};
  },

  PutLifecycleConfiguration({ FileSystemId, LifecyclePolicies = [] }, call) {
    const record = getFileSystem(FileSystemId, call);
    mustBeAvailable(record);
    record.lifecyclePolicies = LifecyclePolicies;
    return { LifecyclePolicies };
  },

  DescribeLifecycleConfiguration: ({ FileSystemId }, call) => ({
    LifecyclePolicies: getFileSystem(FileSystemId, call).lifecyclePolicies,
  }),

  PutBackupPolicy({ FileSystemId, BackupPolicy }, call) {
    const record = getFileSystem(FileSystemId, call);
    record.backup = BackupPolicy?.Status === 'ENABLED' ? 'ENABLED' : 'DISABLED';
    return { BackupPolicy: { Status: record.backup } };
  },

  DescribeBackupPolicy: ({ FileSystemId }, call) => ({
    BackupPolicy: { Status: getFileSystem(FileSystemId, call).backup },
  }),
};

export const fileSystemTasks = {
  fileSystemSettled({ id, state }: { id: string; state: FileSystemRecord['LifeCycleState'] }, call: Call): void {
    const record = fileSystems(call).get(id);
    // It may be deleted while it is made.
    if (!record || record.LifeCycleState !== state) return;
    if (state === 'deleting') fileSystems(call).delete(id);
    else record.LifeCycleState = 'available';
  },
};
