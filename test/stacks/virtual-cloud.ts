import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { recordExchanges } from '../../packages/local/src/record.ts';
import type { SavedCloud } from '../../packages/local/src/virtual/options.ts';
import { startVirtualCloud, type VirtualCloud } from '../../packages/local/src/virtual/virtual-cloud.ts';
import { clientsOf } from '../../scripts/start/clients.ts';
import { callerOf, type Waiting } from './caller.ts';
import { installProvider } from './provider.ts';
import type { TestCloud, TestCloudOptions } from './test-cloud.ts';

/** A cloud at virtual time. One with a provider goes on from a cloud in which it was installed before. */
export async function startVirtualTestCloud({ provider = {}, faults, seed }: TestCloudOptions): Promise<TestCloud> {
  const from = provider ? await installed(provider) : undefined;
  const virtual = await startVirtualCloud({ faults, seed, from });
  const recording = await recorded(virtual);
  const waiting: Waiting = {
    pause: () => virtual.pass(5000),
    until: (condition, what) => virtual.until(condition, what),
  };
  return {
    kind: 'virtual',
    clientOptions: virtual.clientOptions(),
    clients: clientsOf(virtual.clientOptions()),
    as: (who, region) => callerOf(virtual.clientOptions(who, region), waiting),
    files: virtual.files,
    deploy: (name, deployment) => virtual.deploy(name, deployment),
    update: (name, changes) => virtual.update(name, changes),
    remove: (name) => virtual.remove(name),
    until: waiting.until,
    pass: (ms) => virtual.pass(ms),
    userKeys: (arn) => virtual.userKeys(arn),
    calls: () => virtual.calls(),
    injectedFaults: () => virtual.injectedFaults,
    logLines: (name) => virtual.logLines(name),
    fetch: virtual.fetch,
    async stop() {
      await virtual.close();
      await recording?.close();
    },
  };
}

/** By the provider's parameters; a process installs each once. */
const savedClouds = new Map<string, Promise<SavedCloud>>();

function installed(parameters: Record<string, string>): Promise<SavedCloud> {
  const key = JSON.stringify(parameters);
  const saved = savedClouds.get(key) ?? install(parameters);
  savedClouds.set(key, saved);
  return saved;
}

async function install(parameters: Record<string, string>): Promise<SavedCloud> {
  const virtual = await startVirtualCloud();
  const clients = clientsOf(virtual.clientOptions());
  const recording = await recorded(virtual);
  try {
    await installProvider({ clients, deploy: (name, deployment) => virtual.deploy(name, deployment) }, parameters);
    return await virtual.save();
  } finally {
    await virtual.discard();
    await recording?.close();
  }
}

/** Where the environment names a directory, every cloud is recorded there, for `npm run rights`. */
function recorded({ cloud }: VirtualCloud) {
  const directory = process.env.RECORD_TO;
  return directory ? recordExchanges(join(directory, `${randomUUID()}.jsonl`), cloud) : undefined;
}
