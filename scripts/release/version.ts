/** The grammar of https://semver.org/spec/v2.0.0.html without build metadata, which takes no part in the order of versions. */
const grammar =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*))?$/;

/** Whether a text is a version of Semantic Versioning, such as `1.4.0` or `2.0.0-rc.1`. */
export function isVersion(text: string): boolean {
  return grammar.test(text);
}

/** Whether the first version is later than the second: a pre-release comes before its release. */
export function isLater(one: string, other: string): boolean {
  const [core, before] = partsOf(one);
  const [otherCore, otherBefore] = partsOf(other);
  const byCore = compareLists(core, otherCore);
  if (byCore !== 0) return byCore > 0;
  if (before.length === 0 || otherBefore.length === 0) return before.length === 0 && otherBefore.length > 0;
  return compareLists(before, otherBefore) > 0;
}

function partsOf(version: string): [core: string[], prerelease: string[]] {
  const [, major = '', minor = '', patch = '', prerelease] = grammar.exec(version) ?? [];
  return [[major, minor, patch], prerelease?.split('.') ?? []];
}

/** Of two lists that begin alike, the longer is the greater. */
function compareLists(one: readonly string[], other: readonly string[]): number {
  for (const [index, identifier] of one.entries()) {
    const opposite = other[index];
    if (opposite === undefined) return 1;
    const difference = compareIdentifiers(identifier, opposite);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

/** Numbers by their value, and before all texts. */
function compareIdentifiers(one: string, other: string): number {
  const areNumbers = [one, other].map((each) => /^\d+$/.test(each));
  if (areNumbers[0] && areNumbers[1]) return Number(BigInt(one) - BigInt(other));
  if (areNumbers[0] !== areNumbers[1]) return areNumbers[0] ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}
