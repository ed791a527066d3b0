import { createHash } from 'node:crypto';
import { type CreateUserProfileRequest, CreateUserProfileRequest$, type Tag } from '@aws-sdk/client-sagemaker';
import {
  fromConstrainedApi,
  matching,
  type Place,
  type PropsOf,
  type Schema,
  type Type,
  type,
} from '@studio-resources/core';
import { createUserProfileConstraints } from '@studio-resources/sagemaker/constraints';
import { checkTags, mergeTags } from '@studio-resources/sagemaker/tags';

/** The length check comes first, so that the rest runs on short texts only. */
const nameForm = /^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;
const name = 'a name of 1 to 63 letters, digits and hyphens, beginning and ending with a letter or a digit';

const api = fromConstrainedApi<CreateUserProfileRequest>({
  shape: CreateUserProfileRequest$,
  constraints: createUserProfileConstraints,
}).omit('DomainId', 'SingleSignOnUserIdentifier');

/** A member in the template or in a line of the file. */
export const memberSchema = api.with({ UserProfileName: matching(nameForm, name) }).check(checkOwnTags);
export const defaultsSchema = api.omit('UserProfileName', 'SingleSignOnUserValue').check(checkOwnTags);

export type GivenMember = PropsOf<typeof memberSchema>;
export type Defaults = PropsOf<typeof defaultsSchema>;

/** A desired user profile. */
export interface Member {
  name: string;
  /** Equal for names that differ only by case, as in SageMaker. */
  key: string;
  /** Where it is defined: `Members[3]`, or `line 17`. */
  place: string;
  /** The desired properties of its profile, including the defaults. */
  desired: Pick<CreateUserProfileRequest, 'SingleSignOnUserValue' | 'UserSettings' | 'Tags'>;
  /** A hash of the desired properties, stored in a tag of the profile. */
  digest: string;
}

/** A listed member that is invalid. */
export interface InvalidMember {
  place: string;
  /** Undefined when the line has no valid name. */
  name?: string;
  reason: string;
}

/** All listed members. */
export interface Roster {
  members: readonly Member[];
  invalid: readonly InvalidMember[];
  digest: string;
}

export function memberOf(given: GivenMember, defaults: Defaults, place: string): Member {
  const { UserProfileName, SingleSignOnUserValue } = given;
  const desired = {
    SingleSignOnUserValue,
    UserSettings: mergeSettings(defaults.UserSettings, given.UserSettings) as Member['desired']['UserSettings'],
    Tags: sortedTags(mergeTags(given.Tags ?? [], defaults.Tags ?? [])),
  };
  return { name: UserProfileName, key: keyOf(UserProfileName), place, desired, digest: digestOf(desired) };
}

export function keyOf(name: string): string {
  return name.toLowerCase();
}

/** A short hash, independent of the order of members. */
export function digestOf(value: unknown): string {
  const sorted = (_: string, each: unknown) =>
    isStructure(each) ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1))) : each;
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('base64url').slice(0, 22);
}

/** A schema's structure as the type of a property. */
export function asType<T extends object>(schema: Schema<T>): Type<T, false> {
  const read = (value: unknown, place: Place) => {
    const result = schema['~standard'].validate(value);
    if (!result.issues) return result.value;
    for (const { path = [], message } of result.issues) {
      const steps = path.map((step) => (typeof step === 'object' ? step.key : step) as string | number);
      steps.reduce((at, step) => at.at(step), place).wrong(message);
    }
    return undefined;
  };
  return type(read, 'object', { members: schema.types });
}

/** Merges settings over the defaults, member by member. Lists are replaced, not merged. */
function mergeSettings(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isStructure(below) || !isStructure(above)) return above;
  const names = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...names].map((each) => [each, mergeSettings(below[each], above[each])]));
}

function sortedTags(tags: readonly Tag[]): Tag[] {
  return tags.toSorted((a, b) => (a.Key! < b.Key! ? -1 : 1));
}

export function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkOwnTags({ Tags }: { Tags?: Tag[] }, place: Place): void {
  try {
    checkTags(Tags);
  } catch (error) {
    place.at('Tags').wrong((error as Error).message);
  }
}
