import { boolean, integer, list, matching, oneOf, type PropsOf, properties } from '@studio-resources/core';
import { deleteContentsChoices } from '@studio-resources/sagemaker/contents/deletable';
import { formats } from './file-format.ts';
import { asType, defaultsSchema, keyOf, memberSchema } from './member.ts';

/** So many profiles a resource has at most. */
export const maxMembers = 1000;

/** An Update comes with them twice, and what the waiter keeps of a request is limited, in bytes. */
const maxInlineBytes = 90_000;

export const schema = properties({
  DomainId: matching(/^(?=.{1,63}$)d-(-*[a-z0-9])+$/, 'the id of a domain, such as d-abc123'),
  /** The members; or else a file of them. */
  Members: list(asType(memberSchema)).optional(),
  /** A file of them: CSV or JSON lines, by the ending of its key. A bad line fails its member, and no other. */
  MembersS3Uri: matching(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.{1,1024}$/s,
    'the URI of an object, such as s3://bucket/members.csv',
  ).optional(),
  /** Which version of the file, in a bucket that keeps several; the newest if left out. */
  MembersS3VersionId: matching(/^.{1,1024}$/, 'the version of an object').optional(),
  /** What every member has unless it says otherwise. */
  Defaults: asType(defaultsSchema).default({}),
  /** Takes over profiles of members' names that the stack did not make; such profiles are never deleted. */
  AdoptExisting: boolean().default(false),
  /** One member that fails fails the resource, so that CloudFormation takes back what was done for the others. */
  AllOrNothing: boolean().default(false),
  /** An update that would remove more profiles than this is refused. */
  MaxRemovals: integer().default(10),
  /** What a removal may delete with a profile: running apps, the spaces that it owns as well, or nothing. */
  DeleteContents: oneOf(...deleteContentsChoices).default('Apps'),
}).check(({ Members, MembersS3Uri, MembersS3VersionId, MaxRemovals }, place) => {
  if (Members === undefined && MembersS3Uri === undefined) {
    place.at('Members').wrong('required, but missing; or give MembersS3Uri instead');
  }
  if (Members !== undefined && MembersS3Uri !== undefined) {
    place.at('Members').wrong('does not go with MembersS3Uri, which is given too; give only one of them');
  }
  if (MembersS3VersionId !== undefined && MembersS3Uri === undefined) {
    place.at('MembersS3VersionId').wrong('is of no use without MembersS3Uri');
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
