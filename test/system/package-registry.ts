import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { strFromU8 } from 'fflate';

export interface PackageRegistry {
  /** The line of an .npmrc with which npm asks it for the packages of the scope. All others come from where they do. */
  readonly npmrc: string;
  close(): void;
}

/** A registry of npm that has the packages of these archives, as if they were published. */
export async function startPackageRegistry(archives: readonly string[]): Promise<PackageRegistry> {
  const contents = archives.map((path) => readFileSync(path));
  const server = createServer(({ url = '/' }, response) => {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const index = Number(/^\/(\d)\.tgz$/.exec(url)?.[1] ?? Number.NaN);
    const found = contents.findIndex((bytes) => manifestOf(bytes).name === decodeURIComponent(url.slice(1)));
    if (contents[index]) response.end(contents[index]);
    else if (found >= 0) response.end(JSON.stringify(packument(contents[found]!, `${origin}/${found}.tgz`)));
    else response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    npmrc: `@studio-resources:registry=http://127.0.0.1:${port}/\n`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Manifest {
  name: string;
  version: string;
}

/** The package.json within an archive, which is among its files by that name, without a folder. */
function manifestOf(archive: Uint8Array): Manifest {
  const tar = gunzipSync(archive);
  for (let at = 0; at < tar.length; ) {
    const name = strFromU8(tar.subarray(at, at + 100)).replace(/\0.*$/s, '');
    const size = Number.parseInt(strFromU8(tar.subarray(at + 124, at + 136)), 8);
    if (name === 'package/package.json') return JSON.parse(strFromU8(tar.subarray(at + 512, at + 512 + size)));
    at += 512 + Math.ceil((size || 0) / 512) * 512;
  }
  throw new Error('Reading an archive: it has no package.json');
}

function packument(archive: Uint8Array, tarball: string) {
  const manifest = manifestOf(archive);
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist: { tarball, integrity } } },
  };
}
