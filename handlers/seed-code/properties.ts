import { matching, type Place, type PropsOf, properties } from '@studio-resources/core';

const bucket = () => matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket');

const members = properties({
  /** Where the seed code comes from. */
  SourceBucket: bucket(),
  /** A zip in it. Or else a folder. */
  SourceKey: matching(/^.{1,1024}$/s, 'the key of a zip').optional(),
  /** Which version of the zip, in a bucket that keeps several; the newest if left out. */
  SourceVersionId: matching(/^.{1,1024}$/, 'the version of an object').optional(),
  /** A folder in it, all of which is put into a zip. */
  SourcePrefix: matching(/^[^/].{0,1023}$/s, 'the prefix of a folder, such as seed/1.4.0/').optional(),
  /** Where it is delivered; the same bucket will do. */
  DestinationBucket: bucket(),
  /** What the key begins with; the rest of it tells the content. */
  DestinationPrefix: matching(/^([^/].{0,799})?$/s, 'a prefix of at most 800 characters, such as seed-code/').default(
    '',
  ),
});

export type Props = PropsOf<typeof members>;

export const schema = members.check(checkSource);

/** Notes what is wrong with how the source is given. */
function checkSource({ SourceKey, SourcePrefix, SourceVersionId }: Props, place: Place): void {
  if (SourcePrefix === undefined) {
    if (SourceKey === undefined) place.at('SourceKey').wrong('required, but missing; or give SourcePrefix instead');
    return;
  }
  const extra = SourceKey !== undefined ? 'SourceKey' : SourceVersionId !== undefined ? 'SourceVersionId' : undefined;
  if (extra) place.at(extra).wrong('does not go with SourcePrefix, which is given too; give only one of them');
}
