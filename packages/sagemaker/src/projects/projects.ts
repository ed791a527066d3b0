import type { PortfolioDetail } from '@aws-sdk/client-service-catalog';
import type { Context, Status } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import {
  createRecord,
  deleteRecord,
  listRecords,
  markDeleting,
  otherActiveRecords,
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
} from './service-roles.ts';

/** So long after a request was begun, in milliseconds, the portfolio that it enabled is found, or there is none. */
const portfolioVisibleWithin = 240_000;

/** What a template says of Projects. */
export interface ProjectsInput extends RoleSource {
  PrincipalQuota: number;
}

/** How Projects stand, as far as one resource goes. */
export interface ProjectsState {
  id: string;
  /** Its deletion has begun, or has ended already, and somebody who was late has written down something. */
  isDeleting: boolean;
  status?: string;
  serviceRoles: readonly FoundServiceRole[];
  imported: readonly PortfolioDetail[];
  portfolio?: PortfolioDetail;
  /** The portfolio may be on its way. */
  withinVisibilityWindow: boolean;
  /** What there is to do about the execution roles; undefined where they cannot be told: their domain is gone. */
  changes?: RoleChanges;
}

/** Looks at all of it; undefined once the resource's record is gone. */
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
  const wanted = await executionRolesOf(input);
  if (!wanted) return found;
  return { ...found, changes: diffRoles(wanted, await listPrincipals(portfolio.Id!), id, records) };
}

export function projectsStatus(projects: ProjectsState): Status {
  const { isDeleting, status, serviceRoles, portfolio, changes } = projects;
  if (isDeleting) return { pending: 'the deletion' };
  if (status === 'Disabled') return { pending: 'SageMaker Projects are Disabled' };
  if (status !== 'Enabled') return { failed: `SageMaker Projects have the status ${status}, which is unknown here` };
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

/** Notes that there is such a resource, which the next look goes on with. */
export async function beginProjects(ctx: Context): Promise<string> {
  return createRecord(ctx);
}

/** The id of what this stack and logical id have begun. */
export async function findProjects(id: string, ctx: Context): Promise<string | undefined> {
  const tags = await recordStatus(id);
  // What is being deleted serves no Create; a Delete waits for it.
  if (!tags?.isOwned || (tags.isDeleting && ctx.requestType !== 'Delete')) return undefined;
  return id;
}

/** What a deletion takes along that others may still use. */
export interface ProjectsDeletionChoices {
  serviceRoles: boolean;
  portfolio: boolean;
}

/** Takes every deletion step that is possible now. Says `retained` of what is not ours. */
export async function deleteProjects(
  id: string,
  choices: ProjectsDeletionChoices,
  ctx: Context,
): Promise<'retained' | undefined> {
  const records = await listRecords();
  const tags = records.get(id)?.isActive ? await recordStatus(id) : undefined;
  if (tags && !tags.isOwned) {
    ctx.log.info('The record lacks the tags of this stack and logical id: it is not ours, and is kept', { id });
    return 'retained';
  }
  if (tags && !tags.isDeleting) await markDeleting(id);
  const isEnabled = (await portfolioStatus()) === 'Enabled';
  const portfolio = isEnabled ? findPortfolio(await listImportedPortfolios()) : undefined;
  // Also where the record is gone: a creation that was called off may go on for a while, and delete it after that.
  await releaseRoles(portfolio?.Id, id, [...(records.get(id)?.roles.keys() ?? [])]);
  if (choices.serviceRoles) await deleteServiceRoles(id);
  if (!tags) return undefined;
  const others = choices.portfolio && isEnabled ? await otherActiveRecords(id, records) : undefined;
  if (others?.size) {
    ctx.log.info('Other resources use Projects as well, so they stay enabled', { others: [...others.keys()] });
  } else if (others) {
    await disablePortfolio();
    // Until it is disabled, the record stays.
    return undefined;
  }
  await deleteRecord(id);
  return undefined;
}

/** What a deletion still has to delete once there is no record any more. */
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
      'Disable and enable Projects in the console of SageMaker, so that the portfolio is shared anew',
  };
}
