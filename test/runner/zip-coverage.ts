import { existsSync, readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { strFromU8, strToU8, unzipSync } from 'fflate';
import { handlerNames, mapsPath, root, zipPath } from '../../scripts/handlers.ts';

type Mapping = { source: string | null; originalLine: number; generatedLine: number; generatedColumn: number };

const { TraceMap, eachMapping } = createRequire(import.meta.url)('@jridgewell/trace-mapping');

/** From an offset in a script on: a line of a source of ours, or something else. */
interface Piece {
  offset: number;
  source?: string;
  line: number;
}

interface ZipScript {
  length: number;
  pieces: Piece[];
}

let known: Promise<ZipScript[]> | undefined;

/** The lines that are reported already, by source. */
const reported = new Map<string, Set<number>>();

/**
 * The lines of our sources that ran inside of zips, in clouds at virtual time, as coverage of these sources. Only that
 * they ran: what did not run inside of zips may have run elsewhere.
 */
export async function coverageInZips(
  scripts: readonly Profiler.ScriptCoverage[],
  isWanted: (path: string) => boolean,
): Promise<Profiler.ScriptCoverage[]> {
  const inZips = scripts.filter(({ url }) => url.startsWith('file:///var/task/'));
  if (inZips.length === 0) return [];
  known ??= zipScripts(isWanted);
  const found = new Map<string, Set<number>>();
  for (const script of inZips) {
    // A script of that very length is that of a zip, as the others are those of small functions of tests.
    const zip = (await known).find(({ length }) => length === lengthOf(script));
    if (zip) addLines(found, zip.pieces, script);
  }
  return [...found].flatMap(([source, mapped]) => asCoverage(source, mapped));
}

async function zipScripts(isWanted: (path: string) => boolean): Promise<ZipScript[]> {
  // Loaded now, as V8 counts only in what it has compiled since it counts.
  const { scriptOf } = await import('../../packages/local/src/virtual/code.ts');
  const sources = new Set<string>();
  const scripts: ZipScript[] = [];
  for (const name of handlerNames()) {
    if (!existsSync(zipPath(name))) continue;
    const files = withMaps(unzipSync(readFileSync(zipPath(name))), JSON.parse(readFileSync(mapsPath(name), 'utf8')));
    const { text, map } = await scriptOf(files, 'index.handler', { sourceMap: true });
    const pieces = piecesOf(text, map!, (source) => {
      const path = join(root, 'dist', name, source);
      if (!isWanted(path)) return undefined;
      sources.add(path);
      return path;
    });
    scripts.push({ length: text.length, pieces });
  }
  // What V8 says of a source in this process is where its functions are, whether they run or not.
  for (const source of sources) await import(pathToFileURL(source).href);
  return scripts;
}

function withMaps(files: Record<string, Uint8Array>, maps: Record<string, string>): Record<string, Uint8Array> {
  const withMap = (name: string, content: Uint8Array) => {
    const map = Buffer.from(maps[name]!).toString('base64');
    return strToU8(`${strFromU8(content)}\n//# sourceMappingURL=data:application/json;base64,${map}`);
  };
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [name, withMap(name, content)]));
}

function piecesOf(text: string, map: string, ours: (source: string) => string | undefined): Piece[] {
  const code = text.indexOf('{') + 1;
  const starts = [0];
  for (let at = text.indexOf('\n', code); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1 - code);
  const resolved = new Map<string, string | undefined>();
  const pieces: Piece[] = [];
  eachMapping(new TraceMap(map), ({ source, originalLine, generatedLine, generatedColumn }: Mapping) => {
    if (source !== null && !resolved.has(source)) resolved.set(source, ours(source));
    const offset = code + starts[generatedLine - 1]! + generatedColumn;
    pieces.push({ offset, source: source === null ? undefined : resolved.get(source), line: originalLine });
  });
  return pieces;
}

/** Notes for each line of our sources that the script has something of whether any of that ran. */
function addLines(found: Map<string, Set<number>>, pieces: Piece[], { functions }: Profiler.ScriptCoverage): void {
  const ranges = functions.flatMap((one) => one.ranges);
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const around: Profiler.CoverageRange[] = [];
  let next = 0;
  for (const { offset, source, line } of pieces) {
    for (; next < ranges.length && ranges[next]!.startOffset <= offset; next += 1) {
      while (around.length > 0 && around.at(-1)!.endOffset <= ranges[next]!.startOffset) around.pop();
      around.push(ranges[next]!);
    }
    while (around.length > 0 && around.at(-1)!.endOffset <= offset) around.pop();
    if (!source) continue;
    const lines = found.get(source) ?? new Set();
    found.set(source, lines);
    // Lines that did not run are noted as negative numbers.
    if ((around.at(-1)?.count ?? 0) > 0) lines.add(line);
    else lines.add(-line);
  }
}

/** As V8 gives it: each line that ran as a function of its own, since what is inside of others counts more than they. */
function asCoverage(source: string, mapped: ReadonlySet<number>): Profiler.ScriptCoverage[] {
  const done = reported.get(source) ?? new Set();
  reported.set(source, done);
  const functions: Profiler.FunctionCoverage[] = [];
  let ran = false;
  let startOffset = 0;
  for (const [index, text] of readFileSync(source, 'utf8').split('\n').entries()) {
    const line = index + 1;
    const endOffset = startOffset + text.length + 1;
    if (mapped.has(line)) ran = true;
    else if (mapped.has(-line)) ran = false;
    // What nothing is generated of, such as a bracket, ran with what is before it; but not another statement.
    else if (/^[^\s})\]]/.test(text)) ran = false;
    if (ran && !done.has(line)) {
      done.add(line);
      functions.push({ functionName: '', isBlockCoverage: false, ranges: [{ startOffset, endOffset, count: 1 }] });
    }
    startOffset = endOffset;
  }
  return functions.length > 0 ? [{ scriptId: '0', url: source, functions }] : [];
}

function lengthOf({ functions }: Profiler.ScriptCoverage): number {
  return Math.max(...functions.map(({ ranges }) => ranges[0]!.endOffset));
}
