import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './check/result-cache.ts';
import { root } from './handlers.ts';

/** What is remembered of a zip. */
interface Memory {
  /** The hash of what decides which files are inputs, and how they become one. */
  rules: string;
  /** The hash of each input, by its path from the root. */
  inputs: Record<string, string>;
  /** The hash of what came out. */
  zip: string;
  /** The bytes of it that are loaded at start. */
  start: number;
}

/** What one run of the build knows of the zips that are there: those that are still what their inputs make. */
export class BuildMemory {
  readonly #folder: string;
  /** Handlers share most of their inputs. */
  readonly #hashes = new Map<string, string | undefined>();
  /** What is edited while it is read may have been read before. File systems keep coarser time than clocks. */
  readonly #stillSince = Date.now() - 2_000;

  constructor(folder = join(root, 'node_modules/.cache/build')) {
    this.#folder = folder;
  }

  /** The zip at `path`, where it, its inputs and the rules have the contents that they had; undefined where it has to be made. */
  findUnchanged(name: string, path: string): { zip: number; start: number } | undefined {
    const memory = this.#read(name);
    const zip = contentOf(path);
    if (!memory || !zip || memory.zip !== hashOf(zip) || memory.rules !== this.#rules()) return undefined;
    const isUnchanged = Object.entries(memory.inputs).every(([input, hash]) => this.#hashOf(input) === hash);
    return isUnchanged ? { zip: zip.byteLength, start: memory.start } : undefined;
  }

  /** Remembers what a zip was made of. */
  keep(name: string, inputs: readonly string[], zip: Uint8Array, start: number): void {
    if (inputs.some((input) => statSync(join(root, input)).mtimeMs > this.#stillSince)) return;
    const hashes = Object.fromEntries(inputs.map((input) => [input, this.#hashOf(input)!]));
    const memory: Memory = { rules: this.#rules(), inputs: hashes, zip: hashOf(zip), start };
    mkdirSync(this.#folder, { recursive: true });
    const path = this.#pathOf(name);
    // Whole or not at all, also where two builds run concurrently.
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(memory));
    renameSync(`${path}.${process.pid}`, path);
  }

  #read(name: string): Memory | undefined {
    try {
      return JSON.parse(readFileSync(this.#pathOf(name), 'utf8')) as Memory;
    } catch {
      return undefined;
    }
  }

  /** Of how a zip is made, by which versions, and of what leads from an import to a file. */
  #rules(): string {
    const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/package.json`);
    const own = ['bundle.ts', 'environment-credentials.ts'].map((name) => `scripts/${name}`);
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
