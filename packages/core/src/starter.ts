import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** The project that others begin as: that of a resource with this name. */
const starter = join(import.meta.dirname, '../starter');
const model = 'secure-parameter';

/** Two words or more, so that no name is a word of JavaScript; so long that the names made of it are within AWS's limits. */
const NAME = /^(?=.{3,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

export interface StarterOptions {
  /**
   * A directory with the packages of `npm pack`, which the project gets copies of, or what makes it once all else is
   * checked; without it, npm's registry has them.
   */
  readonly packages?: string | (() => string);
}

/**
 * Begins a project with a custom resource in a directory, whose name is the resource's: its function, a template with the
 * responder and the waiter, tests, and what bundles and deploys it. Gives what to do next, as text.
 *
 * Throws an Error before anything is written where the name or the directory cannot be used, or the packages are missing.
 */
export async function beginProject(directory: string, options: StarterOptions = {}): Promise<string> {
  const to = resolve(directory);
  const name = basename(to);
  if (!NAME.test(name)) {
    throw new Error(
      `Beginning ${name}: the name of the folder is the name of the resource; give it one such as my-resource: two or more words of lower-case letters and digits with hyphens between them, at most 40 characters`,
    );
  }
  const taken = (await entriesOf(to)).filter((entry) => entry !== '.git');
  if (taken.length > 0) {
    throw new Error(`Beginning ${name}: ${to} is not empty, there is ${taken[0]} in it; name an empty or a new folder`);
  }
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8')) as Versioned;
  const archives = ['core', 'local'].map((part) => `studio-resources-${part}-${version}.tgz`);
  const packages = typeof options.packages === 'function' ? options.packages() : options.packages;
  const missing = packages && (await missingIn(packages, archives));
  if (missing) {
    throw new Error(`Beginning ${name}: there is no ${missing} in ${packages}; npm run pack, in a clone, makes it`);
  }

  for (const path of await filesIn(starter)) {
    // npm leaves a .gitignore out of packages.
    const target = join(to, renamed(path, name).replace(/^gitignore$/, '.gitignore'));
    const text = renamed(await readFile(join(starter, path), 'utf8'), name);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, path === 'package.json' ? withPackages(text, version, packages) : text);
  }
  for (const archive of packages ? archives : []) await cp(join(packages!, archive), join(to, 'packages', archive));
  return `${name} is begun, as a SecureString of Parameter Store until you change it: ${join(to, 'README.md')}. Next:
  cd ${to}
  npm install
  npm test`;
}

interface Versioned {
  version: string;
}

async function entriesOf(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new Error(`Beginning ${basename(directory)}: ${error.message}; name an empty or a new folder`, {
      cause: error,
    });
  });
}

async function missingIn(directory: string, names: readonly string[]): Promise<string | undefined> {
  const there = new Set(await entriesOf(resolve(directory)));
  return names.find((name) => !there.has(name));
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return paths.map((path) => relative(directory, path)).sort();
}

/** A text about the model, with the names of another resource: `my-resource`, `MyResource`, `myResource`. */
function renamed(text: string, name: string): string {
  return text
    .replaceAll(model, name)
    .replaceAll(pascalCase(model), pascalCase(name))
    .replaceAll(camelCase(model), camelCase(name));
}

function pascalCase(name: string): string {
  return name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The project's package.json, with the packages of this version. */
function withPackages(text: string, version: string, packages: string | undefined): string {
  return text.replace(/("@studio-resources\/(\w+)": )"[^"]*"/g, (_, key: string, part: string) => {
    const archive = `file:packages/studio-resources-${part}-${version}.tgz`;
    return `${key}"${packages === undefined ? version : archive}"`;
  });
}
