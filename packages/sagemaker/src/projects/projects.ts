import type { PortfolioDetail } from '@aws-sdk/client-service-catalog';
import { type Context, nameOfHolder, type Status } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import {
  deleteRecord,
  listRecords,
  markDeleting,
  otherActiveRecords,
  projectsId,
  recordStatus,
} from './association-records.ts';
import { executionRolesOf, type RoleSource } from './execution-roles.ts';
import {
  disablePortfolio,
  enablePortfolio,
  findPortfolio,
  listImportedPortfolios,
  listPrincipals,
  portfolioProvider,
  portfolioStatus,
} from './portfolio.ts';
import { applyRoleChanges, diffRoles, type RoleChanges, releaseRoles } from './portfolio-roles.ts';
import {
  createServiceRole,
  deleteServiceRoles,
  type FoundServiceRole,
  findServiceRoles,
  listServiceRoles,
  transferServiceRoles,
} from './service-roles.ts';

/** The portfolio is visible at most so many milliseconds after the request that enabled it. */
const portfolioVisibleWithin = 240_000;

/** The properties of a Projects resource. */
export interface ProjectsInput extends RoleSource {
  PrincipalQuota: number;
}

/** The observed state of Projects, for one resource. */
export interface ProjectsState {
  id: string;
  /** The resource is being deleted, or it is gone and a late request has written role parameters. */
  isDeleting: boolean;
  status?: string;
  serviceRoles: readonly FoundServiceRole[];
  imported: readonly PortfolioDetail[];
  portfolio?: PortfolioDetail;
  /** The portfolio may not be visible yet. */
  withinVisibilityWindow: boolean;
  /** The changes to the associated roles. Undefined when the domain does not exist, so the roles are unknown. */
  changes?: RoleChanges;
}

/** Reads the state; undefined when the resource's record is gone. */
export async function readProjects(id: string, input: ProjectsInput, ctx: Context): Promise<ProjectsState | undefined> {
  const records = await listRecords();
  const record = records.get(id);
  if (!record) return undefined;
  const isDeleting = !record.isActive || ((await recordStatus(id))?.isDeleting ?? true);
  const withinVisibilityWindow = Date.now() - ctx.since.getTime() < portfolioVisibleWithin;
  const nothing = { id, isDeleting, withinVisibilityWindow, serviceRoles: [], imported: [] };
  if (isDeleting) return nothing;
  const [status, serviceRoles] = await Promise.all([portfolioStatus(), findServiceRoles(id)]);
  if (status !== 'Enabled') return { ...nothing, status, serviceRoles };
  const imported = await listImportedPortfolios();
  const portfolio = findPortfolio(imported);
  const found = { ...nothing, status, serviceRoles, imported, portfolio };
  if (!portfolio) return found;
  const desired = await executionRolesOf(input);
  if (!desired) return found;
  return { ...found, changes: diffRoles(desired, await listPrincipals(portfolio.Id!), id, records) };
}

export function projectsStatus(projects: ProjectsState): Status {
  const { isDeleting, status, serviceRoles, portfolio, changes } = projects;
  if (isDeleting) return { pending: 'the deletion' };
  if (status === 'Disabled') return { pending: 'SageMaker Projects are Disabled' };
  if (status !== 'Enabled') return { failed: `SageMaker Projects have the unknown status ${status}` };
  const missing = serviceRoles.filter(({ isComplete }) => !isComplete).map(({ role }) => role.name);
  if (missing.length > 0) return { pending: `the service roles ${missing.join(', ')}` };
  if (!portfolio) return missingPortfolio(projects);
  if (!changes) return { failed: 'the domain of DomainId does not exist; give the id of one that does' };
  const count = changes.added.length + changes.removed.length;
  return count === 0 ? 'ready' : { pending: `the roles of portfolio ${portfolio.Id}: ${count} are to be changed` };
}

/** Takes every step that is possible now. */
export async function advanceProjects(projects: ProjectsState, input: ProjectsInput, ctx: Context): Promise<void> {
  const { id, status, serviceRoles, portfolio, changes } = projects;
  if (status === 'Disabled') await enablePortfolio();
  await mapConcurrent(
    serviceRoles.filter(({ isComplete }) => !isComplete),
    (role) => createServiceRole(role, ctx),
  );
  if (portfolio && changes) await applyRoleChanges(portfolio.Id!, changes, input.PrincipalQuota, id, ctx);
}

