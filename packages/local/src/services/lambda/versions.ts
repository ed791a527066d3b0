import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { invalidParameter } from './errors.ts';
import { checkChangeable, type FunctionRecord, getFunction, type Operations, page } from './records.ts';

export const versionOperations: Operations = {
  PublishVersion({ FunctionName, CodeSha256, Description, RevisionId }, call) {
    const { record } = getFunction(call, FunctionName);
    checkChangeable(record, RevisionId);
    if (CodeSha256 && CodeSha256 !== record.latest.CodeSha256) {
      const message = `CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST (${record.latest.CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`;
      throw invalidParameter(message);
    }
    return shown(publish(record, call, Description));
  },

  ListVersionsByFunction({ FunctionName, Marker, MaxItems }, call) {
    const { record } = getFunction(call, FunctionName);
    const all = [record.latest, ...record.versions];
    const { items, token } = page(all, ({ Version }) => Version!.padStart(10, '0'), Marker, MaxItems);
    return { Versions: items.map((one) => shown(one, one.Version)), NextMarker: token };
  },
};

/** A configuration as it is answered: its ARN ends with the qualifier that was asked for. */
export function shown(configuration: FunctionConfiguration, qualifier?: string): FunctionConfiguration {
  const { FunctionArn, Version } = configuration;
  const suffix = qualifier ?? (Version === '$LATEST' ? undefined : Version);
  return { ...configuration, FunctionArn: suffix ? `${FunctionArn}:${suffix}` : FunctionArn };
}

/** Makes a version of `$LATEST`, unless nothing has changed since the last one: then that is the version. */
export function publish(record: FunctionRecord, call: Call, description?: string): FunctionConfiguration {
  const { latest } = record;
  const last = record.versions.at(-1);
  if (last && contentOf(last) === contentOf(latest)) return last;
  const unsettled = latest.State === 'Pending' || latest.LastUpdateStatus === 'InProgress';
  const version: FunctionConfiguration = {
    ...structuredClone(latest),
    ...(description !== undefined && { Description: description }),
    ...(unsettled && { State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' }),
    Version: String(record.nextVersion),
    RevisionId: requestId(call.cloud.store),
  };
  record.nextVersion += 1;
  record.versions.push(version);
  return version;
}

/** What tells two versions apart: what they run, and how. */
function contentOf(configuration: FunctionConfiguration): string {
  const { Runtime, Role, Handler, Timeout, MemorySize, CodeSha256, Environment, VpcConfig, KMSKeyArn } = configuration;
  const { Architectures, EphemeralStorage, TracingConfig, LoggingConfig, Layers } = configuration;
  const run = [Runtime, Role, Handler, Timeout, MemorySize, CodeSha256, Architectures, EphemeralStorage];
  return JSON.stringify([...run, Environment, VpcConfig, KMSKeyArn, TracingConfig, LoggingConfig, Layers]);
}
