import { setTimeout as sleep } from 'node:timers/promises';
import type { Permission } from '@studio-resources/core';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../packages/local/src/services/efs/index.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import { createFunction, functionIn, type RunFunction } from '../handlers/built-function.ts';
import type { Place } from '../handlers/place.ts';
import { scaledCloud } from './scaled-cloud.ts';

/** A resource as the built zip, run in a process of its own, which reaches a real Jupyter server. */
export interface ProcessFunction extends RunFunction {
  readonly cloud: Place;
}

/** `jupyter` is the server that presigned URLs lead to, `variables` are the function's environment. */
export async function processFunction(
  name: string,
  { permissions, type }: { permissions: readonly Permission[]; type: string },
  { jupyter, variables }: { jupyter: string; variables: Record<string, string> },
): Promise<ProcessFunction> {
  const services = [ec2, efs, sagemaker];
  const local = await scaledCloud({ speed: 30, durations: 0.02, services, jupyter });
  const cloud: Place = {
    cloud: local.cloud,
    close: local.close,
    clientOptions: () => local.options,
    logLines: (functionName) => local.messages(functionName),
    async until(condition) {
      while (!(await condition())) await sleep(10);
    },
  };
  await createFunction(cloud, { name, permissions, variables });
  return { cloud, ...functionIn(cloud, { name, type }) };
}
