import { CreateStudioLifecycleConfigCommand } from '@aws-sdk/client-sagemaker';
import { studioLifecycleConfig } from '../../handlers/studio-lifecycle-config.ts';
import { account, region } from './built-function.ts';
import { mergedRequests } from './requests.ts';
import { type Members, type StudioWorld, studioWorld } from './studio-world.ts';

export const properties = { Name: 'setup', AppType: 'JupyterLab', Content: 'echo one' };
export const changed = { ...properties, Content: 'echo two' };

export const arnOf = (name: string) => `arn:aws:sagemaker:${region}:${account}:studio-lifecycle-config/${name}`;
/** A lifecycle configuration of another team. */
export const other = arnOf('other');

export const lab = (JupyterLabAppSettings: object) => ({ JupyterLabAppSettings });
/** Only the JupyterLab settings. */
export const labOf = ({ JupyterLabAppSettings }: { JupyterLabAppSettings: object }) => lab(JupyterLabAppSettings);

/** Custom::StudioLifecycleConfig, with a domain that has user profiles ana and bob. */
export interface LifecycleConfigWorld extends StudioWorld {
  readonly DomainId: string;
  /** All but that of the other team. */
  existing(): Promise<string[]>;
  domain(): Members;
  /** That of ana, if left out. */
  profile(name?: string): Members;
  /** The space notes. */
  space(): Members;
  /** Runs JupyterLab in a space of its own, with such members. */
  runLab(SpaceName: string, more: object): Promise<void>;
}

/** Returns a function that makes these worlds. */
export function lifecycleConfigWorld(): () => Promise<LifecycleConfigWorld> {
  const start = studioWorld('studio-lifecycle-config', 'StudioLifecycleConfig', studioLifecycleConfig, {
    domains: ['team'],
  });
  return async () => {
    const world = await start();
    const DomainId = world.domainIds[0]!;
    for (const name of ['ana', 'bob']) await world.addProfile(DomainId, name);
    await world.sagemaker.send(
      new CreateStudioLifecycleConfigCommand({
        StudioLifecycleConfigName: 'other',
        StudioLifecycleConfigAppType: 'JupyterLab',
        StudioLifecycleConfigContent: Buffer.from('echo other').toString('base64'),
      }),
    );
    return {
      ...world,
      DomainId,
      existing: async () => (await world.existing()).filter((each) => each !== 'other'),
      domain: () => world.members('domain', DomainId),
      profile: (name = 'ana') => world.members('user-profile', `${DomainId}/${name}`),
      space: () => world.members('space', `${DomainId}/notes`),
      async runLab(SpaceName, more) {
        await world.addSpace(DomainId, SpaceName, 'ana');
        await world.addApp({ DomainId, SpaceName, AppType: 'JupyterLab', AppName: 'default' });
        Object.assign(world.members('app', `${DomainId}/space ${SpaceName}/JupyterLab/default`), more);
      },
    };
  };
}

/** Starts a world for each test of a `describe`, which `use` takes; gives the requests about a configuration with `properties`. */
export function lifecycleConfigRequests(
  start: () => Promise<LifecycleConfigWorld>,
  use: (world: LifecycleConfigWorld) => void,
) {
  let world: LifecycleConfigWorld;
  beforeEach(async () => {
    world = await start();
    use(world);
  });
  afterEach(() => world.close());
  const { create, update, remove } = mergedRequests(
    () => world,
    () => properties,
  );
  return {
    create,
    update,
    remove,
    /** Creates it; gives its id. */
    async created(more: object = {}) {
      const answer = await create(more);
      expect(answer).toMatchObject({ Status: 'SUCCESS' });
      return answer.PhysicalResourceId;
    },
    /** Updates it; gives the new id. */
    async replaced(id: string, to: object, from: object = {}) {
      const answer = await update(id, to, from);
      expect(answer).toMatchObject({ Status: 'SUCCESS' });
      return answer.PhysicalResourceId;
    },
  };
}
