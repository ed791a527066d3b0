import { matching, properties, type Schema } from '@studio-resources/core';

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

export type Props = NonNullable<(typeof members)['~standard']['types']>['output'];

export const schema: Schema<Props> = {
  ...members,
  '~standard': {
    ...members['~standard'],
    validate(value) {
      const result = members['~standard'].validate(value);
      const issue = result.issues ? undefined : missourcing(result.value);
      return issue ? { issues: [issue] } : result;
    },
  },
};

/** What is wrong with how the source is given, if anything. */
function missourcing({ SourceKey, SourcePrefix, SourceVersionId }: Props) {
  if (SourceKey === undefined && SourcePrefix === undefined) {
    return { path: ['SourceKey'], message: 'required, but missing; or give SourcePrefix instead' };
  }
  if (SourcePrefix === undefined) return undefined;
  const message = 'does not go with SourcePrefix, which is given too; give only one of them';
  if (SourceKey !== undefined) return { path: ['SourceKey'], message };
  return SourceVersionId === undefined ? undefined : { path: ['SourceVersionId'], message };
}
