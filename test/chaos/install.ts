import type { SavedCloud } from '../../packages/local/src/virtual/options.ts';
import { SimulatedCloud } from './cloud.ts';
import { installProvider, type Provider } from './provider.ts';

/** What every run begins with: an account in which provider.yaml is installed, with a network and a role to use. */
export interface Installed extends Provider, SavedCloud {}

/** Installs the given zips, by the handlers' names. */
export async function install(zips: ReadonlyMap<string, Uint8Array>): Promise<Installed> {
  const world = new SimulatedCloud({ seed: 0, durations: 1, rules: [] });
  const provider = await world.virtual.during(installProvider(world, zips), 'the provider to be installed');
  const saved = await world.virtual.save();
  await world.virtual.discard();
  return { ...saved, ...provider };
}
