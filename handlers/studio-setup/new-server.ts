import type { Context, EventBridgeEvent } from '@studio-resources/core';

/**
 * What each new Jupyter server is to be set up with, by CloudTrail's event of the `CreateApp` that started it. The event
 * only says which app it is, and that is looked up; what is run comes from the function's environment.
 */
export function newServer({ id, source, detail }: EventBridgeEvent): Record<string, unknown> | undefined {
  const { SETUP_COMMANDS: command, SETUP_COMMANDS_S3_URI: CommandsS3Uri, DOMAIN_ID } = process.env;
  const { eventName, errorCode, requestParameters } = detail;
  if (source !== 'aws.sagemaker' || eventName !== 'CreateApp' || errorCode !== undefined) return undefined;
  const { domainId, userProfileName, spaceName, appType, appName } = Object(requestParameters);
  if (!/^Jupyter(Server|Lab)$/.test(String(appType)) || appName !== 'default') return undefined;
  if (DOMAIN_ID && domainId !== DOMAIN_ID) return undefined;
  if (!command && !CommandsS3Uri) return undefined;
  return {
    DomainId: domainId,
    UserProfileName: userProfileName,
    SpaceName: spaceName,
    AppType: appType,
    ...(command ? { Commands: [command] } : { CommandsS3Uri }),
    // The home is that of the servers before it, but the server is new.
    Revision: id,
  };
}

/**
 * A function that is there for the new servers of one domain takes no commands from anybody. EventBridge may call it, and
 * hands over whatever text the rule has for its target: so whoever may write the rule could make up a request of a stack.
 */
export function assertCaller({ stackId }: Context): void {
  const { DOMAIN_ID } = process.env;
  // A reaction to an event has the function's own ARN in the place of a stack's, which no request may have.
  if (!DOMAIN_ID || stackId.split(':')[2] === 'lambda') return;
  throw new Error(
    `Setting up a Jupyter server: this function sets up the new ones of domain ${DOMAIN_ID}, with commands of its own; ` +
      'name StudioSetupServiceToken as the ServiceToken',
  );
}
