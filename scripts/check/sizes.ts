import type { Source } from './sources.ts';

/** The most lines of a file. */
const limit = 320;

/** Files that are longer for a reason: by path, the reason. */
const accepted: ReadonlyMap<string, string> = new Map([
  ['packages/cdk/src/generated/structures.ts', 'it is generated, and read member by member'],
]);

/** The TypeScript files that are too long to read in one go, and reasons for files that no longer need one. */
export function checkSizes(sources: readonly Source[], reasons: ReadonlyMap<string, string> = accepted): string[] {
  const lines = new Map(
    sources.flatMap(({ path, text }) => (path.endsWith('.ts') ? [[path, text.trimEnd().split('\n').length]] : [])),
  );
  const tooLong = [...lines].flatMap(([path, count]) => {
    if (count <= limit || reasons.has(path)) return [];
    return [`${path}: ${count} lines; split it, at most ${limit} are allowed`];
  });
  const stale = [...reasons.keys()]
    .filter((path) => (lines.get(path) ?? 0) <= limit)
    .map((path) => `scripts/check/sizes.ts: ${path} is not too long; remove its reason`);
  return [...tooLong, ...stale];
}
