import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory for a test file, which is removed at the end. */
export function temporaryDirectory(): () => string {
  const directory = mkdtempSync(join(tmpdir(), 'studio-resources-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return () => directory;
}
