import type { Installed } from './install.ts';
import { commandsOf } from './setups.ts';
import type {
  DomainShape,
  FleetShape,
  HomesShape,
  ImageShape,
  ProfileShape,
  ProjectsShape,
  SeedShape,
  SetupShape,
  Shape,
  ShareShape,
} from './shapes.ts';
import { unmanagedDomains } from './unmanaged-domain.ts';

/** Where a template is used: domains of different stacks have different names. */
export interface Place {
  stack: number;
  step: number;
  /** The other stack of a pair: its domains have the same names. */
  other?: boolean;
}

/** The template of a shape. With `doom`, one resource in it fails so many seconds after it was begun. */
export function templateOf(installed: Installed, shape: Shape, place: Place, doom?: number): string {
  const { ids = 0, domains, projects, share, seed, homes, setup } = shape;
  const suffix = ids === 0 ? '' : 'Renamed';
  const Resources: Record<string, Template> = Object.assign(
    // A stack has one resource at least.
    { Anchor: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
    ...domains.map((domain, index) => domainResources(installed, domain, place, `Domain${index}${suffix}`, index)),
    projects && { [`Projects${suffix}`]: projectsResource(installed, projects, domains[0] && `Domain0${suffix}`) },
    share && { [`Share${suffix}`]: shareResource(installed, share, place) },
    seed && { [`Seed${suffix}`]: seedResource(installed, seed) },
    homes && { [`Homes${suffix}`]: homesResource(installed, homes, place) },
    setup && { [`Setup${suffix}`]: setUpResource(installed, setup, place) },
    doom === undefined ? {} : failing(place, doom),
  );
  return JSON.stringify({
    Resources: Object.fromEntries(Object.entries(Resources).map(([id, resource]) => [id, held(resource, shape)])),
  });
}

/** The types that have AdoptExisting. A fleet takes its members over. */
const adoptable = ['Domain', 'UserProfile', 'UserProfileFleet', 'Image'].map((name) => `Custom::Studio${name}`);

/** A resource that may be a second holder, or give the thing up for one. */
function held(resource: Template, { adopt, retain }: Shape): Template {
  if (!adoptable.includes(resource.Type)) return resource;
  return {
    ...resource,
    ...(retain && { DeletionPolicy: 'Retain' }),
    Properties: { ...resource.Properties, ...(adopt && { AdoptExisting: adopt }) },
  };
}

interface Template {
  Type: string;
  Properties?: object;
}

function domainResources(
  installed: Installed,
  shape: DomainShape,
  { stack }: Place,
  id: string,
  index: number,
): object {
  const { tokens, vpcId, subnetIds, executionRole } = installed;
  const IdleSettings = { LifecycleManagement: 'ENABLED', IdleTimeoutInMinutes: 60 + 60 * shape.idle };
  const Properties = {
    ServiceToken: tokens.StudioDomain,
    DomainName: shape.name === 'unmanaged' ? unmanagedDomains.adopted : `domain-${stack}-${index}-${shape.name}`,
    AuthMode: 'IAM',
    VpcId: vpcId,
    SubnetIds: subnetIds.slice(0, shape.subnets),
    DefaultUserSettings: {
      ExecutionRole: executionRole,
      JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings } },
      ...(shape.listed > 0 && {
        JupyterServerAppSettings: {
          DefaultResourceSpec: { InstanceType: 'system' },
          LifecycleConfigArns: listedScripts(installed, shape),
        },
      }),
    },
    Tags: tags(shape.tag),
    HomeEfsFileSystem: shape.home,
  };
  const profiles = shape.profiles.map((profile, number) => [
    `${id}Profile${number}`,
    profileResource(tokens.StudioUserProfile!, id, profile, number),
  ]);
  return {
    [id]: { Type: 'Custom::StudioDomain', Properties },
    ...(shape.image && { [`${id}Image`]: imageResource(installed, id, shape.image, `${stack}-${index}`) }),
    ...(shape.script !== undefined && {
      [`${id}Setup`]: setupResource(tokens.StudioLifecycleConfig!, id, shape.script),
    }),
    ...Object.fromEntries(profiles),
    ...(shape.fleet && { [`${id}Fleet`]: fleetResource(tokens.StudioUserProfileFleet!, id, shape.fleet) }),
  };
}

/** The scripts of the account that a domain lists by itself. */
export function listedScripts({ scripts }: Installed, { listed }: Pick<DomainShape, 'listed'>): string[] {
  return scripts.filter((_, bit) => (listed >> bit) % 2 === 1);
}

function profileResource(token: string, domain: string, { name, tag }: ProfileShape, number: number): object {
  return {
    Type: 'Custom::StudioUserProfile',
    Properties: {
      ServiceToken: token,
      DomainId: { Ref: domain },
      UserProfileName: `user-${number}-${name}`,
      Tags: tags(tag),
    },
  };
}

