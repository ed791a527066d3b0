import {
  CreateAppCommand,
  CreatePresignedDomainUrlCommand,
  DescribeAppCommand,
  type DescribeAppResponse,
  DescribeSpaceCommand,
} from '@aws-sdk/client-sagemaker';
import {
  ignoreErrors,
  sagemaker,
  sagemakerWithoutRetries,
  undefinedIfNotFound,
} from '@studio-resources/sagemaker/client/client';
import { findDomain } from '@studio-resources/sagemaker/domain/domain';
import { findUserProfile } from '@studio-resources/sagemaker/user-profile/user-profile';
import type { Props } from './properties.ts';

/** The Jupyter server to set up, and the user profile that opens it. */
export interface Target {
  DomainId: string;
  UserProfileName: string;
  SpaceName?: string;
  AppType: 'JupyterServer' | 'JupyterLab';
}

/** Studio uses only this name: each profile has one JupyterServer, each space one JupyterLab. */
const AppName = 'default';

/** The path of an app's server in Studio. */
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

/**
 * Finds what the properties name. Throws when it does not exist, or when the domain's AuthMode does not allow access.
 */
export async function getTarget(props: Props): Promise<Target> {
  const { DomainId, SpaceName } = props;
  const domain = await findDomain(DomainId);
  if (!domain) {
    throw new Error(`Finding domain ${DomainId}: it does not exist; give the id of one in this account and Region`);
  }
  if (domain.AuthMode !== 'IAM') {
    throw new Error(
      `Opening domain ${DomainId}: its AuthMode is ${domain.AuthMode}, and SageMaker creates presigned URLs for domains with AuthMode IAM only. ` +
        'Use a domain with AuthMode IAM, or Custom::StudioLifecycleConfig, whose script runs when an app starts',
    );
  }
  const UserProfileName = props.UserProfileName ?? (await ownerOf(DomainId, SpaceName!));
  if (!(await findUserProfile({ DomainId, UserProfileName }))) {
    throw new Error(
      `Finding user profile ${UserProfileName} of domain ${DomainId}: it does not exist; create it first`,
    );
  }
  return { DomainId, UserProfileName, SpaceName, AppType: appTypeOf(props) };
}

async function ownerOf(DomainId: string, SpaceName: string): Promise<string> {
  const space = await ignoreErrors(
    ['ResourceNotFound'],
    sagemaker().send(new DescribeSpaceCommand({ DomainId, SpaceName })),
  );
  if (!space) throw new Error(`Finding space ${SpaceName} of domain ${DomainId}: it does not exist; create it first`);
  const { OwnerUserProfileName } = space.OwnershipSettings ?? {};
  if (OwnerUserProfileName) return OwnerUserProfileName;
  throw new Error(
    `Opening space ${SpaceName} of domain ${DomainId}: it has no owner; give the UserProfileName that opens it`,
  );
}

/** SageMaker's key of the app. It belongs to the user profile or to the space. */
function keyOf({ DomainId, UserProfileName, SpaceName, AppType }: Target) {
  const owner = SpaceName === undefined ? { UserProfileName } : { SpaceName };
  return { DomainId, ...owner, AppType, AppName };
}

export function findApp(target: Target): Promise<DescribeAppResponse | undefined> {
  return undefinedIfNotFound(sagemaker().send(new DescribeAppCommand(keyOf(target))));
}

/** Whether the app runs or is starting. */
export function isRunning(app: DescribeAppResponse | undefined): boolean {
  return app?.Status === 'InService' || app?.Status === 'Pending';
}

/** Starts the app. An app that was started meanwhile is no error. */
export async function startApp(target: Target): Promise<void> {
  const call = sagemakerWithoutRetries().send(new CreateAppCommand(keyOf(target)));
  await ignoreErrors(['ResourceInUse'], call);
}

/** A URL that gives access with the user's permissions, for one minute. It must not reach a log or a stored state. */
export async function createPresignedUrl(target: Target): Promise<string> {
  const { DomainId, UserProfileName, SpaceName, AppType } = target;
  const { AuthorizedUrl } = await sagemaker().send(
    new CreatePresignedDomainUrlCommand({
      DomainId,
      UserProfileName,
      SpaceName,
      LandingUri: `app:${AppType}:`,
      ExpiresInSeconds: 60,
      // The shortest duration that the API accepts.
      SessionExpirationDurationInSeconds: 1800,
    }),
  );
  return AuthorizedUrl!;
}
