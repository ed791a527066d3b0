import { boolean, integer, list, matching, oneOf, type PropsOf, properties } from '@studio-resources/core';
import { deleteContentsChoices } from '@studio-resources/sagemaker/contents/deletable';
import { adoptExisting } from '@studio-resources/sagemaker/ownership';
import { formats } from './file-format.ts';
import { asType, defaultsSchema, keyOf, memberSchema } from './member.ts';

/** The maximum number of profiles of a resource. */
export const maxMembers = 1000;

/** In bytes. An Update contains the members twice, and the size of the waiter's state is limited. */
const maxInlineBytes = 90_000;

export const schema = properties({
  DomainId: matching(/^(?=.{1,63}$)d-(-*[a-z0-9])+$/, 'the id of a domain, such as d-abc123'),
  /** The members; or give MembersS3Uri. */
  Members: list(asType(memberSchema)).optional(),
  /** A file of members, CSV or JSON lines, by the suffix of its key. An invalid line fails only its own member. */
  MembersS3Uri: matching(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.{1,1024}$/s,
    'the URI of an object, such as s3://bucket/members.csv',
  ).optional(),
  /** The version of the file, in a versioned bucket. If omitted, the latest. */
  MembersS3VersionId: matching(/^.{1,1024}$/, 'the version of an object').optional(),
  /** Settings and tags of every member that does not set its own. */
  Defaults: asType(defaultsSchema).default({}),
  /**
   * Whether to adopt existing profiles with members' names: `true` if they have to exist, `IfExists` to create the others.
   * Adopted profiles are never deleted, unless a stack of this project created them and has given them up.
   */
  AdoptExisting: adoptExisting().default(false),
  /** Whether one failed member fails the resource, so that CloudFormation rolls back the changes to the others. */
  AllOrNothing: boolean().default(false),
  /** How many profiles an update may remove at most. An update that would remove more fails. */
  MaxRemovals: integer().default(10),
  /** What a removal may delete with a profile: running apps, also the spaces that it owns, or nothing. */
  DeleteContents: oneOf(...deleteContentsChoices).default('Apps'),
}).check(({ Members, MembersS3Uri, MembersS3VersionId, MaxRemovals }, place) => {
  if (Members === undefined && MembersS3Uri === undefined) {
    place.at('Members').wrong('required, but missing; or give MembersS3Uri instead');
  }
  if (Members !== undefined && MembersS3Uri !== undefined) {
    place.at('Members').wrong('does not go with MembersS3Uri, which is given too; give only one of them');
  }
  if (MembersS3VersionId !== undefined && MembersS3Uri === undefined) {
    place.at('MembersS3VersionId').wrong('has no effect without MembersS3Uri');
  }
  if (MembersS3Uri !== undefined && !formats.some(({ ending }) => ending.test(MembersS3Uri))) {
    place.at('MembersS3Uri').wrong(`expected a key that ends with .csv, .jsonl or .ndjson, got ${MembersS3Uri}`);
  }
  if (MaxRemovals < 0) place.at('MaxRemovals').wrong(`expected 0 or more, got ${MaxRemovals}`);
  const all = Members ?? [];
  if (all.length > maxMembers) {
    place
      .at('Members')
      .wrong(`expected at most ${maxMembers} members, got ${all.length}; give the others to another resource`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(all));
  if (bytes > maxInlineBytes) {
    place
      .at('Members')
      .wrong(`expected at most ${maxInlineBytes} bytes, got ${bytes}; put them into a file, and give MembersS3Uri`);
  }
  const first = new Map<string, number>();
  for (const [index, { UserProfileName }] of all.entries()) {
    const key = keyOf(UserProfileName);
    const before = first.get(key);
    if (before === undefined) first.set(key, index);
    else {
      const same = place.at('Members').at(index).at('UserProfileName');
      same.wrong(
        `${UserProfileName} is the name of Members[${before}] already, whatever its case; give each name once`,
      );
    }
  }
});

export type Props = PropsOf<typeof schema>;
