import { type BusEvent, InvalidPropertiesError, type Log, type Status } from '@studio-resources/core';
import { BusyError, findUserProfile, isProfileKey, type ProfileKey } from '@studio-resources/sagemaker';
import { readBundle } from './bundle.ts';
import { checkMounted, homesOf, mountedDomain } from './homes.ts';
import { type Props, schema } from './properties.ts';
import { seedId } from './seed.ts';
import { seedHomes } from './seed-homes.ts';

/** A profile that nobody can describe this long after its creation, in milliseconds, has been deleted again. */
const longestInvisible = 120_000;

/**
 * Seeds the home of a profile that somebody has just made. What goes into it, and which domain's homes they are, the
 * function's own environment says. Of the event, only the names are used, to ask SageMaker: whoever may invoke the
 * function can send any event, and then at most has a home seeded as it would be anyway.
 */
export async function onNewProfile(event: BusEvent, log: Log): Promise<Status> {
  const key = profileIn(event);
  if (!key || key.DomainId !== mountedDomain()) {
    const { source, detailType } = event;
    log.info('The event is not about a new profile of the domain whose homes are here', { source, detailType });
    return 'ready';
  }
  const props = configured(key);
  await checkMounted(key.DomainId);
  if (!(await findUserProfile(key))) {
    if (Date.now() - timeOf(event) < longestInvisible) return { pending: `${key.UserProfileName} to be there` };
    log.warn('There is no such profile: it was deleted meanwhile', { ...key });
    return 'ready';
  }
  try {
    const homes = await homesOf(key);
    const files = await readBundle(props);
    const id = seedId('new profiles', key.DomainId, props.Destination);
    await seedHomes(homes, { id, files, overwrite: props.Overwrite }, log);
    return 'ready';
  } catch (error) {
    if (error instanceof BusyError) return { pending: error.message };
    throw error;
  }
}

/** The profile that the event says was made; undefined where it says something else, or nothing that could be one. */
function profileIn({ source, detail }: BusEvent): ProfileKey | undefined {
  const { eventName, requestParameters, errorCode } = detail;
  if (source !== 'aws.sagemaker' || eventName !== 'CreateUserProfile' || errorCode !== undefined) return undefined;
  const { domainId: DomainId, userProfileName: UserProfileName } = Object(requestParameters);
  return isProfileKey({ DomainId, UserProfileName }) ? { DomainId, UserProfileName } : undefined;
}

/** When the profile was made, as CloudTrail says. */
function timeOf({ detail }: BusEvent): number {
  return Date.parse(String(detail.eventTime)) || 0;
}

/** What the function's environment says is to be in the homes of new profiles. */
function configured(key: ProfileKey): Props {
  const { SOURCE, SOURCE_VERSION_ID, DESTINATION, OVERWRITE } = process.env;
  const given = {
    ...key,
    Source: SOURCE || undefined,
    SourceVersionId: SOURCE_VERSION_ID || undefined,
    Destination: DESTINATION || undefined,
    Overwrite: OVERWRITE || undefined,
  };
  const result = schema['~standard'].validate(given);
  if (result.issues) throw new InvalidPropertiesError(result.issues);
  return result.value;
}
