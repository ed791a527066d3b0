import type * as CodeBuild from '@aws-sdk/client-codebuild';
import { regionalArn } from '../../../arn.ts';
import { requestId } from '../../../request-id.ts';
import type { Call } from '../../../service.ts';
import { checkBuildspec } from './buildspec.ts';
import { end, publishState } from './phases.ts';
import type { Processes } from './processes.ts';
import {
  type BuildRecord,
  buildIdIn,
  builds,
  getBuild,
  getProject,
  invalid,
  type Operations,
  type ProjectRecord,
} from './records.ts';

/** How long it takes until a build has a machine, in seconds. */
const provisioning = [5, 15] as const;

export function buildOperations(processes: Processes): Operations {
  return {
    StartBuild(input, call) {
      const project = getProject(input.projectName, call);
      const build = newBuild(project, input, call);
      builds(call).set(build.id, build);
      publishState(build, call);
      call.takes(provisioning, 'run', build.id);
      return { build: shown(build) };
    },

    StopBuild({ id }, call) {
      const build = getBuild(id, call);
      if (build.buildStatus === 'IN_PROGRESS') {
        end(build, 'STOPPED', call);
        processes.kill(build.arn);
      }
      return { build: shown(build) };
    },

    BatchGetBuilds({ ids = [] }, call) {
      const found = ids.map((id) => builds(call).get(buildIdIn(id)));
      return {
        builds: found.filter((one) => one !== undefined).map(shown),
        buildsNotFound: ids.filter((_, i) => found[i] === undefined),
      };
    },

    ListBuilds: ({ sortOrder }, call) => ({ ids: idsOf([...builds(call).values()], sortOrder) }),

    ListBuildsForProject({ projectName, sortOrder }, call) {
      const { name } = getProject(projectName, call);
      return {
        ids: idsOf(
          [...builds(call).values()].filter((build) => build.projectName === name),
          sortOrder,
        ),
      };
    },
  };
}

/** The newest first, unless asked otherwise. */
function idsOf(all: BuildRecord[], order: CodeBuild.SortOrderType = 'DESCENDING'): string[] {
  const ids = all.map(({ id }) => id);
  return order === 'ASCENDING' ? ids : ids.reverse();
}

function shown({ wanted: _, logsConfig: __, ...build }: BuildRecord): CodeBuild.Build {
  return build;
}

function newBuild(project: ProjectRecord, input: CodeBuild.StartBuildInput, call: Call): BuildRecord {
  const source: CodeBuild.ProjectSource = {
    ...project.source,
    type: input.sourceTypeOverride ?? project.source.type,
    location: input.sourceLocationOverride ?? project.source.location,
    buildspec: input.buildspecOverride ?? project.source.buildspec,
  };
  if (source.type === 'CODEPIPELINE') {
    throw invalid(`Project ${project.name} takes its source from CodePipeline, which alone can start a build of it`);
  }
  if (source.buildspec?.includes('\n')) checkBuildspec(source.buildspec);
  const timeout = input.timeoutInMinutesOverride ?? project.timeoutInMinutes ?? 60;
  if (!(timeout >= 5 && timeout <= 2160)) throw invalid('Invalid timeout: from 5 to 2160 minutes');
  project.builds += 1;
  const id = `${project.name}:${requestId(call.cloud.store)}`;
  const now = new Date(call.clock.now());
  const primary = input.artifactsOverride ?? project.artifacts;
  return {
    id,
    arn: regionalArn('codebuild', `build/${id}`, call),
    buildNumber: project.builds,
    projectName: project.name,
    startTime: now,
    currentPhase: 'QUEUED',
    buildStatus: 'IN_PROGRESS',
    buildComplete: false,
    // An update takes a version away by an empty one.
    sourceVersion: (input.sourceVersion ?? project.sourceVersion) || undefined,
    phases: [
      { phaseType: 'SUBMITTED', phaseStatus: 'SUCCEEDED', startTime: now, endTime: now, durationInSeconds: 0 },
      { phaseType: 'QUEUED', startTime: now },
    ],
    source,
    secondarySources: input.secondarySourcesOverride ?? project.secondarySources,
    artifacts: { location: '', encryptionDisabled: primary.encryptionDisabled },
    secondaryArtifacts: [],
    cache: project.cache,
    environment: {
      ...project.environment,
      image: input.imageOverride ?? project.environment.image,
      environmentVariables: withOverrides(project, input.environmentVariablesOverride ?? []),
    },
    serviceRole: input.serviceRoleOverride ?? project.serviceRole,
    timeoutInMinutes: timeout,
    queuedTimeoutInMinutes: project.queuedTimeoutInMinutes,
    encryptionKey: project.encryptionKey,
    initiator: call.principal.arn
      .split(':')
      .at(-1)!
      .replace(/^assumed-role\//, ''),
    logsConfig: input.logsConfigOverride ?? project.logsConfig,
    wanted: { primary, secondary: input.secondaryArtifactsOverride ?? project.secondaryArtifacts ?? [] },
  };
}

function withOverrides({ environment }: ProjectRecord, given: CodeBuild.EnvironmentVariable[]) {
  const names = new Set(given.map(({ name }) => name));
  const own = (environment.environmentVariables ?? []).filter(({ name }) => !names.has(name));
  return [...own, ...given.map((one) => ({ ...one, type: one.type ?? ('PLAINTEXT' as const) }))];
}
