/** The directory in a home that holds the records of seeds. */
export const recordFolder = '.studio-resources';

/** The prefix of temporary files. */
export const temporaryPrefix = '.studio-resources-';

const maxNameBytes = 255;
const maxPathBytes = 1024;
const maxDepth = 32;

/**
 * Why a path is not allowed for a file in a home; undefined when it is allowed. It has to be relative and consist of
 * plain names, so that it cannot lead out of the home on any operating system.
 */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (/\p{Cc}/u.test(path)) return 'it has a control character in it';
  if (path.startsWith('/')) return 'it is absolute, but has to be relative to the home';
  if (/^[a-z]:/i.test(path)) return 'it begins with a drive letter, but has to be relative to the home';
  if (path.includes('\\')) return 'it has a backslash in it; names are separated by slashes';
  if (!path.isWellFormed()) return 'it is not well-formed Unicode';
  if (Buffer.byteLength(path) > maxPathBytes) return `it has more than ${maxPathBytes} bytes`;
  const names = path.split('/');
  if (names.includes('..')) return 'it leads out of its folder, by ..';
  if (names.includes('') || names.includes('.')) return 'it has an empty name in it, or a dot for one';
  if (names.length > maxDepth) return `it is more than ${maxDepth} folders deep`;
  if (names.some((name) => Buffer.byteLength(name) > maxNameBytes))
    return `a name in it has over ${maxNameBytes} bytes`;
  if (names[0] === recordFolder) return `${recordFolder} is reserved for the records of seeds`;
  if (names.at(-1)!.startsWith(temporaryPrefix))
    return `names that begin with ${temporaryPrefix} are for temporary files`;
  return undefined;
}
