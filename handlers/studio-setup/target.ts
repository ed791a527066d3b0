import {
  CreateAppCommand,
  CreatePresignedDomainUrlCommand,
  DescribeAppCommand,
  type DescribeAppResponse,
  DescribeSpaceCommand,
} from '@aws-sdk/client-sagemaker';
import { ignoreErrors, sagemaker, sagemakerWithoutRetries } from '@studio-resources/sagemaker/client/client';
import { findDomain } from '@studio-resources/sagemaker/domain/domain';
import { findUserProfile } from '@studio-resources/sagemaker/user-profile/user-profile';
import type { Props } from './properties.ts';

/** Whose Jupyter server is set up, and who opens it. */
export interface Target {
  DomainId: string;
  UserProfileName: string;
  SpaceName?: string;
  AppType: 'JupyterServer' | 'JupyterLab';
}

/** Studio itself starts no other: each profile has one JupyterServer, each space one JupyterLab. */
const AppName = 'default';

/** Where Studio has the server of an app. */
const roots = { JupyterServer: `jupyter/${AppName}`, JupyterLab: `jupyterlab/${AppName}` };

export function appTypeOf({ AppType, SpaceName }: Pick<Props, 'AppType' | 'SpaceName'>): Target['AppType'] {
  if (AppType !== undefined) return AppType as Target['AppType'];
  return SpaceName === undefined ? 'JupyterServer' : 'JupyterLab';
}

export function nameOf({ DomainId, UserProfileName, SpaceName, AppType }: Target): string {
  return `the ${AppType} of ${SpaceName === undefined ? UserProfileName : `space ${SpaceName}`} in domain ${DomainId}`;
}

export function serverPath({ AppType }: Target): string {
  return roots[AppType];
}

/** Looks up what the properties name. Throws when it is not there, or in no domain that lets us in. */
export async function getTarget(props: Props): Promise<Target> {
  const { DomainId, SpaceName } = props;
  const domain = await findDomain(DomainId);
  if (!domain) {
    throw new Error(`Finding domain ${DomainId}: it does not exist; give the id of one in this account and Region`);
  }
  if (domain.AuthMode !== 'IAM') {
    throw new Error(
      `Opening domain ${DomainId}: its AuthMode is ${domain.AuthMode}, and SageMaker lets nobody but its people open such a domain. ` +
        'Take one with AuthMode IAM; or Custom::StudioLifecycleConfig, whose script each app runs as it starts',
    );
  }
  const UserProfileName = props.UserProfileName ?? (await ownerOf(DomainId, SpaceName!));
  if (!(await findUserProfile({ DomainId, UserProfileName }))) {
    throw new Error(`Finding user profile ${UserProfileName} of domain ${DomainId}: it does not exist; make it first`);
  }
  return { DomainId, UserProfileName, SpaceName, AppType: appTypeOf(props) };
}

async function ownerOf(DomainId: string, SpaceName: string): Promise<string> {
  const space = await ignoreErrors(
    ['ResourceNotFound'],
    sagemaker().send(new DescribeSpaceCommand({ DomainId, SpaceName })),
  );
  if (!space) throw new Error(`Finding space ${SpaceName} of domain ${DomainId}: it does not exist; make it first`);
  const { OwnerUserProfileName } = space.OwnershipSettings ?? {};
  if (OwnerUserProfileName) return OwnerUserProfileName;
  throw new Error(
    `Opening space ${SpaceName} of domain ${DomainId}: it has no owner; give the UserProfileName that opens it`,
  );
}

/** SageMaker's key of the app: it is the profile's, or the space's. */
function keyOf({ DomainId, UserProfileName, SpaceName, AppType }: Target) {
  const owner = SpaceName === undefined ? { UserProfileName } : { SpaceName };
  return { DomainId, ...owner, AppType, AppName };
}

export function findApp(target: Target): Promise<DescribeAppResponse | undefined> {
  return ignoreErrors(['ResourceNotFound'], sagemaker().send(new DescribeAppCommand(keyOf(target))));
}

/** It runs, or is about to. */
export function isRunning(app: DescribeAppResponse | undefined): boolean {
  return app?.Status === 'InService' || app?.Status === 'Pending';
}

/** Starts the app, unless somebody has been quicker. */
export async function startApp(target: Target): Promise<void> {
  const call = sagemakerWithoutRetries().send(new CreateAppCommand(keyOf(target)));
  await ignoreErrors(['ResourceInUse'], call);
}

/** A URL that lets whoever has it in, for a minute and with the user's rights: it is to be in no log and no state. */
export async function createPresignedUrl(target: Target): Promise<string> {
  const { DomainId, UserProfileName, SpaceName, AppType } = target;
  const { AuthorizedUrl } = await sagemaker().send(
    new CreatePresignedDomainUrlCommand({
      DomainId,
      UserProfileName,
      SpaceName,
      LandingUri: `app:${AppType}:`,
      ExpiresInSeconds: 60,
      // The shortest that there is.
      SessionExpirationDurationInSeconds: 1800,
    }),
  );
  return AuthorizedUrl!;
}
