import { matching, type Place, type PropsOf, properties } from '@studio-resources/core';

const bucket = () => matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket');

const members = properties({
  /** The bucket of the seed code. */
  SourceBucket: bucket(),
  /** The key of a zip; or give SourcePrefix. */
  SourceKey: matching(/^.{1,1024}$/s, 'the key of a zip').optional(),
  /** The version of the zip, in a versioned bucket. If omitted, the latest. */
  SourceVersionId: matching(/^.{1,1024}$/, 'the version of an object').optional(),
  /** The prefix of a folder. All files in it are put into a zip. */
  SourcePrefix: matching(/^[^/].{0,1023}$/s, 'the prefix of a folder, such as seed/1.4.0/').optional(),
  /** The bucket to deliver to. It may be the same bucket. */
  DestinationBucket: bucket(),
  /** The prefix of the key. A hash of the content follows. */
  DestinationPrefix: matching(/^([^/].{0,799})?$/s, 'a prefix of at most 800 characters, such as seed-code/').default(
    '',
  ),
});

export type Props = PropsOf<typeof members>;

export const schema = members.check(checkSource);

/** Adds a problem when the source is not given in exactly one way. */
function checkSource({ SourceKey, SourcePrefix, SourceVersionId }: Props, place: Place): void {
  if (SourcePrefix === undefined) {
    if (SourceKey === undefined) place.at('SourceKey').wrong('required, but missing; or give SourcePrefix instead');
    return;
  }
  const extra = SourceKey !== undefined ? 'SourceKey' : SourceVersionId !== undefined ? 'SourceVersionId' : undefined;
  if (extra) place.at(extra).wrong('does not go with SourcePrefix, which is given too; give only one of them');
}
