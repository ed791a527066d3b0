import type * as S3 from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import type { Principal } from '../../../principal.ts';
import { alphanumerics } from '../../../random.ts';
import type { Call, Output } from '../../../service.ts';
import type { ExecutionRecord, Location } from './execution-record.ts';
import { ActionFailure, type Job, pipelineRole } from './job.ts';

/** The bucket of a Region's artifact store. */
function bucketIn({ artifactStore, artifactStores }: ExecutionRecord['declaration'], region: string): string {
  const store = artifactStores ? artifactStores[region] : artifactStore;
  return store!.location!;
}

/** Where an action's output will be. CodePipeline shortens the names. */
export function newLocation({ execution, call, region }: Job, artifact: string): Location {
  const { pipeline, declaration } = execution;
  const key = `${pipeline.slice(0, 20)}/${artifact.slice(0, 10)}/${alphanumerics(call.cloud.store, 7)}`;
  return { bucket: bucketIn(declaration, region), key };
}

/** Keeps where an action's output is. */
export function recordArtifact({ execution, region }: Job, artifact: string, location: Location): void {
  execution.artifacts[artifact] = { [region]: location };
}

/** Puts an action's output, a zip, into the artifact store of the action's Region, with the action's rights. */
export async function putArtifact(job: Job, artifact: string, zip: Uint8Array): Promise<void> {
  const location = newLocation(job, artifact);
  await put(location, zip, job.principal, job.region, job.call);
  recordArtifact(job, artifact, location);
}

/** The location of an input artifact in the action's Region. The pipeline copies one of another Region there. */
export async function locationOf(job: Job, artifact: string): Promise<Location> {
  const { execution, region, call } = job;
  const all = execution.artifacts[artifact];
  const here = all?.[region];
  if (here) return here;
  const [inOtherRegion] = Object.entries(all ?? {});
  if (!inOtherRegion) throw new ActionFailure('ConfigurationError', `The artifact ${artifact} was not made`);
  const [from, source] = inOtherRegion;
  const copy = { bucket: bucketIn(execution.declaration, region), key: source.key };
  const principal = pipelineRole(execution, call);
  await put(copy, await get(source, principal, from, call), principal, region, call);
  all![region] = copy;
  return copy;
}

/** An input artifact's bytes, read with the action's rights. */
export async function readArtifact(job: Job, artifact: string): Promise<Uint8Array> {
  return get(await locationOf(job, artifact), job.principal, job.region, job.call);
}

/** A file of an input, named `artifact::path/to/file`. */
export async function readFile(job: Job, reference: string): Promise<Uint8Array> {
  const [artifact = '', path = ''] = reference.split('::');
  if (path === '') throw new ActionFailure('ConfigurationError', `${reference} does not name a file as Artifact::path`);
  if (!job.action.inputArtifacts?.some(({ name }) => name === artifact)) {
    throw new ActionFailure(
      'ConfigurationError',
      `${artifact}, which ${reference} names, is not an input of the action`,
    );
  }
  const files = unzipped(await readArtifact(job, artifact), artifact);
  const file = files[path];
  if (file) return file;
  throw new ActionFailure('ConfigurationError', `File [${path}] does not exist in artifact [${artifact}]`);
}

/** The files of an artifact, by path. */
export function unzipped(zip: Uint8Array, artifact: string): Record<string, Uint8Array> {
  try {
    return unzipSync(zip);
  } catch (cause) {
    throw new ActionFailure('ConfigurationError', `The artifact ${artifact} is not a zip`, cause);
  }
}

async function get(
  { bucket, key }: Location,
  principal: Principal,
  region: string,
  { cloud }: Call,
): Promise<Uint8Array> {
  const input = { Bucket: bucket, Key: key };
  const answer = await cloud.call({ service: 's3', operation: 'GetObject', input, principal, region });
  return (answer as Output<typeof S3, 'GetObject'>).Body!;
}

async function put({ bucket, key }: Location, Body: Uint8Array, principal: Principal, region: string, { cloud }: Call) {
  const input = { Bucket: bucket, Key: key, Body };
  await cloud.call({ service: 's3', operation: 'PutObject', input, principal, region });
}
