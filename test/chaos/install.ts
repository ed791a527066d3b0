import type { FunctionRecord } from '../../packages/local/src/services/lambda/records.ts';
import { Store } from '../../packages/local/src/store.ts';
import { SimulatedCloud } from './cloud.ts';
import { installProvider, type Provider } from './provider.ts';
import { codeOf } from './runner.ts';
import type { VirtualTime } from './virtual-time.ts';
import { account, region } from './world.ts';

/** What every run begins with: an account in which provider.yaml is installed, with a network and a role to use. */
export interface Installed extends Provider {
  /** The whole state of the cloud then, and when that was. */
  state: Uint8Array;
  now: number;
}

const hour = 3_600_000;

/** Installs the given zips, by the handlers' names. Their code is compiled by then. */
export async function install(time: VirtualTime, zips: ReadonlyMap<string, Uint8Array>): Promise<Installed> {
  const world = new SimulatedCloud(time, new Store(), { seed: 0, durations: 1, rules: [] });
  const provider = await during(time, installProvider(world, zips));
  await time.pass(hour);
  await compileAll(world);
  world.close();
  return { state: world.store.save(time.now()), now: time.now(), ...provider };
}

/** Lets time pass until a call has its answer. */
export async function during<T>(time: VirtualTime, call: Promise<T>): Promise<T> {
  let ended = false;
  const watched = call.finally(() => {
    ended = true;
  });
  watched.catch(() => {});
  await time.pass(hour, () => ended);
  return watched;
}

/** Compiling takes real time, which no run may wait for. */
async function compileAll({ store }: SimulatedCloud): Promise<void> {
  const functions = store.table<FunctionRecord>('lambda', { account, region }, 'functions');
  const packages = store.table<Uint8Array>('lambda', { account, region }, 'packages');
  for (const { latest } of functions.values()) {
    await codeOf({ sha256: latest.CodeSha256!, zip: packages.get(latest.CodeSha256!)! }, latest.Handler!);
  }
}
