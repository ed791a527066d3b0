import type { FileSystemConfig, VpcConfigResponse } from '@aws-sdk/client-lambda';
import { findAccessPoint } from '../../lambda/mounts.ts';
import type { Call } from '../../service.ts';
import { constraintViolation, invalidParameter } from './errors.ts';

const arnPattern = /^arn:aws[a-zA-Z-]*:elasticfilesystem:[a-z]{2}(-[a-z]+)+-\d:\d{12}:access-point\/fsap-[a-f0-9]{17}$/;
const mountPattern = /^\/mnt\/[a-zA-Z0-9-_.]+$/;

/**
 * Checks the file systems that a function is to mount: one at most, through an access point that is ready, and from
 * within a VPC.
 */
export async function checkFileSystems(
  configs: FileSystemConfig[] = [],
  vpc: VpcConfigResponse | undefined,
  call: Call,
): Promise<void> {
  if (configs.length > 1) {
    const constraint = 'Member must have length less than or equal to 1';
    throw constraintViolation(`[${configs.length} items]`, 'fileSystemConfigs', constraint);
  }
  for (const { Arn = '', LocalMountPath = '' } of configs) {
    if (!arnPattern.test(Arn)) throw mismatch(Arn, 'arn', arnPattern);
    if (!mountPattern.test(LocalMountPath) || LocalMountPath.length > 160) {
      throw mismatch(LocalMountPath, 'localMountPath', mountPattern);
    }
    if (!vpc?.VpcId) {
      throw invalidParameter(`Function must be configured to execute in a VPC to reference access point ${Arn}.`);
    }
    const accessPoint = await findAccessPoint(call.cloud, Arn);
    if (!accessPoint) throw invalidParameter(`The access point ${Arn} does not exist.`);
    if (accessPoint.LifeCycleState !== 'available') {
      throw invalidParameter(`The access point ${Arn} is ${accessPoint.LifeCycleState}, and has to be available.`);
    }
  }
}

function mismatch(value: string, member: string, { source }: RegExp) {
  const path = `fileSystemConfigs.1.member.${member}`;
  return constraintViolation(value, path, `Member must satisfy regular expression pattern: ${source}`);
}
