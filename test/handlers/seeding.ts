import { inHome } from '../../handlers/home-seed/home.ts';
import { clearHome, type Seed, type Seeded, seedHome } from '../../handlers/home-seed/seed.ts';
import { ada, bundleOf } from './home-tree.ts';

/** The id of the seed where a test gives no other. */
export const seedId = '0123456789abcdef';

/** Puts a seed into the home of a user: of ada, if left out. */
export function seed(files: Record<string, string>, more: Partial<Seed> = {}, uid = ada): Promise<Seeded | undefined> {
  const whole: Seed = { id: seedId, resource: 'mine', files: bundleOf(files), overwrite: 'IfUnchanged', ...more };
  return inHome({ UserProfileName: 'ada', uid: String(uid) }, { make: true }, (home) => seedHome(home, whole));
}

/** Removes from the home of ada what a seed has put there and what is unchanged. */
export function clear(id = seedId) {
  return inHome({ UserProfileName: 'ada', uid: String(ada) }, { make: false }, (home) => clearHome(home, id));
}

/** Whether a line of a tree's list is about a file of the user, not about a record of a seed. */
export const isOfTheUser = (line: string) => !line.includes('.studio-resources');
