import { gt, valid } from 'semver';

/** Whether a text is a version of Semantic Versioning without build metadata, which takes no part in the order of versions. */
export function isVersion(text: string): boolean {
  return valid(text) === text;
}

/** Whether the first version is later than the second: a pre-release comes before its release. */
export function isLater(one: string, other: string): boolean {
  return gt(one, other);
}
