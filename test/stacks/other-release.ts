import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { archive } from '../../scripts/bundle/archive.ts';
import { handlerNames, zipPath } from '../../scripts/handlers.ts';
import { type Artifacts, publish } from '../../scripts/start/artifacts.ts';

/** A release beside the one that a cloud was installed from. */
export interface OtherRelease {
  /** Where its `provider.yaml` is. */
  readonly url: string;
  /** Lambda's CodeSha256 of each function's zip, by the handler's name. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Publishes a release whose functions do the same as the built ones, and log this text when they start. */
export async function publishOther(s3: S3Client, artifacts: Artifacts, text: string): Promise<OtherRelease> {
  const url = await publish(s3, artifacts);
  const digests = new Map<string, string>();
  for (const name of handlerNames()) {
    const files = unzipSync(await readFile(zipPath(name)));
    const [path, code] = Object.entries(files).find(([file]) => /^index\.m?js$/.test(file))!;
    const line = `console.log(${JSON.stringify(text)});\n`;
    const Body = archive({ ...files, [path]: Buffer.concat([code, Buffer.from(`\n${line}`)]) });
    const Key = `${artifacts.prefix}/${name}.zip`;
    await s3.send(new PutObjectCommand({ Bucket: artifacts.bucket, Key, Body }));
    digests.set(name, createHash('sha256').update(Body).digest('base64'));
  }
  return { url, digests };
}
