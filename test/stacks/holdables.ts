import {
  CreateDomainCommand,
  CreateImageCommand,
  CreateSpaceCommand,
  CreateUserProfileCommand,
  DescribeAppImageConfigCommand,
  DescribeDomainCommand,
  DescribeImageCommand,
  DescribeSpaceCommand,
  DescribeUserProfileCommand,
  ListDomainsCommand,
} from '@aws-sdk/client-sagemaker';
import type { Clients } from '../../scripts/start/clients.ts';

/** The domain and the clients of a test. */
export interface Place {
  sagemaker: Clients['sagemaker'];
  DomainId: string;
  VpcId: string;
  SubnetIds: string[];
  ExecutionRole: string;
}

/** A kind of thing that resources create, adopt and take over by its name. */
export interface Holdable {
  /** The operations that create and delete it. */
  creates: string;
  deletes: string;
  type: string;
  /** The properties of a resource that names it. */
  properties(name: string, place: Place): Record<string, unknown>;
  /** Identifies it among things of the same name over time; undefined if there is none. */
  identity(name: string, place: Place): Promise<unknown>;
  /** Creates it outside of stacks. */
  make(name: string, place: Place): Promise<unknown>;
  /** Things that no stack created are not adopted, but refused. */
  refusesOthers?: true;
}

export function token(handler: string): object {
  return { 'Fn::ImportValue': `${handler}ServiceToken` };
}

async function creationOf(described: Promise<{ CreationTime?: Date }>): Promise<number | undefined> {
  try {
    return (await described).CreationTime!.getTime();
  } catch (error) {
    if (!(error as Error).name.startsWith('ResourceNotFound')) throw error;
    return undefined;
  }
}

function space(SpaceName: string, { DomainId }: Place) {
  return {
    DomainId,
    SpaceName,
    OwnershipSettings: { OwnerUserProfileName: 'ada' },
    SpaceSharingSettings: { SharingType: 'Private' },
    SpaceSettings: { AppType: 'JupyterLab' },
  } as const;
}

function domain(DomainName: string, { VpcId, SubnetIds, ExecutionRole }: Place) {
  return { DomainName, AuthMode: 'IAM', VpcId, SubnetIds, DefaultUserSettings: { ExecutionRole } } as const;
}

const profile: Pick<Holdable, 'creates' | 'deletes' | 'identity' | 'make'> = {
  creates: 'CreateUserProfile',
  deletes: 'DeleteUserProfile',
  identity: (UserProfileName, { DomainId, sagemaker }) =>
    creationOf(sagemaker.send(new DescribeUserProfileCommand({ DomainId, UserProfileName }))),
  make: (UserProfileName, { DomainId, sagemaker }) =>
    sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName })),
};

export const holdables = {
  domain: {
    creates: 'CreateDomain',
    deletes: 'DeleteDomain',
    type: 'Custom::StudioDomain',
    properties: (name, place) => ({
      ServiceToken: token('StudioDomain'),
      ...domain(name, place),
      HomeEfsFileSystem: 'Delete',
    }),
    async identity(name, { sagemaker }) {
      const { Domains = [] } = await sagemaker.send(new ListDomainsCommand({}));
      const ids = Domains.filter(({ DomainName }) => DomainName === name).map(({ DomainId }) => DomainId);
      return ids.length === 0 ? undefined : ids.join();
    },
    make: (name, place) => place.sagemaker.send(new CreateDomainCommand(domain(name, place))),
  },
  'user profile': {
    ...profile,
    type: 'Custom::StudioUserProfile',
    properties: (UserProfileName, { DomainId }) => ({
      ServiceToken: token('StudioUserProfile'),
      DomainId,
      UserProfileName,
    }),
  },
  'member of a fleet': {
    ...profile,
    type: 'Custom::StudioUserProfileFleet',
    // Without AllOrNothing, the failure of a member is only an attribute.
    properties: (UserProfileName, { DomainId }) => ({
      ServiceToken: token('StudioUserProfileFleet'),
      DomainId,
      Members: [{ UserProfileName }],
      AllOrNothing: true,
    }),
  },
  space: {
    creates: 'CreateSpace',
    deletes: 'DeleteSpace',
    type: 'Custom::StudioSpace',
    properties: (name, place) => ({ ServiceToken: token('StudioSpace'), ...space(name, place) }),
    identity: (SpaceName, { DomainId, sagemaker }) =>
      creationOf(sagemaker.send(new DescribeSpaceCommand({ DomainId, SpaceName }))),
    make: (name, place) => place.sagemaker.send(new CreateSpaceCommand(space(name, place))),
  },
  image: {
    creates: 'CreateImage',
    deletes: 'DeleteImage',
    type: 'Custom::StudioImage',
    properties: (ImageName, { DomainId, ExecutionRole }) => ({
      ServiceToken: token('StudioImage'),
      ImageName,
      RoleArn: ExecutionRole,
      BaseImage: '999988887777.dkr.ecr.us-east-1.amazonaws.com/studio:1',
      JupyterLabAppImageConfig: {},
      AttachTo: [{ DomainId }],
    }),
    async identity(ImageName, { DomainId, sagemaker }) {
      const AppImageConfigName = `${ImageName}-jupyter-lab`;
      const image = await creationOf(sagemaker.send(new DescribeImageCommand({ ImageName })));
      const config = await creationOf(sagemaker.send(new DescribeAppImageConfigCommand({ AppImageConfigName })));
      const { DefaultUserSettings } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
      const { CustomImages = [] } = DefaultUserSettings?.JupyterLabAppSettings ?? {};
      const attached = CustomImages.filter((one) => one.ImageName === ImageName).length;
      return image || config || attached > 0 ? { image, config, attached } : undefined;
    },
    make: (ImageName, { ExecutionRole, sagemaker }) =>
      sagemaker.send(new CreateImageCommand({ ImageName, RoleArn: ExecutionRole })),
    refusesOthers: true,
  },
} satisfies Record<string, Holdable>;
