import type * as CodeBuild from '@aws-sdk/client-codebuild';
import { locationOf, newLocation, recordArtifact } from '../artifacts.ts';
import type { Location } from '../execution-record.ts';
import { ActionFailure, type Job, type Provider, perform } from '../job.ts';

/** Builds, with the input artifacts as sources and the output artifacts as what is made. */
export const codebuild: Provider = {
  async start(job) {
    const { ProjectName: projectName, PrimarySource } = job.configuration;
    const inputs = (job.action.inputArtifacts ?? []).map(({ name }) => name!);
    if (inputs.length > 1 && !inputs.includes(PrimarySource ?? '')) {
      throw new ActionFailure('ConfigurationError', 'PrimarySource must name one of several input artifacts');
    }
    const primary = PrimarySource ?? inputs[0]!;
    const secondary = inputs.filter((name) => name !== primary);
    const located = await Promise.all(secondary.map(async (name) => ({ name, at: await locationOf(job, name) })));
    const outputs = (job.action.outputArtifacts ?? []).map(({ name }) => ({
      name: name!,
      at: newLocation(job, name!),
    }));
    const [only] = outputs.length === 1 ? outputs : [];
    const { build } = await perform<typeof CodeBuild, 'StartBuild'>(job, 'codebuild', 'StartBuild', {
      projectName,
      sourceTypeOverride: 'S3',
      sourceLocationOverride: pathOf(await locationOf(job, primary)),
      secondarySourcesOverride: located.map(({ name, at }) => ({
        type: 'S3',
        location: pathOf(at),
        sourceIdentifier: name,
      })),
      artifactsOverride: only ? artifactAt(only.at) : { type: 'NO_ARTIFACTS' },
      secondaryArtifactsOverride: only
        ? []
        : outputs.map(({ name, at }) => ({ ...artifactAt(at), artifactIdentifier: name })),
      environmentVariablesOverride: variablesOf(job),
    });
    for (const { name, at } of outputs) recordArtifact(job, name, at);
    return { status: 'InProgress', externalExecutionId: build!.id, state: { build: build!.id! } };
  },

  async poll(job) {
    const id = job.attempt.state!.build!;
    const { builds } = await perform<typeof CodeBuild, 'BatchGetBuilds'>(job, 'codebuild', 'BatchGetBuilds', {
      ids: [id],
    });
    const [build] = builds ?? [];
    if (build?.buildStatus === 'IN_PROGRESS') return { status: 'InProgress' };
    if (build?.buildStatus !== 'SUCCEEDED') {
      throw new ActionFailure('JobFailed', `Build terminated with state: ${build?.buildStatus}${reasonOf(build)}`);
    }
    const exported = (build.exportedEnvironmentVariables ?? []).map(({ name, value }) => [name!, value!]);
    return { status: 'Succeeded', variables: Object.fromEntries(exported) };
  },
};

function pathOf({ bucket, key }: Location): string {
  return `${bucket}/${key}`;
}

function artifactAt({ bucket, key }: Location): CodeBuild.ProjectArtifacts {
  const slash = key.lastIndexOf('/');
  return { type: 'S3', location: bucket, path: key.slice(0, slash), name: key.slice(slash + 1), packaging: 'ZIP' };
}

function variablesOf({ configuration }: Job): CodeBuild.EnvironmentVariable[] {
  const text = configuration.EnvironmentVariables;
  if (text === undefined) return [];
  try {
    const variables = JSON.parse(text) as CodeBuild.EnvironmentVariable[];
    return variables.map(({ name, value, type = 'PLAINTEXT' }) => ({ name, value, type }));
  } catch (cause) {
    throw new ActionFailure('ConfigurationError', 'EnvironmentVariables is not a JSON list', cause);
  }
}

/** Why the phase that failed did so. */
function reasonOf({ phases = [] }: CodeBuild.Build = {}): string {
  const failed = phases.find(({ phaseStatus }) => phaseStatus !== undefined && phaseStatus !== 'SUCCEEDED');
  const message = failed?.contexts?.find((context) => context.message)?.message;
  return message ? `: ${failed!.phaseType}: ${message}` : '';
}
