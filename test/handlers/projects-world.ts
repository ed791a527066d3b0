import { CreateRoleCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { EnableSagemakerServicecatalogPortfolioCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { DeleteParameterCommand, RemoveTagsFromResourceCommand, SSMClient } from '@aws-sdk/client-ssm';
import { studioProjects } from '../../handlers/studio-projects.ts';
import { iam } from '../../packages/local/src/services/iam/index.ts';
import { serviceCatalog } from '../../packages/local/src/services/service-catalog/index.ts';
import type {
  ImportRecord,
  PortfolioRecord,
  PrincipalRecord,
} from '../../packages/local/src/services/service-catalog/records.ts';
import { ssm } from '../../packages/local/src/services/ssm/index.ts';
import type { StoredParameter } from '../../packages/local/src/services/ssm/state.ts';
import type { VirtualCloud } from '../../packages/local/src/virtual/virtual-cloud.ts';
import type { World } from '../subject.ts';
import { account, type BuiltFunction, builtFunction, type Mutation, region } from './built-function.ts';
import { createDependencies, makeDomain } from './domain-dependencies.ts';
import { Interceptions, withInterceptions } from './interceptions.ts';
import type { Roles } from './projects-subject.ts';

const root = '/studio-resources/projects';
const operations = {
  create: 'PutParameter',
  update: 'AssociatePrincipalWithPortfolio',
  delete: 'DisassociatePrincipalFromPortfolio',
};

/** A world in which Projects are turned on by the built zip, in a cloud at virtual time. */
export interface ProjectsWorld extends World {
  readonly run: BuiltFunction<unknown>;
  readonly interceptions: Interceptions;
  /** Execution roles that exist. */
  readonly roles: Roles;
  /** The domain `team`, which no stack owns. */
  readonly domainId: string;
  readonly sagemaker: SageMakerClient;
  /** The names of the service roles that exist. */
  serviceRoles(): Promise<string[]>;
  /** The ARNs of the roles that may use SageMaker's portfolio. */
  principals(): string[];
  /** Removes all of them, outside of the stack. */
  clearPrincipals(): void;
  /** The names of the parameters that the resources keep. */
  parameters(): string[];
  /** Whether Projects are enabled, as SageMaker shows it. */
  status(): string | undefined;
  /** What the function called of an operation. */
  calls(operation: string): Mutation[];
  /** Turns Projects on, as the account itself; gives the portfolio's id. */
  enable(): Promise<string>;
  /** Adds an accepted portfolio of another provider. */
  addPortfolio(id: string, displayName: string, providerName: string): void;
  /** Turns Projects on, and lets such roles use the portfolio. */
  addPrincipals(...arns: string[]): Promise<void>;
  /** Takes SageMaker's portfolio from the accepted ones. */
  hidePortfolio(): void;
}

const start = builtFunction('studio-projects', studioProjects, {
  async prepare(cloud) {
    const dependencies = await createDependencies(cloud);
    const roles: string[] = [];
    for (const each of ['red', 'green', 'blue']) roles.push(await makeExecutionRole(cloud, each));
    const domainId = await makeDomain(cloud, 'team', dependencies);
    return { ...dependencies, domainId, roles: roles as unknown as Roles };
  },
});

export async function projectsWorld(): Promise<ProjectsWorld> {
  const interceptions = new Interceptions();
  const run = await start([ssm, serviceCatalog, iam].map((each) => withInterceptions<object>(each, interceptions)));
  const { store } = run.cloud.cloud;
  const ssmClient = new SSMClient(run.options);
  const parameters = () => store.table<StoredParameter>('ssm', { account, region }, 'parameters');

  const tableOf = <T>(service: string, name: string, of = account) =>
    store.table<T>(service, { account: of, region }, name);
  const sagemaker = new SageMakerClient(run.options);
  const imports = () => tableOf<ImportRecord>('service-catalog', 'imports');
  const principals = () => tableOf<PrincipalRecord>('service-catalog', 'principals');
  const status = () => tableOf<{ status: string }>('sagemaker', 'projects').get('shown')?.status;

  async function enable(): Promise<string> {
    await sagemaker.send(new EnableSagemakerServicecatalogPortfolioCommand({}));
    await run.cloud.until(() => status() === 'Enabled', 'Projects to be enabled');
    return [...imports().values()].at(-1)!.portfolioId;
  }

  return {
    run,
    interceptions,
    roles: run.made.roles,
    domainId: run.made.domainId,
    sagemaker,
    principals: () => [...principals().values()].map(({ arn }) => arn).sort(),
    clearPrincipals: () => principals().clear(),
    parameters: () => [...parameters().keys()],
    status,
    calls: (name) => run.mutations().filter(({ operation }) => operation === name),
    enable,
    addPortfolio(id, displayName, providerName) {
      const all = tableOf<PortfolioRecord>('service-catalog', 'portfolios', 'all');
      const arn = `arn:aws:catalog:${region}:777777777777:portfolio/${id}`;
      const none = { sharedWith: {}, tags: {}, productIds: [], tagOptionIds: [] };
      all.set(id, { id, arn, owner: '777777777777', displayName, providerName, created: run.cloud.now(), ...none });
      imports().set(id, { portfolioId: id, accepted: run.cloud.now(), visibleAt: 0 });
    },
    async addPrincipals(...arns) {
      const portfolioId = await enable();
      for (const arn of arns)
        principals().set(`${portfolioId} ${arn}`, { portfolioId, arn, type: 'IAM', visibleAt: 0 });
    },
    hidePortfolio() {
      for (const key of [...imports().keys()].slice(-1)) imports().delete(key);
    },
    send: run.send,
    existing: async () =>
      [...parameters().keys()].map((each) => each.slice(root.length + 1)).filter((each) => !each.includes('/')),
    async look(id) {
      return {
        ExecutionRoles: [...principals().values()].map(({ arn }) => arn).sort(),
        Tags: parameters().get(`${root}/${id}`)?.tags,
      };
    },
    mutations: async () => run.mutations().map(({ operation }) => operation),
    refuseNext: async (what, code, message) => interceptions.refuse(operations[what], code, message),
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
