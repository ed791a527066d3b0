import { FakeLeftovers } from './fake-leftovers.ts';
import { FakeLifecycleConfigs } from './fake-lifecycle-configs.ts';
import { awsError, type FakeThing, FakeThings, merge, page, type Turn } from './fake-things.ts';

type Input = Record<string, unknown>;
type Tag = { Key: string; Value: string };

/** What an operation is to end in, once: a refusal of the call, or a status that comes after it. */
export type Mishap = { refusal: Error } | { status: string; reason: string };

const region = 'arn:aws:sagemaker:eu-west-1:111122223333';

/** SageMaker's domains, profiles, spaces and apps in memory, with statuses that take a few looks. */
export class FakeStudio {
  readonly domains = new FakeThings();
  readonly profiles = new FakeThings();
  readonly spaces = new FakeThings();
  readonly apps = new FakeThings();
  readonly tags = new Map<string, Map<string, string>>();
  readonly leftovers = new FakeLeftovers();
  readonly lifecycleConfigs = new FakeLifecycleConfigs(
    (arn) =>
      [...this.domains.values(), ...this.profiles.values()].some(({ members }) => says(members, arn)) ||
      [...this.apps.values()].some(({ members }) => members.Status !== 'Deleted' && says(members, arn)),
    (arn, tags) => this.#tag(arn, tags),
  );
  /** The calls that change something, in order. */
  readonly mutations: { operation: string; input: Input }[] = [];
  /** What the next call of an operation meets. */
  readonly mishaps = new Map<string, Mishap>();
  #count = 0;

  call(operation: string, input: Input): object {
    if (!/^(Describe|List)/.test(operation)) this.mutations.push({ operation, input });
    const mishap = this.mishaps.get(operation);
    if (mishap && 'refusal' in mishap) {
      this.mishaps.delete(operation);
      throw mishap.refusal;
    }
    const run =
      this.#operations[operation] ??
      this.leftovers.operations[operation] ??
      this.lifecycleConfigs.operations[operation];
    if (!run) throw new Error(`The fake has no ${operation}`);
    return run(input as never);
  }

  tagsOf(arn: string): Record<string, string> {
    return Object.fromEntries(this.tags.get(arn) ?? []);
  }

  /** A profile that exists already. */
  addProfile(DomainId: string, UserProfileName: string, tags: Record<string, string> = {}): void {
    const key = profileKey({ DomainId, UserProfileName });
    const UserProfileArn = `${region}:user-profile/${key}`;
    this.profiles.set(key, { members: { DomainId, UserProfileName, UserProfileArn, Status: 'InService' } });
    this.tags.set(UserProfileArn, new Map(Object.entries(tags)));
  }

  /** A space that exists already. */
  addSpace(DomainId: string, SpaceName: string, OwnerUserProfileName: string): void {
    const OwnershipSettingsSummary = { OwnerUserProfileName };
    this.spaces.set(`${DomainId}/${SpaceName}`, {
      members: { DomainId, SpaceName, OwnershipSettingsSummary, Status: 'InService' },
    });
  }

  /** An app that exists already, in a space or of a profile. One that is Pending gets there. */
  addApp(DomainId: string, app: Record<string, unknown>, Status: string): void {
    const key = `${DomainId}/${app.SpaceName ?? app.UserProfileName}/${app.AppType}/${app.AppName}`;
    const next = Status === 'Pending' ? { looks: 2, status: 'InService' } : undefined;
    this.apps.set(key, { members: { DomainId, ...app, Status }, next });
  }

