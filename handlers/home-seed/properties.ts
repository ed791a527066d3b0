import { boolean, matching, oneOf, type PropsOf, properties, type } from '@studio-resources/core';
import { pathProblem } from './path.ts';

export const overwrites = ['Never', 'IfUnchanged', 'Always'] as const;

const uri = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([^/].{0,1023})$/s;

export const schema = properties({
  /** The domain whose home file system the function has mounted. */
  DomainId: matching(/^(?=.{3,63}$)d-(-*[a-z0-9]){1,61}$/, 'the id of a domain, such as d-abcdefghijkl'),
  /** One user profile. If omitted, all of the domain's. */
  UserProfileName: matching(/^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'the name of a user profile').optional(),
  /** A zip, or a folder; a folder ends with a slash. */
  Source: matching(uri, 'the S3 URI of a zip or of a folder, such as s3://bucket/starter.zip or s3://bucket/starter/'),
  /** The version of the zip, in a versioned bucket. If omitted, the latest. */
  SourceVersionId: matching(/^.{1,1024}$/, 'the version of an object').optional(),
  /** A folder in the home. If omitted, the home itself. */
  Destination: type((value, place) => {
    const path = typeof value === 'string' ? value.replace(/\/$/, '') : undefined;
    if (path === undefined) return place.wrong('expected a path within the home, such as examples/first');
    if (value === '') return '';
    const problem = pathProblem(path);
    return problem ? place.wrong(`expected a path within the home, such as examples/first; ${problem}`) : path;
  }).default(''),
  /** Whether to overwrite existing files: never, only if the user has not changed them, or always. */
  Overwrite: oneOf(...overwrites).default('IfUnchanged'),
  /**
   * Whether a deletion removes files that the user has not changed. Otherwise all files stay. A file that another
   * resource has seeded into the same home also stays, for example after the logical id was renamed.
   */
  DeleteUnchanged: boolean().default(false),
}).check(({ Source, SourceVersionId }, place) => {
  if (SourceVersionId !== undefined && Source.endsWith('/')) {
    place.at('SourceVersionId').wrong('goes with a zip, and Source is a folder; leave it out, or name a zip');
  }
});

export type Props = PropsOf<typeof schema>;
