import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { ec2 } from '../../../packages/local/src/services/ec2/index.ts';
import { s3 } from '../../../packages/local/src/services/s3/index.ts';
import type { Version } from '../../../packages/local/src/services/s3/state.ts';
import { sts } from '../../../packages/local/src/services/sts.ts';
import { type ReleaseOptions, readOptions } from '../../../scripts/release/options.ts';
import type { ClientConfig } from '../../../scripts/release/place.ts';
import { type Release, releaseOf } from '../../../scripts/release/release.ts';
import { runRelease } from '../../../scripts/release/run.ts';
import { type ServedCloud, serveCloud } from '../../packages/local/served-cloud.ts';

export const account = '111111111111';

export const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];

export const commit = '0123456789abcdef0123456789abcdef01234567';

const template = `AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  ArtifactBucket:
    Type: String
  ArtifactPrefix:
    Type: String
Resources:
  Responder:
    Type: AWS::Lambda::Function
    Properties:
      Code: { S3Bucket: !Ref ArtifactBucket, S3Key: !Sub '\${ArtifactPrefix}/responder.zip' }
`;

/** A release of two zips and a template. `content` is what the first zip has. */
export function smallRelease(version: string, content = 'first', ofCommit = commit): Release {
  const text = (words: string) => new TextEncoder().encode(words);
  const build = [
    { path: 'responder.zip', body: text(content), isFunction: true },
    { path: 'project-templates/model-build.zip', body: text('seed code'), isFunction: false },
  ];
  const templates = [{ path: 'provider.yaml', text: template }];
  return releaseOf({ version, commit: ofCommit, bucketPrefix: 'acme' }, build, templates);
}

type RequestHandler = ReturnType<ServedCloud['as']>['requestHandler'];

/** S3, and what the command asks beside it. */
export class ReleaseCloud {
  readonly served: ServedCloud = serveCloud([s3, sts, ec2]);
  /** What the last runs have said. */
  readonly said: string[] = [];
  /** How many requests there were. */
  requests = 0;
  #left = Number.POSITIVE_INFINITY;
  #isAnswerLost = false;
  #cut: string | undefined;
  #conflict: string | undefined;
  #conflicts = 0;

  constructor(saved?: Uint8Array) {
    if (saved) this.served.cloud.store.load(saved);
  }

  /** Cuts the connection after so many more requests: before the next one, or before the answer to the last of them. */
  interruptAfter(requests: number, lost: 'request' | 'answer' = 'request'): void {
    this.#left = requests;
    this.#isAnswerLost = lost === 'answer';
  }

  /** Cuts the connection whenever this operation is asked for in eu-west-1, or anywhere for what has no bucket. */
  cutAt(operation: string): void {
    this.#cut = operation;
  }

  /** Refuses this operation in eu-west-1 so many times, as S3 does while another request changes the object. */
  conflictAt(operation: string, times: number): void {
    this.#conflict = operation;
    this.#conflicts = times;
  }

  resume(): void {
    this.#left = Number.POSITIVE_INFINITY;
    this.#cut = undefined;
  }

  /** Runs the command with these arguments, beside the version, the bucket prefix and the Regions. */
  async run(release: Release, args: string[] = ['--create-buckets'], as = account) {
    const own = ['--version', release.version, '--bucket-prefix', release.bucketPrefix];
    return this.runWith(readOptions([...own, '--regions', regions.join(), ...args]), release, as);
  }

  async runWith(options: ReleaseOptions, release: Release, as = account) {
    return runRelease(options, {
      config: this.config(as),
      commit: () => release.commit,
      check: async () => {},
      read: async () => release,
      say: (line) => this.said.push(line),
    });
  }

  config(as = account): ClientConfig {
    const { region: _, requestHandler, ...config } = this.served.as(as);
    return { ...config, forcePathStyle: true, requestHandler: this.#counting(requestHandler) };
  }

  client(region: string, as = account): S3Client {
    return new S3Client({ ...this.served.as(as, region), forcePathStyle: true });
  }

  /** All versions of all objects in a Region's bucket, by key; undefined where there is no bucket. */
  contents(region: string): Map<string, Uint8Array[]> | undefined {
    const { store } = this.served.cloud;
    const table = <T>(name: string) => store.table<T>('s3', { account: 'global', region: 'global' }, name);
    const bucket = `acme-${region}`;
    if (!table('buckets').has(bucket)) return undefined;
    const objects = [...table<Version[]>(`objects:${bucket}`)];
    return new Map(objects.map(([key, versions]) => [key, versions.map(({ body }) => new Uint8Array(body))]));
  }

  /** What another cloud can go on from. */
  save(): Uint8Array {
    return this.served.cloud.store.save(this.served.clock.now());
  }

  close(): void {
    this.served.close();
  }

  #counting(handler: RequestHandler): RequestHandler {
    return {
      ...handler,
      handle: async (...request: Parameters<RequestHandler['handle']>) => {
        if (this.#left <= 0) throw new Error('the connection was cut');
        if (this.#cut !== undefined && operationOf(request[0]) === this.#cut) throw new Error('cut');
        if (this.#conflicts > 0 && operationOf(request[0]) === this.#conflict) {
          this.#conflicts -= 1;
          const Code = 'ConditionalRequestConflict';
          const text = `<Error><Code>${Code}</Code><Message>a conflict</Message></Error>`;
          return { response: { statusCode: 409, headers: {}, body: Readable.from([Buffer.from(text)]) } } as never;
        }
        this.#left -= 1;
        this.requests += 1;
        const response = await handler.handle(...request);
        if (this.#left <= 0 && this.#isAnswerLost) throw new Error('the connection was cut');
        return response;
      },
    };
  }
}

/** The operation of a request that can be cut. */
function operationOf({ method, path, query, body }: Parameters<RequestHandler['handle']>[0]): string | undefined {
  if (path === '/') return String(body).includes('DescribeRegions') ? 'DescribeRegions' : undefined;
  const [, bucket, key] = /^\/([^/]+)\/?(.*)$/.exec(path) ?? [];
  if (bucket !== 'acme-eu-west-1') return undefined;
  if (key === 'studio-resources/latest.json') return method === 'PUT' ? 'PutLatest' : 'GetObject';
  if (key) return method === 'PUT' ? 'PutObject' : 'HeadObject';
  if (method === 'HEAD') return 'HeadBucket';
  if ('policy' in (query ?? {})) return 'GetBucketPolicy';
  if ('versioning' in (query ?? {})) return 'PutBucketVersioning';
  return method === 'GET' ? 'ListObjects' : undefined;
}
