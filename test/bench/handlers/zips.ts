import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { unzipSync } from 'fflate';
import { archive } from '../../../scripts/bundle/archive.ts';
import { root, zipPath } from '../../../scripts/handlers.ts';
import { peersPath } from '../peers.ts';

/** A deployment package as the local cloud's runner takes it. */
export interface Code {
  sha256: string;
  zip: Uint8Array;
}

const environmentCredentials = join(root, 'scripts/environment-credentials.ts');

/** The released bundle of the CDK's AwsCustomResource. */
export const awsCustomResource = join(
  peersPath,
  'aws-cdk-lib/custom-resource-handlers/dist/custom-resources/aws-custom-resource-handler/index.js',
);

/** The released code of the CDK's provider framework, which takes the SDK from Lambda's runtime. */
export const providerFramework = join(
  peersPath,
  'aws-cdk-lib/custom-resources/lib/provider-framework/runtime/framework.js',
);

/** The zip of a handler of this project. Throws where it is not built. */
export function builtZip(name: string): Code {
  return codeOf(readFileSync(zipPath(name)));
}

/**
 * Bundles a file of this folder, or of a peer, as small as esbuild makes it: `index.handler`, or what the file exports.
 * `define` replaces names in the source.
 */
export function bundled(file: string, define: Record<string, string> = {}): Promise<Code> {
  return bundle(file, { define });
}

/**
 * The same for a cloud at virtual time, where credentials come from the environment alone. Peers put their response to the
 * URL's host without its port, which is part of what is signed.
 */
export function bundledForVirtualTime(file: string): Promise<Code> {
  const js = `{
    const https = require('https'), { request } = https, { port } = new URL(process.env.AWS_ENDPOINT_URL);
    https.request = (options, ...rest) => request({ ...options, port }, ...rest);
  }`;
  return bundle(file, { alias: { '@aws-sdk/credential-provider-node': environmentCredentials }, banner: { js } });
}

async function bundle(file: string, options: Pick<BuildOptions, 'alias' | 'banner' | 'define'>): Promise<Code> {
  const { outputFiles } = await build({
    entryPoints: [file.startsWith('/') ? file : join(import.meta.dirname, file)],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    // The SDK's ES modules can be tree-shaken, its CommonJS cannot.
    mainFields: ['module', 'main'],
    nodePaths: [peersPath, join(root, 'node_modules')],
    ...options,
    logLevel: 'error',
  });
  return codeOf(archive({ 'index.js': outputFiles[0]!.contents }));
}

/** A file as it is released, as `index.js`. */
export function released(file: string): Code {
  return codeOf(archive({ 'index.js': readFileSync(file) }));
}

/** A layer with the SDK's client of SageMaker, in place of what Lambda's runtime has in `/var/runtime`. */
export function sdkLayer(): Code {
  const files: Record<string, Uint8Array> = {};
  for (const scope of ['@aws-sdk', '@smithy', '@aws', 'tslib', 'bowser', 'fast-xml-parser', 'strnum']) {
    for (const path of filesIn(join(peersPath, scope))) {
      if (/\.(js|json|cjs)$/.test(path)) files[`nodejs/node_modules/${relative(peersPath, path)}`] = readFileSync(path);
    }
  }
  return codeOf(archive(files));
}

/** Bytes of the zip, and of the files in it. */
export function sizesOf({ zip }: Code): { zip: number; unpacked: number } {
  const unpacked = Object.values(unzipSync(zip)).reduce((sum, file) => sum + file.byteLength, 0);
  return { zip: zip.byteLength, unpacked };
}

/** A package of these bytes. */
export function codeOf(zip: Uint8Array): Code {
  return { zip, sha256: createHash('sha256').update(zip).digest('base64') };
}

/** Empty where there is no such directory: versions of the SDK differ in what they need. */
function filesIn(directory: string): string[] {
  if (!statSync(directory, { throwIfNoEntry: false })) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
