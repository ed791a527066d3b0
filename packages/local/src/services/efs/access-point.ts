import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import {
  type AccessPointRecord,
  accessPoints,
  getAccessPoint,
  getFileSystem,
  nameIn,
  type Operations,
  page,
} from './records.ts';
import { checkTags } from './tags.ts';

/** How long its states last, in seconds. */
const stateSeconds = { creating: [2, 5], deleting: [2, 5] } as const;

function describe(record: AccessPointRecord) {
  return { ...record, Name: nameIn(record.Tags) };
}

export const accessPointOperations: Operations = {
  CreateAccessPoint({ ClientToken, FileSystemId, PosixUser, RootDirectory, Tags = [] }, call) {
    const fileSystem = getFileSystem(FileSystemId, call);
    const same = [...accessPoints(call).values()].find((one) => ClientToken && one.ClientToken === ClientToken);
    if (same) {
      const { AccessPointId } = same;
      const message = `Access point '${AccessPointId}' already exists with client token '${ClientToken}'`;
      throw new AwsError('AccessPointAlreadyExists', message, { members: { AccessPointId } });
    }
    checkTags(Tags);
    const AccessPointId = hexId(call.cloud.store, 'fsap');
    const record: AccessPointRecord = {
      AccessPointId,
      AccessPointArn: regionalArn('elasticfilesystem', `access-point/${AccessPointId}`, call),
      ClientToken,
      FileSystemId: fileSystem.FileSystemId,
      PosixUser,
      RootDirectory: RootDirectory ?? { Path: '/' },
      OwnerId: call.account,
      LifeCycleState: 'creating',
      Tags,
    };
    accessPoints(call).set(AccessPointId, record);
    call.takes(stateSeconds.creating, 'accessPointSettled', AccessPointId);
    return describe(record);
  },

  DescribeAccessPoints({ AccessPointId, FileSystemId, NextToken, MaxResults }, call) {
    const wanted = FileSystemId === undefined ? undefined : getFileSystem(FileSystemId, call).FileSystemId;
    const some = AccessPointId === undefined ? [...accessPoints(call).values()] : [getAccessPoint(AccessPointId, call)];
    const matching = some.filter((one) => wanted === undefined || one.FileSystemId === wanted);
    const { items, token } = page(matching, (one) => one.AccessPointId, NextToken, MaxResults);
    return { AccessPoints: items.map(describe), NextToken: token };
  },

  DeleteAccessPoint({ AccessPointId }, call) {
    const record = getAccessPoint(AccessPointId, call);
    if (record.LifeCycleState !== 'deleting') {
      record.LifeCycleState = 'deleting';
      call.takes(stateSeconds.deleting, 'accessPointSettled', record.AccessPointId);
    }
    return {};
  },
};

export const accessPointTasks = {
  accessPointSettled(id: string, call: Call): void {
    const record = accessPoints(call).get(id);
    if (record?.LifeCycleState === 'deleting') accessPoints(call).delete(id);
    else if (record) record.LifeCycleState = 'available';
  },
};
