import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import type { Caller } from './caller.ts';
import type { TestCloud, TestCloudOptions } from './test-cloud.ts';
import { startVirtualTestCloud } from './virtual-cloud.ts';
import { startWireCloud } from './wire-cloud.ts';

export function startCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  return process.env.CLOUD === 'wire' ? startWireCloud(options) : startVirtualTestCloud(options);
}

/** The text of a template of ours, such as `examples/studio.yaml`. */
export function readTemplate(name: string): Promise<string> {
  return readFile(join(root, 'cloudformation', name), 'utf8');
}

/** Deploys a template of ours, such as `domain.yaml`, which has to succeed; gives the stack's outputs. */
export async function deployTemplate(
  cloud: Caller,
  name: string,
  template: string,
  parameters: Record<string, string> = {},
): Promise<Record<string, string>> {
  const { failures, outputs } = await cloud.deploy(name, { template: await readTemplate(template), parameters });
  expect(failures).toEqual([]);
  return outputs;
}

/** Deletes a stack, which has to succeed. */
export async function removeStack(cloud: Caller, nameOrId: string): Promise<void> {
  const { failures, status } = await cloud.remove(nameOrId);
  expect({ failures, status }).toEqual({ failures: [], status: 'DELETE_COMPLETE' });
}
