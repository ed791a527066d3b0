import { Session } from 'node:inspector/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { V8CoverageResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import { coverageInZips } from './zip-coverage.ts';

const { shouldInstrument } = createRequire(import.meta.url)('@jest/transform');
let session: Session | undefined;

/**
 * One session for the worker's whole life: V8 counts blocks only in what it compiles while it counts, and the packages
 * are loaded by the first test file that imports them.
 */
export async function startCoverage(): Promise<void> {
  if (session) return;
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
}

/**
 * What ran since the last call, here and inside of zips. Stripped types leave every offset as it is, so no source map is
 * needed for what ran here.
 */
export async function takeCoverage(options: object, config: Config.ProjectConfig): Promise<V8CoverageResult> {
  const isWanted = (path: string): boolean => shouldInstrument(path, options, config);
  const before = await take();
  const inZips = await coverageInZips(before, isWanted);
  // What was loaded to tell where its functions are.
  const after = inZips.length > 0 ? await take() : [];
  const here = [...before, ...after]
    .filter(({ url }) => url.startsWith('file:'))
    .map((script) => ({ ...script, url: fileURLToPath(script.url) }))
    .filter(({ url }) => isWanted(url));
  return [...here, ...inZips].map((script) => ({ codeTransformResult: undefined, result: script }));
}

async function take() {
  const { result } = await session!.post('Profiler.takePreciseCoverage');
  return result;
}
