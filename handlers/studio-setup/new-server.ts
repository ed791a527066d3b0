import type { Context, EventBridgeEvent } from '@studio-resources/core';

/**
 * The properties for a new Jupyter server, from CloudTrail's CreateApp event. The event supplies names only, which
 * SageMaker then confirms. The commands come from the environment.
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
    // The home is the same as before, but the server is new.
    Revision: id,
  };
}

/**
 * A function for the new servers of one domain accepts no other commands. EventBridge may invoke it with any text that
 * the rule defines as input, so a caller who can change the rule could forge a request of a stack.
 */
export function assertCaller({ stackId }: Context): void {
  const { DOMAIN_ID } = process.env;
  // For an event, the runtime uses the function's own ARN in the place of the stack id. No request can contain that.
  if (!DOMAIN_ID || stackId.split(':')[2] === 'lambda') return;
  throw new Error(
    `Setting up a Jupyter server: this function sets up the new ones of domain ${DOMAIN_ID}, with commands of its own; ` +
      'name StudioSetupServiceToken as the ServiceToken',
  );
}
