import * as EFS from '@aws-sdk/client-efs';
import { service } from '../../service.ts';
import { access } from './access.ts';
import { accessPointOperations, accessPointTasks } from './access-point.ts';
import { fileSystemOperations, fileSystemTasks } from './file-system.ts';
import { mountTargetOperations, mountTargetTasks } from './mount-target.ts';
import { tagOperations, tagsOf } from './tags.ts';

/** EFS: file systems, their mount targets (each with its network interface in EC2) and access points. */
export const efs = service('efs', 'elasticfilesystem', EFS, {
  operations: { ...fileSystemOperations, ...mountTargetOperations, ...accessPointOperations, ...tagOperations },
  tasks: { ...fileSystemTasks, ...mountTargetTasks, ...accessPointTasks },
  access,
  tagsOf,
});