  readonly #operations: Record<string, (input: never) => object> = {
    CreateDomain: ({ Tags, DomainSettings, ...input }: Input & { Tags?: Tag[] }) => {
      const DomainId = `d-${String(++this.#count).padStart(12, 'a')}`;
      const DomainArn = `${region}:domain/${DomainId}`;
      const HomeEfsFileSystemId =
        input.HomeEfsFileSystemCreation === 'Disabled'
          ? undefined
          : this.leftovers.make(DomainId, DomainArn, input.SubnetIds as string[]);
      const Url = `https://${DomainId}.studio.eu-west-1.sagemaker.aws`;
      this.domains.set(DomainId, {
        members: { ...input, DomainSettings, DomainId, DomainArn, Url, HomeEfsFileSystemId, Status: 'Pending' },
        next: this.#end('CreateDomain', 2, 'InService'),
        unseen: 1,
      });
      this.#tag(DomainArn, Tags);
      return { DomainArn, Url };
    },
    DescribeDomain: ({ DomainId }: { DomainId: string }) => ({ ...this.domains.need(DomainId, 'Domain').members }),
    ListDomains: ({ NextToken }: Input) => this.#page('Domains', this.domains, {}, NextToken),
    UpdateDomain: ({ DomainId, DomainSettingsForUpdate, ...input }: Input & { DomainId: string }) => {
      const domain = this.domains.need(DomainId, 'Domain');
      if (input.AppNetworkAccessType && !(input.VpcId && input.SubnetIds)) {
        throw awsError(
          'ValidationException',
          'VpcId and Subnet IDs are required for updating domains to VpcOnly mode.',
        );
      }
      const { RStudioServerProDomainSettingsForUpdate, ...settings } = (DomainSettingsForUpdate ?? {}) as Input;
      const DomainSettings = { ...settings, RStudioServerProDomainSettings: RStudioServerProDomainSettingsForUpdate };
      this.#update('UpdateDomain', domain, { ...input, ...(DomainSettingsForUpdate ? { DomainSettings } : {}) });
      return {};
    },
    DeleteDomain: ({ DomainId }: { DomainId: string }) => {
      const domain = this.domains.need(DomainId, 'Domain');
      const inside = [...this.profiles.values(), ...this.spaces.values()];
      if (inside.some(({ members }) => members.DomainId === DomainId)) {
        throw awsError('ResourceInUse', `Unable to delete Domain [${DomainId}]: it is in use.`);
      }
      domain.members.Status = 'Deleting';
      domain.next = this.#end('DeleteDomain', 1, 'gone');
      return {};
    },

    CreateUserProfile: ({ Tags, ...input }: Input & { Tags?: Tag[] }) => {
      const domain = this.domains.need(input.DomainId as string, 'Domain');
      if (domain.members.Status === 'Updating') throw awsError('ValidationException', 'It is not in InService status.');
      const key = profileKey(input);
      if (this.profiles.has(key)) throw awsError('ResourceInUse', `UserProfile [${key}] already exists.`);
      const UserProfileArn = `${region}:user-profile/${key}`;
      this.profiles.set(key, {
        members: { ...input, UserProfileArn, HomeEfsFileSystemUid: '200001', Status: 'Pending' },
        next: this.#end('CreateUserProfile', 1, 'InService'),
        unseen: 1,
      });
      this.#tag(UserProfileArn, Tags);
      return { UserProfileArn };
    },
    DescribeUserProfile: (input: Input) => ({ ...this.#profile(input).members }),
    ListUserProfiles: ({ DomainIdEquals, NextToken }: Input) =>
      this.#page('UserProfiles', this.profiles, { DomainId: DomainIdEquals }, NextToken),
    UpdateUserProfile: ({ DomainId, UserProfileName, ...input }: Input) => {
      this.#update(
        'UpdateUserProfile',
        this.profiles.need(profileKey({ DomainId, UserProfileName }), 'Profile'),
        input,
      );
      return {};
    },
    DeleteUserProfile: (input: Input) => {
      const key = profileKey(input);
      const profile = this.#profile(input);
      if (this.#lives({ DomainId: input.DomainId, UserProfileName: profile.members.UserProfileName })) {
        throw awsError('ResourceInUse', `Unable to delete UserProfile [${key}] because App(s) are associated with it.`);
      }
      profile.members.Status = 'Deleting';
      profile.next = this.#end('DeleteUserProfile', 1, 'gone');
      return {};
    },

    ListSpaces: ({ DomainIdEquals, NextToken }: Input) =>
      this.#page('Spaces', this.spaces, { DomainId: DomainIdEquals }, NextToken),
    DescribeSpace: ({ DomainId, SpaceName }: Input) => ({
      ...this.spaces.need(`${DomainId}/${SpaceName}`, 'Space').members,
    }),
    UpdateSpace: ({ DomainId, SpaceName, ...input }: Input) => {
      this.#update('UpdateSpace', this.spaces.need(`${DomainId}/${SpaceName}`, 'Space'), input);
      return {};
    },
    DeleteSpace: ({ DomainId, SpaceName }: Input) => {
      const space = this.spaces.need(`${DomainId}/${SpaceName}`, 'Space');
      if (this.#lives({ DomainId, SpaceName })) throw awsError('ResourceInUse', `Space ${SpaceName} has an app`);
      space.members.Status = 'Deleting';
      space.next = { looks: 1, status: 'gone' };
      return {};
    },
    ListApps: ({ DomainIdEquals, UserProfileNameEquals, SpaceNameEquals, NextToken }: Input) =>
      this.#page(
        'Apps',
        this.apps,
        { DomainId: DomainIdEquals, UserProfileName: UserProfileNameEquals, SpaceName: SpaceNameEquals },
        NextToken,
      ),
    DescribeApp: ({ DomainId, SpaceName, UserProfileName, AppType, AppName }: Input) => ({
      ...this.apps.need(`${DomainId}/${SpaceName ?? UserProfileName}/${AppType}/${AppName}`, 'App').members,
    }),
    DeleteApp: ({ DomainId, SpaceName, UserProfileName, AppType, AppName }: Input) => {
      const key = `${DomainId}/${SpaceName ?? UserProfileName}/${AppType}/${AppName}`;
      const app = this.apps.need(key, 'App');
      if (app.members.Status !== 'InService') {
        throw awsError('ValidationException', `Unable to delete App [${key}]: it is ${app.members.Status}.`);
      }
      app.members.Status = 'Deleting';
      app.next = { looks: 1, status: 'Deleted' };
      return {};
    },

    ListTags: ({ ResourceArn }: { ResourceArn: string }) => {
      if (!this.tags.has(ResourceArn)) throw awsError('ValidationException', `Could not find [${ResourceArn}]`);
      return { Tags: Object.entries(this.tagsOf(ResourceArn)).map(([Key, Value]) => ({ Key, Value })) };
    },
    AddTags: ({ ResourceArn, Tags }: { ResourceArn: string; Tags: Tag[] }) => this.#tag(ResourceArn, Tags),
    DeleteTags: ({ ResourceArn, TagKeys }: { ResourceArn: string; TagKeys: string[] }) => {
      for (const key of TagKeys) this.tags.get(ResourceArn)?.delete(key);
      return {};
    },
  };

