import type * as CodeBuild from '@aws-sdk/client-codebuild';
import { regionalArn } from '../../../arn.ts';
import { AwsError } from '../../../errors.ts';
import { findRoleTrusting } from '../../../iam/trust.ts';
import type { Call } from '../../../service.ts';
import { checkBuildspec } from './buildspec.ts';
import { getProject, invalid, nameIn, type Operations, type ProjectRecord, projectArn, projects } from './records.ts';

const principal = 'codebuild.amazonaws.com';

const sourceTypes = new Set([
  'NO_SOURCE',
  'S3',
  'CODEPIPELINE',
  'CODECOMMIT',
  'GITHUB',
  'GITHUB_ENTERPRISE',
  'BITBUCKET',
  'GITLAB',
]);

/** Throws InvalidInputException for what no build could be made of. */
function check(
  { name, source, artifacts, environment, serviceRole, timeoutInMinutes = 60 }: ProjectRecord,
  call: Call,
) {
  if (!/^[A-Za-z0-9][\w-]{1,149}$/.test(name)) {
    throw invalid(`Project name ${name} must match [A-Za-z0-9][A-Za-z0-9\\-_]{1,149}`);
  }
  const type = source.type ?? '';
  if (!sourceTypes.has(type)) throw invalid(`Invalid source type: ${type}`);
  if (type === 'NO_SOURCE' && !source.buildspec) {
    throw invalid('Invalid project source: buildspec is required for sources of the type NO_SOURCE');
  }
  if (type === 'S3' && !/^[^/]+\/.+/.test(source.location ?? '')) {
    throw invalid('Invalid project source: location must be a valid S3 source');
  }
  if ((type === 'CODEPIPELINE') !== (artifacts.type === 'CODEPIPELINE')) {
    throw invalid(
      'Invalid artifacts: artifact type CODEPIPELINE goes with source type CODEPIPELINE, and with no other',
    );
  }
  if (artifacts.type === 'S3' && !artifacts.location) throw invalid('Invalid artifacts: location must not be empty');
  if (source.buildspec?.includes('\n')) checkBuildspec(source.buildspec);
  if (!environment.image) throw invalid('Invalid environment: image must not be empty');
  if (!(timeoutInMinutes >= 5 && timeoutInMinutes <= 2160)) throw invalid('Invalid timeout: from 5 to 2160 minutes');
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+/.test(serviceRole))
    throw invalid('Invalid service role: it is not an ARN of a role');
  if (!findRoleTrusting(call.cloud.store, serviceRole, principal, projectArn(name, call))) {
    throw invalid(`CodeBuild is not authorized to perform: sts:AssumeRole on ${serviceRole}`);
  }
}

function withDefaults(input: CodeBuild.CreateProjectInput | ProjectRecord, call: Call): ProjectRecord {
  const name = input.name ?? '';
  const now = new Date(call.clock.now());
  const before = 'builds' in input ? input : undefined;
  const environment = input.environment!;
  return {
    secondarySources: [],
    secondarySourceVersions: [],
    secondaryArtifacts: [],
    cache: { type: 'NO_CACHE' },
    timeoutInMinutes: 60,
    queuedTimeoutInMinutes: 480,
    encryptionKey: regionalArn('kms', 'alias/aws/s3', call),
    tags: [],
    badge: { badgeEnabled: false },
    ...input,
    name,
    arn: projectArn(name, call),
    source: input.source!,
    artifacts: { encryptionDisabled: false, ...input.artifacts! },
    environment: {
      privilegedMode: false,
      imagePullCredentialsType: 'CODEBUILD',
      ...environment,
      environmentVariables: (environment.environmentVariables ?? []).map((one) => ({ type: 'PLAINTEXT', ...one })),
    },
    serviceRole: input.serviceRole!,
    created: before?.created ?? now,
    lastModified: now,
    builds: before?.builds ?? 0,
  };
}

function shown({ builds: _, ...project }: ProjectRecord): CodeBuild.Project {
  return project;
}

export const projectOperations: Operations = {
  CreateProject({ badgeEnabled: _, ...input }, call) {
    if (projects(call).has(input.name ?? '')) {
      throw new AwsError(
        'ResourceAlreadyExistsException',
        `Project already exists: ${projectArn(input.name ?? '', call)}`,
      );
    }
    const made = withDefaults(input as CodeBuild.CreateProjectInput, call);
    check(made, call);
    projects(call).set(made.name, made);
    return { project: shown(made) };
  },

  UpdateProject({ badgeEnabled: _, ...input }, call) {
    const before = getProject(input.name, call);
    // What is left out stays as it is.
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const changed = withDefaults({ ...before, ...given, name: before.name } as ProjectRecord, call);
    check(changed, call);
    projects(call).set(changed.name, changed);
    return { project: shown(changed) };
  },

  /** Deleting a project that does not exist succeeds, as in AWS. */
  DeleteProject({ name }, call) {
    projects(call).delete(nameIn(name));
    return {};
  },

  BatchGetProjects({ names = [] }, call) {
    const found = names.map((name) => projects(call).get(nameIn(name)));
    return {
      projects: found.filter((one) => one !== undefined).map(shown),
      projectsNotFound: names.filter((_, i) => found[i] === undefined),
    };
  },

  ListProjects: (_, call) => ({ projects: [...projects(call).keys()].sort() }),
};
