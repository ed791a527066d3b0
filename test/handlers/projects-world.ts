import { CreateRoleCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { DeleteParameterCommand, RemoveTagsFromResourceCommand, SSMClient } from '@aws-sdk/client-ssm';
import { studioProjects } from '../../handlers/studio-projects.ts';
import { serviceCatalog } from '../../packages/local/src/services/service-catalog/index.ts';
import type { PrincipalRecord } from '../../packages/local/src/services/service-catalog/records.ts';
import { ssm } from '../../packages/local/src/services/ssm/index.ts';
import type { StoredParameter } from '../../packages/local/src/services/ssm/state.ts';
import type { VirtualCloud } from '../../packages/local/src/virtual/virtual-cloud.ts';
import type { World } from '../contract.ts';
import { account, type BuiltFunction, builtFunction, region } from './built-function.ts';
import type { Roles } from './projects-subject.ts';
import { Meetings, refusing } from './refusing.ts';
import { surroundings } from './surroundings.ts';

const root = '/studio-resources/projects';
const operations = {
  create: 'PutParameter',
  update: 'AssociatePrincipalWithPortfolio',
  delete: 'DisassociatePrincipalFromPortfolio',
};

/** A world in which Projects are turned on by the built zip, in a cloud at virtual time. */
export interface ProjectsWorld extends World {
  readonly run: BuiltFunction<unknown>;
  readonly meetings: Meetings;
  /** Execution roles that exist. */
  readonly roles: Roles;
  /** The names of the service roles that exist. */
  serviceRoles(): Promise<string[]>;
}

const start = builtFunction('studio-projects', studioProjects, {
  async prepare(cloud) {
    const around = await surroundings(cloud);
    const roles: string[] = [];
    for (const each of ['red', 'green', 'blue']) roles.push(await makeExecutionRole(cloud, each));
    return { ...around, roles: roles as unknown as Roles };
  },
});

export async function projectsWorld(): Promise<ProjectsWorld> {
  const meetings = new Meetings();
  const run = await start([ssm, serviceCatalog].map((each) => refusing<object>(each, meetings)));
  const { store } = run.cloud.cloud;
  const ssmClient = new SSMClient(run.options);
  const parameters = () => store.table<StoredParameter>('ssm', { account, region }, 'parameters');

  return {
    run,
    meetings,
    roles: run.made.roles,
    send: run.send,
    existing: async () =>
      [...parameters().keys()].map((each) => each.slice(root.length + 1)).filter((each) => !each.includes('/')),
    async look(id) {
      const of = store.table<PrincipalRecord>('service-catalog', { account, region }, 'principals');
      return {
        ExecutionRoles: [...of.values()].map(({ arn }) => arn).sort(),
        Tags: parameters().get(`${root}/${id}`)?.tags,
      };
    },
    mutations: async () => run.mutations().map(({ operation }) => operation),
    refuseNext: async (what, code, message) => meetings.refuse(operations[what], code, message),
    async failNext(what) {
      throw new Error(`Failing the next ${what}: nothing of Projects fails once it is accepted`);
    },
    async setStatus(_, status) {
      const table = store.table<object>('sagemaker', { account, region }, 'projects');
      for (const key of ['asked', 'shown']) table.set(key, { status, step: 0 });
    },
    async deleteBehindItsBack(id) {
      await ssmClient.send(new DeleteParameterCommand({ Name: `${root}/${id}` }));
    },
    async disown(id) {
      const TagKeys = ['studio-resources:stack-id', 'studio-resources:logical-id'];
      const ResourceId = `${root}/${id}`;
      await ssmClient.send(new RemoveTagsFromResourceCommand({ ResourceType: 'Parameter', ResourceId, TagKeys }));
    },
    async serviceRoles() {
      const { Roles = [] } = await new IAMClient(run.options).send(
        new ListRolesCommand({ PathPrefix: '/service-role/' }),
      );
      return Roles.map(({ RoleName }) => RoleName!);
    },
    close: run.close,
  };
}

async function makeExecutionRole(cloud: VirtualCloud, RoleName: string): Promise<string> {
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const command = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument });
  const { Role } = await new IAMClient(cloud.clientOptions()).send(command);
  return Role!.Arn!;
}