/** The id of what this stack and logical id have created. */
export async function findProjects(id: string, ctx: Context): Promise<string | undefined> {
  const tags = await recordStatus(id);
  // A Create cannot adopt what is being deleted. A Delete waits for it.
  if (!tags?.isOwned || (tags.isDeleting && ctx.requestType !== 'Delete')) return undefined;
  return id;
}

/** What a deletion also deletes, although others may use it. */
export interface ProjectsDeletionChoices {
  serviceRoles: boolean;
  portfolio: boolean;
}

/** Takes every deletion step that is possible now. Returns `retained` for what another resource created. */
export async function deleteProjects(
  id: string,
  choices: ProjectsDeletionChoices,
  ctx: Context,
): Promise<'retained' | undefined> {
  const records = await listRecords();
  const tags = records.get(id)?.isActive ? await recordStatus(id) : undefined;
  if (tags && !tags.isOwned) {
    ctx.log.info('The record does not have the tags of this stack and logical id, so it is retained', { id });
    return 'retained';
  }
  if (tags && !tags.isDeleting) await markDeleting(id);
  const isEnabled = (await portfolioStatus()) === 'Enabled';
  const portfolio = isEnabled ? findPortfolio(await listImportedPortfolios()) : undefined;
  // Also when the record is gone: a cancelled creation may continue for a while after its record was deleted.
  await releaseRoles(portfolio?.Id, id, [...(records.get(id)?.roles.keys() ?? [])]);
  const others = [...(await otherActiveRecords(id, records)).keys()];
  if (others.length > 0) {
    ctx.log.info('Other resources use Projects as well, so they stay enabled, with their service roles', { others });
    if (!(await giveServiceRoles(id, others, ctx))) return undefined;
  } else if (choices.serviceRoles) {
    await deleteServiceRoles(id);
  }
  if (!tags) return undefined;
  if (others.length === 0 && choices.portfolio && isEnabled) {
    await disablePortfolio();
    // The record stays until the portfolio is disabled.
    return undefined;
  }
  await deleteRecord(id);
  return undefined;
}

/**
 * Makes one of the other resources the owner of the service roles, so that its deletion can delete them: the one that
 * has taken the place of a logical id of the same stack, if there is one. Gives false when that is being deleted
 * meanwhile, and may have looked for its roles before.
 */
async function giveServiceRoles(id: string, others: readonly string[], ctx: Context): Promise<boolean> {
  const found = await mapConcurrent(others, async (other) => (await recordStatus(other))?.holder ?? []);
  const holders = found.flat();
  const to = holders.find(({ stackId }) => stackId === ctx.stackId) ?? holders[0];
  const roles = to ? await transferServiceRoles(id, to) : [];
  if (!to || roles.length === 0) return true;
  if ((await recordStatus(projectsId(to)))?.isDeleting !== false) {
    await transferServiceRoles(projectsId(to), ctx);
    return false;
  }
  ctx.log.info(`${nameOfHolder(to)} holds the service roles now`, { roles });
  return true;
}

/** What a deletion still has to delete after the record is gone. */
export async function remainingProjects(id: string, choices: ProjectsDeletionChoices): Promise<string | undefined> {
  if (!choices.serviceRoles) return undefined;
  const left = await listServiceRoles(id);
  return left.length === 0 ? undefined : `the service roles ${left.join(', ')}`;
}

function missingPortfolio({ withinVisibilityWindow, imported }: ProjectsState): Status {
  const what = `an imported portfolio whose provider is ${portfolioProvider}`;
  if (withinVisibilityWindow) return { pending: what };
  const names = imported.map(({ DisplayName, ProviderName }) => `${DisplayName} of ${ProviderName}`).join(', ');
  return {
    failed:
      `SageMaker Projects are Enabled, but Service Catalog does not show ${what}; it shows ${names || 'none'}. ` +
      'Disable and enable Projects in the console of SageMaker, so that the portfolio is shared again',
  };
}
