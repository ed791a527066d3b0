import type { FileSystemConfig, VpcConfigResponse } from '@aws-sdk/client-lambda';
import { findAccessPoint } from '../../lambda/mounts.ts';
import type { Call } from '../../service.ts';
import { invalidParameter } from './errors.ts';

/**
 * Checks the file systems that a function is to mount: one at most, through an access point that is ready, and from
 * within a VPC.
 */
export async function checkFileSystems(
  configs: FileSystemConfig[] = [],
  vpc: VpcConfigResponse | undefined,
  call: Call,
): Promise<void> {
  for (const { Arn = '' } of configs) {
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
