import { posix } from 'node:path';
import { importsOf } from './import-statements.ts';
import type { Source } from './sources.ts';

/** The files that each file imports, by path. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** The import circles among these modules, types included, one for each group of modules that import each other. */
export function checkCircles(sources: readonly Source[]): string[] {
  const graph = graphOf(sources);
  const reported = new Set<string>();
  return [...graph.keys()].sort().flatMap((path) => {
    if (reported.has(path)) return [];
    const circle = shortestCircle(path, graph);
    if (!circle) return [];
    for (const other of reachableFrom(path, graph)) {
      if (reachableFrom(other, graph).has(path)) reported.add(other);
    }
    return [`${circle.join(' → ')}: break this import circle; move what its modules share into a module of its own`];
  });
}

function graphOf(sources: readonly Source[]): Graph {
  const modules = sources.filter(({ path }) => path.endsWith('.ts'));
  const paths = new Set(modules.map(({ path }) => path));
  const packages = packagesIn(sources);
  return new Map(
    modules.map(({ path, text }) => {
      const targets = importsOf(text).map((name) => targetOf(path, name, packages));
      return [path, [...new Set(targets.filter((target) => target !== undefined && paths.has(target)))] as string[]];
    }),
  );
}

/** The shortest way from a module back to itself, both ends included; undefined where there is none. */
function shortestCircle(start: string, graph: Graph): string[] | undefined {
  const ways = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of graph.get(way.at(-1)!)!) {
      if (next === start) return [...way, start];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

function reachableFrom(start: string, graph: Graph): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const next of graph.get(path)!) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}

/** The folder of a package, and the source file of each subpath that it exports: `.`, or a pattern such as `./*`. */
interface Package {
  folder: string;
  exports: readonly (readonly [subpath: string, file: string])[];
}

type ExportTarget = string | { 'studio-resources'?: string };

function packagesIn(sources: readonly Source[]): Map<string, Package> {
  const found = sources.flatMap(({ path, text }) => {
    if (!/^packages\/[^/]+\/package\.json$/.test(path)) return [];
    const { name, exports = {} } = JSON.parse(text) as { name: string; exports?: Record<string, ExportTarget> };
    const targets = Object.entries(exports).flatMap(([subpath, target]) => {
      const file = typeof target === 'string' ? target : target['studio-resources'];
      return file === undefined ? [] : [[subpath, file] as const];
    });
    return [[name, { folder: posix.dirname(path), exports: targets }] as const];
  });
  return new Map(found);
}

/** The file that an import means; undefined for a module of Node or of a package that is not in the repository. */
function targetOf(path: string, name: string, packages: ReadonlyMap<string, Package>): string | undefined {
  if (name.startsWith('.')) return posix.join(posix.dirname(path), name);
  const [scope, folder, ...rest] = name.split('/');
  const owner = packages.get(`${scope}/${folder}`);
  const subpath = ['.', ...rest].join('/');
  for (const [pattern, file] of owner?.exports ?? []) {
    const [before, after] = pattern.split('*') as [string, string?];
    if (after === undefined ? pattern === subpath : subpath.startsWith(before) && subpath.endsWith(after)) {
      const part = after === undefined ? '' : subpath.slice(before.length, subpath.length - after.length);
      return posix.join(owner!.folder, file.replace('*', part));
    }
  }
  return undefined;
}
