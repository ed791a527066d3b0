import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: "Copies starter content into users' homes, so that it belongs to the users, and does not overwrite what they have changed. There is no type of AWS for that; a lifecycle configuration that copies files is enough if they may be copied at each start of an app. Each domain needs a function of its own, which [`home-seed.yaml`](../../cloudformation/home-seed.yaml) installs.",
  minimal: 'docs/examples/home-seed.yaml',
  full: 'cloudformation/examples/home-seed.yaml',
  ref: 'An id of the seed. It is of no use to other resources.',
  attributes: {},
  holding:
    '**Deletion** keeps the files, unless `DeleteUnchanged: true`: then it deletes those that the user has not changed and that no other seed names. **A renamed logical id** seeds the same files again, and the deletion of the old one leaves them. **Adoption**: a file that exists is overwritten or kept as `Overwrite` says. **Reach**: the homes of the one domain that its function was installed for, by `home-seed.yaml`.',
  errors: [
    {
      shows: 'the parameter SourceBuckets of home-seed.yaml has to name it',
      cure: 'Add the bucket to `SourceBuckets` of the stack of `home-seed.yaml`.',
      test: 'test/handlers/home-seed.test.ts',
    },
    {
      shows: 'Install home-seed.yaml for d-other, and use the ServiceToken',
      cure: 'The function has the homes of another domain mounted: import `HomeSeedServiceToken-<domain id>`.',
      test: 'test/handlers/home-seed.test.ts',
    },
    {
      shows: 'it is not a zip',
      cure: 'Give a zip, or a folder whose URI ends with a slash.',
      test: 'test/handlers/home-seed.test.ts',
    },
    {
      shows: 'Seeding the home of user profile ada',
      cure: 'This home could not be seeded, for the reason that follows; the others were.',
      test: 'test/handlers/home-seed.test.ts',
    },
  ],
  moving: 'There is no type of AWS for that. Removing the resource keeps the files, unless `DeleteUnchanged: true`.',
  allowed: {
    Destination: 'a path within the home',
  },
};
