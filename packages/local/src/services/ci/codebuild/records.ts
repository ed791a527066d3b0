import type * as CodeBuild from '@aws-sdk/client-codebuild';
import { regionalArn } from '../../../arn.ts';
import { AwsError } from '../../../errors.ts';
import type { Call, Definition } from '../../../service.ts';

export type Operations = Definition<typeof CodeBuild>['operations'];

export type ProjectRecord = CodeBuild.Project &
  Required<Pick<CodeBuild.Project, 'name' | 'arn' | 'source' | 'artifacts' | 'environment' | 'serviceRole'>> & {
    /** How many builds it has had. */
    builds: number;
  };

export type BuildRecord = CodeBuild.Build &
  Required<
    Pick<CodeBuild.Build, 'id' | 'arn' | 'projectName' | 'source' | 'environment' | 'serviceRole' | 'phases'>
  > & {
    /** What it makes, as its project or its start says. */
    wanted: { primary: CodeBuild.ProjectArtifacts; secondary: CodeBuild.ProjectArtifacts[] };
    logsConfig?: CodeBuild.LogsConfig;
    timeoutInMinutes: number;
  };

export const projects = (call: Call) => call.table<ProjectRecord>('projects');
export const builds = (call: Call) => call.table<BuildRecord>('builds');

export const projectArn = (name: string, call: Call) => regionalArn('codebuild', `project/${name}`, call);

/** The name of a project that a call names by its name or its ARN. */
export function nameIn(nameOrArn = ''): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}

/** The id of a build that a call names by its id, `project:uuid`, or its ARN. */
export function buildIdIn(idOrArn = ''): string {
  return idOrArn.startsWith('arn:') ? idOrArn.slice(idOrArn.indexOf('/') + 1) : idOrArn;
}

/** Throws ResourceNotFoundException. */
export function getProject(nameOrArn: string | undefined, call: Call): ProjectRecord {
  const found = projects(call).get(nameIn(nameOrArn));
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${projectArn(nameIn(nameOrArn), call)}`);
}

/** Throws ResourceNotFoundException. */
export function getBuild(id: string | undefined, call: Call): BuildRecord {
  const found = builds(call).get(buildIdIn(id));
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Build ${id} does not exist`);
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}