  #end(operation: string, looks: number, status: string): Turn {
    const mishap = this.mishaps.get(operation);
    this.mishaps.delete(operation);
    return mishap && 'status' in mishap ? { looks, ...mishap } : { looks, status };
  }

  #update(operation: string, thing: FakeThing, input: Input): void {
    if (['Pending', 'Updating'].includes(thing.members.Status)) throw awsError('ResourceInUse', 'It is being updated.');
    const next = this.#end(operation, 1, 'InService');
    // What fails to be applied is not held.
    if (next.status === 'InService') Object.assign(thing.members, merge(thing.members, input));
    thing.next = next;
    thing.members.Status = 'Updating';
    thing.members.LastModifiedTime = new Date(Date.now());
  }

  /** The profile's key is part of each call, so a malformed one is an error as in SageMaker. */
  #profile(input: Input): FakeThing {
    const key = profileKey(input);
    if (!/^d-[a-z0-9-]+\/[a-z0-9-]+$/.test(key)) throw awsError('ValidationException', `${key} does not match`);
    return this.profiles.need(key, 'UserProfile');
  }

  #page(name: string, things: FakeThings, where: Input, token: unknown): object {
    const wanted = Object.entries(where).filter(([, value]) => value !== undefined);
    const all = token ? [...things.values()] : things.lookAtAll();
    const found = all
      .map(({ members }) => members)
      .filter((each) => wanted.every(([key, value]) => each[key] === value));
    const { items, next } = page(found, token as string | undefined);
    return { [name]: items.map((item) => ({ ...item })), NextToken: next };
  }

  #lives(where: Input): boolean {
    return [...this.apps.values()].some(
      ({ members }) =>
        !['Deleted', 'Failed'].includes(members.Status) &&
        Object.entries(where).every(([key, value]) => members[key] === value),
    );
  }

  #tag(arn: string, tags: readonly Tag[] = []): object {
    const held = this.tags.get(arn) ?? new Map<string, string>();
    for (const { Key, Value } of tags) held.set(Key, Value);
    this.tags.set(arn, held);
    return {};
  }
}

function says(value: unknown, text: string): boolean {
  return JSON.stringify(value).includes(text);
}

/** Names of profiles differ by more than case. */
function profileKey({ DomainId, UserProfileName }: Input): string {
  return `${DomainId}/${String(UserProfileName).toLowerCase()}`;
}
