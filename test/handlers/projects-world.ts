import { CreateRoleCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { DeleteParameterCommand, RemoveTagsFromResourceCommand, SSMClient } from '@aws-sdk/client-ssm';
import { studioProjects } from '../../handlers/studio-projects.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { efs } from '../../packages/local/src/services/efs/index.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import { serviceCatalog } from '../../packages/local/src/services/service-catalog/index.ts';
import type { PrincipalRecord } from '../../packages/local/src/services/service-catalog/records.ts';
import { ssm } from '../../packages/local/src/services/ssm/index.ts';
import type { StoredParameter } from '../../packages/local/src/services/ssm/state.ts';
import type { World } from '../contract.ts';
import { account, lambdaCloud } from '../packages/local/lambda-cloud.ts';
import { builtZip, install, region } from './local-function.ts';
import { surroundings } from './local-surroundings.ts';
import type { Roles } from './projects-subject.ts';
import { refusing } from './refusing.ts';

const name = 'studio-projects';
const root = '/studio-resources/projects';
const operations = {
  create: 'PutParameter',
  update: 'AssociatePrincipalWithPortfolio',
  delete: 'DisassociatePrincipalFromPortfolio',
};

const refusable = Object.values(operations);

/** A world in which Projects are turned on by the built zip, run by the local cloud with the rights that it declares. */
export interface ProjectsLocalWorld extends World {
  /** Execution roles that exist. */
  readonly roles: Roles;
  /** The names of the service roles that exist. */
  serviceRoles(): Promise<string[]>;
}

export async function projectsLocalWorld(): Promise<ProjectsLocalWorld> {
  const zip = builtZip(name);
  const refusals = new Map<string, AwsError>();
  const cloud = await lambdaCloud({
    speed: 30,
    durations: 0.2,
    makeRole: false,
    services: [ec2, efs, sagemaker, refusing(ssm, refusable, refusals), refusing(serviceCatalog, refusable, refusals)],
  });
  await surroundings(cloud, studioProjects.permissions);
  const roles = await Promise.all(['red', 'green', 'blue'].map((each) => makeRole(each)));
  const send = await install(cloud, { name, type: studioProjects.type, zip });
  const ssmClient = new SSMClient(cloud.options);
  const parameters = () => cloud.store.table<StoredParameter>('ssm', { account, region }, 'parameters');
  const mutations: string[] = [];
  cloud.cloud.events.on('exchange', ({ operation, service, principal }) => {
    const isFunction = principal.includes(':assumed-role/function/') && service !== 'cloudwatch-logs';
    if (isFunction && !/^(Describe|List|Get)/.test(operation)) mutations.push(operation);
  });

  async function makeRole(RoleName: string): Promise<string> {
    const Statement = [
      { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const { Role } = await cloud.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    return Role!.Arn!;
  }

  return {
    roles: roles as unknown as Roles,
    send,
    existing: async () =>
      [...parameters().keys()].map((each) => each.slice(root.length + 1)).filter((each) => !each.includes('/')),
    async look(id) {
      const of = cloud.store.table<PrincipalRecord>('service-catalog', { account, region }, 'principals');
      return {
        ExecutionRoles: [...of.values()].map(({ arn }) => arn).sort(),
        Tags: parameters().get(`${root}/${id}`)?.tags,
      };
    },
    mutations: async () => [...mutations],
    refuseNext: async (what, code, message) => void refusals.set(operations[what], new AwsError(code, message)),
    async failNext(what) {
      throw new Error(`Failing the next ${what}: nothing of Projects fails once it is accepted`);
    },
    async setStatus(_, status) {
      const table = cloud.store.table<object>('sagemaker', { account, region }, 'projects');
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
      const { Roles = [] } = await cloud.iam.send(new ListRolesCommand({ PathPrefix: '/service-role/' }));
      return Roles.map(({ RoleName }) => RoleName!);
    },
    async close() {
      ssmClient.destroy();
      await cloud.close();
    },
  };
}
