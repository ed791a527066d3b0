import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundled } from './bundle/licenses.ts';
import { hashOf } from './check/result-cache.ts';
import { root } from './handlers.ts';

/** What the cache knows of a zip. */
interface Entry {
  /** The hash of everything that decides which files are inputs, and how they are bundled. */
  rules: string;
  /** The hash of each input, by its path from the root. */
  inputs: Record<string, string>;
  /** The hash of the output. */
  zip: string;
  start: number;
  packages: readonly Bundled[];
}

/** What a build has made. Sizes are in bytes. */
export interface Built {
  zip: number;
  /** What is loaded at start. */
  start: number;
  /** The packages of npm that are in it. */
  packages: readonly Bundled[];
}

/** A zip to keep; its inputs are paths from the root. */
type Kept = Omit<Built, 'zip'> & { inputs: readonly string[]; zip: Uint8Array };

/** The zips of earlier builds that one run of the build can keep, because their inputs have not changed. */
export class BuildCache {
  readonly #folder: string;
  /** Handlers share most of their inputs. */
  readonly #hashes = new Map<string, string | undefined>();
  /** A file that is edited during the build may have been read before. File systems have coarser times than clocks. */
  readonly #stillSince = Date.now() - 2_000;

  constructor(folder = join(root, 'node_modules/.cache/build')) {
    this.#folder = folder;
  }

  /** The zip at `path` if it, its inputs and the rules are unchanged; undefined if it has to be built. */
  findUnchanged(name: string, path: string): Built | undefined {
    const entry = this.#read(name);
    const zip = contentOf(path);
    if (!entry || !zip || entry.zip !== hashOf(zip) || entry.rules !== this.#rules()) return undefined;
    const isUnchanged = Object.entries(entry.inputs).every(([input, hash]) => this.#hashOf(input) === hash);
    return isUnchanged ? { zip: zip.byteLength, start: entry.start, packages: entry.packages } : undefined;
  }

  /** Records the inputs of a zip. */
  keep(name: string, { inputs, packages, zip, start }: Kept): void {
    if (inputs.some((input) => statSync(join(root, input)).mtimeMs > this.#stillSince)) return;
    const hashes = Object.fromEntries(inputs.map((input) => [input, this.#hashOf(input)!]));
    const entry: Entry = { rules: this.#rules(), inputs: hashes, zip: hashOf(zip), start, packages };
    mkdirSync(this.#folder, { recursive: true });
    const path = this.#pathOf(name);
    // Whole or not at all, also where two builds run concurrently.
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(entry));
    renameSync(`${path}.${process.pid}`, path);
  }

  #read(name: string): Entry | undefined {
    try {
      return JSON.parse(readFileSync(this.#pathOf(name), 'utf8')) as Entry;
    } catch {
      return undefined;
    }
  }

  /** The hash of the bundling code, of the versions of its tools, and of what resolves an import to a file. */
  #rules(): string {
    const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/package.json`);
    const parts = readdirSync(join(root, 'scripts/bundle')).map((name) => `bundle/${name}`);
    const own = ['bundle.ts', 'environment-credentials.ts', ...parts].map((name) => `scripts/${name}`);
    const tools = ['esbuild', 'fflate'].map((name) => `node_modules/${name}/package.json`);
    const files = [...own, ...packages, ...tools, 'package.json', 'package-lock.json'];
    return hashOf(
      [...files, 'tsconfig.json', 'tsconfig.base.json'].map((path) => `${path} ${this.#hashOf(path)}`).join('\n'),
    );
  }

  #hashOf(path: string): string | undefined {
    if (!this.#hashes.has(path)) {
      const content = contentOf(join(root, path));
      this.#hashes.set(path, content && hashOf(content));
    }
    return this.#hashes.get(path);
  }

  #pathOf(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
