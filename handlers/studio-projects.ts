import {
  boolean,
  type Context,
  integer,
  matching,
  type PropsOf,
  properties,
  type Resource,
  serve,
  string,
  strings,
  type,
} from '@studio-resources/core';
import { isTrue } from '@studio-resources/sagemaker/contents/deletable';
import { domainIdForm } from '@studio-resources/sagemaker/domain/domain-id';
import { createRecord, isProjectsId, projectsId } from '@studio-resources/sagemaker/projects/association-records';
import { executionRolesOf, roleArn } from '@studio-resources/sagemaker/projects/execution-roles';
import { projectsPermissions } from '@studio-resources/sagemaker/projects/permissions';
import {
  advanceProjects,
  deleteProjects,
  findProjects,
  type ProjectsDeletionChoices,
  type ProjectsState,
  projectsStatus,
  readProjects,
  remainingProjects,
} from '@studio-resources/sagemaker/projects/projects';

const arns = strings(matching(roleArn, 'the ARN of an IAM role'));
const roleArns = type(arns.read, 'list of IAM role ARNs', arns);

const schema = properties({
  /** The execution roles that may use Projects: a list, or the ARN of one. */
  ExecutionRoles: roleArns.optional(),
  /** A domain. Its execution role, and that of its shared spaces, may use Projects. */
  DomainId: matching(domainIdForm, 'the id of a domain, such as d-abc123').optional(),
  /** Whether the execution roles of that domain's user profiles may use Projects too. */
  IncludeUserProfiles: boolean().default(true),
  /** Any text. A change makes the resource read the domain's roles again, after profiles were added or removed. */
  Revision: string().optional(),
  /** Service Catalog's quota of principals for each portfolio, if it was raised. */
  PrincipalQuota: integer().default(100),
  /**
   * Whether a deletion also deletes the service roles that this resource created. If another resource of this type exists
   * in the Region, that one takes them over instead. All Regions of the account share them.
   */
  DeleteServiceRoles: boolean().default(false),
  /**
   * Whether a deletion also turns off Projects in the account and Region, unless another resource of this type exists.
   */
  DisablePortfolio: boolean().default(false),
}).alias({ ExecutionRole: 'ExecutionRoles' });

type Props = PropsOf<typeof schema>;

/** Turns on SageMaker Projects: the portfolio, its service roles, and the execution roles that may use it. */
export const studioProjects: Resource<Props, ProjectsState> = {
  type: 'Custom::StudioProjects',
  schema,
  permissions: projectsPermissions,
  needsStack: 'the service roles of the account may be created only for resources of stacks',
  ownsId: isProjectsId,

  find: (_, ctx) => findProjects(projectsId(ctx), ctx),

  async create(props, ctx) {
    await checkRoles(props, ctx);
    return createRecord(ctx);
  },

  read: readProjects,

  async update(id, props, _, ctx) {
    await checkRoles(props, ctx);
    if (await findProjects(id, ctx)) return;
    throw new Error(`Updating ${id}: it does not exist; it was deleted outside of this stack`);
  },

  advance: advanceProjects,

  async delete(id, props, ctx) {
    const choices = choicesOf(props);
    // Projects may have been enabled before what is rolled back.
    const isTurningOff = choices.portfolio && !(await ctx.isRollingBack());
    return deleteProjects(id, { ...choices, portfolio: isTurningOff }, ctx);
  },

  remainingAfterDelete: (id, props) => remainingProjects(id, choicesOf(props)),

  // The service roles of an orphan were never in use.
  propertiesForOrphan: (props) => ({ ...props, DeleteServiceRoles: true, DisablePortfolio: false }),

  status: projectsStatus,

  attributes: ({ status, portfolio, serviceRoles }) => ({
    PortfolioId: portfolio?.Id ?? '',
    PortfolioArn: portfolio?.ARN ?? '',
    PortfolioName: portfolio?.DisplayName ?? '',
    ProviderName: portfolio?.ProviderName ?? '',
    Status: status ?? '',
    LaunchRoleArn: serviceRoles.find(({ role }) => role.name.endsWith('LaunchRole'))?.arn ?? '',
    UseRoleArn: serviceRoles.find(({ role }) => role.name.endsWith('UseRole'))?.arn ?? '',
  }),

  pace: {
    create: { expectedSeconds: 15, pollIntervalSeconds: 2 },
    update: { expectedSeconds: 5, pollIntervalSeconds: 2 },
    delete: { expectedSeconds: 5, pollIntervalSeconds: 2 },
  },
};

export const handler = serve(studioProjects);

/** Rejects properties that can never succeed, before anything is created. */
async function checkRoles(props: Props, { account }: Context): Promise<void> {
  const { ExecutionRoles = [], DomainId } = props;
  if (ExecutionRoles.length === 0 && DomainId === undefined) {
    throw new Error(
      'Reading the properties: give ExecutionRoles, ExecutionRole or DomainId, so that at least one role may use Projects',
    );
  }
  const foreign = ExecutionRoles.findIndex((arn) => arn.split(':')[4] !== account);
  if (foreign >= 0) {
    throw new Error(
      `Reading ExecutionRoles[${foreign}]: ${ExecutionRoles[foreign]} is of another account; give a role of account ${account}`,
    );
  }
  if (await executionRolesOf(props)) return;
  throw new Error(
    `Reading DomainId: there is no domain ${DomainId} in this account and Region; give the id of one that exists`,
  );
}

function choicesOf({ DeleteServiceRoles, DisablePortfolio }: Props): ProjectsDeletionChoices {
  return { serviceRoles: isTrue(DeleteServiceRoles), portfolio: isTrue(DisablePortfolio) };
}
