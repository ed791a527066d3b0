import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';

/**
 * Stands for Docker in builds: an image is a manifest that depends on the Dockerfile and on nothing else, and pushing it is
 * the one call of the registry that the local cloud knows. What it knows is kept in the build's home, as Docker's is.
 */
interface Known {
  registries: string[];
  manifests: Record<string, string>;
}

const file = join(process.env.HOME!, 'docker.json');
const known = JSON.parse(await readFile(file, 'utf8').catch(() => '{"registries":[],"manifests":{}}')) as Known;
const [command, ...args] = process.argv.slice(2);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function sha256(text: string | Buffer): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** The manifest of an image that is there. */
function manifestOf(tagged: string): string {
  return known.manifests[tagged] ?? fail(`Error: No such object: ${tagged}`);
}

const commands: Record<string, () => Promise<void>> = {
  async login() {
    const password = await readFile('/dev/stdin', 'utf8');
    if (password.trim() === '') fail('Error: Password Required');
    known.registries.push(args.at(-1)!);
    console.log('Login Succeeded');
  },
  async build() {
    const dockerfile = await readFile(join(args.at(-1)!, 'Dockerfile')).catch(() => fail('failed to read dockerfile'));
    const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
    const layers = [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', size: dockerfile.length }];
    const config = { mediaType: 'application/vnd.docker.container.image.v1+json', digest: sha256(dockerfile) };
    const manifest = { schemaVersion: 2, mediaType, config, layers };
    known.manifests[args[args.indexOf('--tag') + 1]!] = JSON.stringify(manifest);
  },
  async push() {
    const [tagged = ''] = args;
    const [registry, ...path] = tagged.split('/');
    if (!known.registries.includes(registry!)) fail('no basic auth credentials');
    const [repositoryName, imageTag] = path.join('/').split(':');
    const input = { repositoryName, imageTag, imageManifest: manifestOf(tagged) };
    await new ECRClient({}).send(new PutImageCommand(input)).catch((error: Error) => fail(`denied: ${error.message}`));
  },
  async inspect() {
    const tagged = args.at(-1)!;
    console.log(`${tagged.slice(0, tagged.lastIndexOf(':'))}@${sha256(manifestOf(tagged))}`);
  },
};

const perform = commands[command!] ?? fail(`docker: '${command}' is not a docker command`);
await perform();
await writeFile(file, JSON.stringify(known));
