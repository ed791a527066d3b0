import type { DescribeAppResponse } from '@aws-sdk/client-sagemaker';
import { type Context, type EventBridgeEvent, isForEvent } from '@studio-resources/core';
import { isTooOldForEvent, requestParametersIn } from '@studio-resources/sagemaker/create-event';
import type { Props } from './properties.ts';

/**
 * The properties for a new Jupyter server, from CloudTrail's CreateApp event. A rule can make up all of an event, so it
 * supplies names only, which SageMaker then confirms. The commands come from the environment.
 */
export function newServer(event: EventBridgeEvent): Record<string, unknown> | undefined {
  const { SETUP_COMMANDS: command, SETUP_COMMANDS_S3_URI: CommandsS3Uri, DOMAIN_ID } = process.env;
  const parameters = requestParametersIn(event, 'CreateApp');
  if (!parameters) return undefined;
  const { domainId, userProfileName, spaceName, appType, appName } = parameters;
  if (!/^Jupyter(Server|Lab)$/.test(String(appType)) || appName !== 'default') return undefined;
  if (DOMAIN_ID && domainId !== DOMAIN_ID) return undefined;
  if (!command && !CommandsS3Uri) return undefined;
  return {
    DomainId: domainId,
    // An app belongs to a profile or to a space. The owner opens a space, and not a profile that the event names.
    UserProfileName: spaceName === undefined ? userProfileName : undefined,
    SpaceName: spaceName,
    AppType: appType,
    ...(command ? { Commands: [command] } : { CommandsS3Uri }),
  };
}

/** Throws for a server that is not as new as an event says. */
export function assertNew(app: DescribeAppResponse | undefined, name: string, ctx: Context): void {
  if (!isTooOldForEvent(app?.CreationTime, ctx)) return;
  throw new Error(`Setting up ${name} for an event: it is not new; only a server of the last hour is set up`);
}

/**
 * The properties with which a server is set up. The home of a new server is the same as before, so its commands run once
 * for each server, however many events name it.
 */
export function forServer(props: Props, app: DescribeAppResponse | undefined, ctx: Context): Props {
  return isForEvent(ctx) ? { ...props, Revision: app?.CreationTime?.toISOString() } : props;
}

/**
 * A function for the new servers of one domain accepts no other commands, from any caller.
 */
export function assertCaller(ctx: Context): void {
  const { DOMAIN_ID } = process.env;
  if (!DOMAIN_ID || isForEvent(ctx)) return;
  throw new Error(
    `Setting up a Jupyter server: this function sets up the new ones of domain ${DOMAIN_ID}, with commands of its own; ` +
      'name StudioSetupServiceToken as the ServiceToken',
  );
}
