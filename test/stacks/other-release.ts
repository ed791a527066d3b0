import { CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { archive } from '../../scripts/bundle/archive.ts';
import { inBase64 } from '../../scripts/release/file.ts';
import { type BuiltFile, readBuild, releasedSources, releaseOf } from '../../scripts/release/release.ts';
import { templateUrl } from '../../scripts/release/urls.ts';

/** A release of what was built. */
export interface OtherRelease {
  /** Where its `provider.yaml` is. */
  readonly url: string;
  /** Lambda's CodeSha256 of each function's zip, by the handler's name. */
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * Publishes a version of what was built, as `npm run release` lays it out, to a bucket of its own. Its functions log the
 * text when they start, where one is given; so their zips differ from those that were built.
 */
export async function publishVersion(
  s3: S3Client,
  { version, region, text }: { version: string; region: string; text?: string },
): Promise<OtherRelease> {
  const built = await readBuild(version);
  const files = text === undefined ? built : built.map((file) => (file.isFunction ? logging(file, text) : file));
  const bucketPrefix = `releases-${version.replaceAll('.', '-')}`;
  const release = releaseOf({ version, commit: 'a'.repeat(40), bucketPrefix }, files, releasedSources());
  const Bucket = `${bucketPrefix}-${region}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  for (const { path, body, contentType } of [...release.files, release.manifest]) {
    const Key = `${release.prefix}/${path}`;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: body, ContentType: contentType }));
  }
  const digests = release.files
    .filter(({ isFunction }) => isFunction)
    .map((file): [string, string] => [file.path.replace(/-[0-9a-f]{16}\.zip$/, ''), inBase64(file)]);
  return { url: templateUrl({ bucket: Bucket, region }, release, 'provider.yaml'), digests: new Map(digests) };
}

/** The same zip, whose code ends with a line that logs the text. */
function logging(file: BuiltFile, text: string): BuiltFile {
  const files = unzipSync(file.body);
  const [path, code] = Object.entries(files).find(([name]) => /^index\.m?js$/.test(name))!;
  const line = `\nconsole.log(${JSON.stringify(text)});\n`;
  return { ...file, body: archive({ ...files, [path]: Buffer.concat([code, Buffer.from(line)]) }) };
}
