import * as CodeBuild from '@aws-sdk/client-codebuild';
import { type Access, type Call, type Definition, type Service, service } from '../../../service.ts';
import { buildOperations } from './builds.ts';
import { type Processes, processes } from './processes.ts';
import { projectOperations } from './projects.ts';
import { buildIdIn, nameIn, projectArn, projects } from './records.ts';
import { expireTask, runTask } from './run.ts';

/** Builds are authorised as their project. */
function onProject(nameOrArn: string | undefined, call: Call): Access[] {
  return [{ resource: projectArn(nameIn(nameOrArn), call) }];
}

function onBuild(id: string | undefined, call: Call): Access[] {
  return onProject(buildIdIn(id).split(':')[0], call);
}

const access: Definition<typeof CodeBuild>['access'] = {
  CreateProject: ({ name }, call) => onProject(name, call),
  UpdateProject: ({ name }, call) => onProject(name, call),
  DeleteProject: ({ name }, call) => onProject(name, call),
  BatchGetProjects: ({ names = [] }, call) => names.flatMap((name) => onProject(name, call)),
  ListProjects: () => [{ resource: '*' }],
  StartBuild: ({ projectName }, call) => onProject(projectName, call),
  StopBuild: ({ id }, call) => onBuild(id, call),
  BatchGetBuilds: ({ ids = [] }, call) => ids.flatMap((id) => onBuild(id, call)),
  ListBuilds: () => [{ resource: '*' }],
  ListBuildsForProject: ({ projectName }, call) => onProject(projectName, call),
};

/** CodeBuild, whose builds are shells on this machine unless said otherwise. `close` ends those that run. */
export function createCodeBuild(running: Processes = processes()): Service<typeof CodeBuild> & { close(): void } {
  const definition = service('codebuild', 'codebuild', CodeBuild, {
    operations: { ...projectOperations, ...buildOperations(running) },
    tasks: { run: runTask(running), expire: expireTask(running) },
    access,
    passedRoles(operation, { serviceRole, serviceRoleOverride }) {
      const given = operation === 'StartBuild' ? serviceRoleOverride : serviceRole;
      return typeof given === 'string' ? [given] : [];
    },
    tagsOf(arn, call) {
      const tags = projects(call).get(nameIn(arn))?.tags;
      return tags && Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
    },
  });
  return { ...definition, close: () => running.close() };
}