function fleetResource(token: string, domain: string, { members, allOrNothing, maxRemovals }: FleetShape): object {
  return {
    Type: 'Custom::StudioUserProfileFleet',
    Properties: {
      ServiceToken: token,
      DomainId: { Ref: domain },
      Members: members.map(({ name, tag }, number) => ({
        UserProfileName: `member-${number}-${name}`,
        Tags: tags(tag),
      })),
      AllOrNothing: allOrNothing,
      MaxRemovals: maxRemovals,
    },
  };
}

function imageResource({ tokens, executionRole }: Installed, domain: string, shape: ImageShape, place: string): object {
  return {
    Type: 'Custom::StudioImage',
    Properties: {
      ServiceToken: tokens.StudioImage,
      ImageName: `image-${place}-${shape.name}`,
      RoleArn: executionRole,
      BaseImage: `999988887777.dkr.ecr.us-east-1.amazonaws.com/studio:${shape.base}`,
      KeepVersions: 1,
      JupyterLabAppImageConfig: {},
      AttachTo: [{ DomainId: { Ref: domain } }],
      AttachedVersion: shape.pinned ? 'Pinned' : 'Latest',
    },
  };
}

function setupResource(token: string, domain: string, script: number) {
  return {
    Type: 'Custom::StudioLifecycleConfig',
    Properties: {
      ServiceToken: token,
      Name: 'setup',
      AppType: 'JupyterServer',
      Content: `echo ${script}`,
      AttachTo: [{ DomainId: { Ref: domain }, As: 'Default' }],
    },
  };
}

function projectsResource(installed: Installed, shape: ProjectsShape, domain: string | undefined): object {
  const { tokens, projectRole } = installed;
  const isOfDomain = shape.roles === 'domain' && domain !== undefined;
  return {
    Type: 'Custom::StudioProjects',
    Properties: {
      ServiceToken: tokens.StudioProjects,
      ...(isOfDomain ? { DomainId: { Ref: domain } } : { ExecutionRole: projectRole }),
      DeleteServiceRoles: shape.serviceRoles === 'Delete',
      DisablePortfolio: shape.portfolio === 'Delete',
    },
  };
}

function shareResource({ tokens, shares }: Installed, { name, by, leave }: ShareShape, { stack }: Place): object {
  const { arn, owner, name: ResourceShareName } = shares[stack]![name]!;
  return {
    Type: 'Custom::ResourceShareAcceptance',
    Properties: {
      ServiceToken: tokens.ResourceShareAcceptance,
      ...(by === 'arn' ? { ResourceShareArn: arn } : { OwningAccountId: owner, ResourceShareName }),
      LeaveOnDelete: leave,
    },
  };
}

function seedResource({ tokens, seeds }: Installed, { content, from, bucket }: SeedShape): object {
  return {
    Type: 'Custom::SeedCode',
    Properties: {
      ServiceToken: tokens.SeedCode,
      SourceBucket: seeds.source,
      ...(from === 'folder' ? { SourcePrefix: `folder/${content}/` } : { SourceKey: `${from}/${content}` }),
      DestinationBucket: seeds.destinations[bucket],
      DestinationPrefix: 'seed-code/',
    },
  };
}

function homesResource({ homes }: Installed, shape: HomesShape, { stack }: Place): object {
  return {
    Type: 'Custom::HomeSeed',
    Properties: {
      ServiceToken: homes.token,
      DomainId: homes.domainId,
      UserProfileName: shape.whose === 'one' ? homes.profiles[0] : undefined,
      Source: `s3://${homes.bucket}/${shape.content}.zip`,
      Destination: `folder-${stack}-${shape.folder}`,
      Overwrite: shape.overwrite,
      DeleteUnchanged: shape.deleteUnchanged,
    },
  };
}

function setUpResource({ tokens, setups }: Installed, shape: SetupShape, { stack }: Place): object {
  if (!setups) throw new Error('Setting up a Jupyter server: there is none in a simulation; play it with --wire');
  return {
    Type: 'Custom::StudioSetup',
    Properties: {
      ServiceToken: tokens.StudioSetup,
      DomainId: setups.domainId,
      UserProfileName: setups.profiles[shape.profile],
      StartApp: true,
      Commands: commandsOf(shape, stack),
    },
  };
}

function tags(tag: number): object[] {
  return tag === 0 ? [] : [{ Key: 'CostCenter', Value: `team-${tag}` }];
}

/** Waits for a signal that is never sent. */
function failing({ step }: Place, seconds: number): object {
  return {
    [`Doom${step}`]: {
      Type: 'AWS::CloudFormation::WaitCondition',
      Properties: { Handle: { Ref: 'Anchor' }, Timeout: String(seconds), Count: 1 },
    },
  };
}
