import type { PortfolioDetail } from '@aws-sdk/client-service-catalog';
import type { Context, Status } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import {
  closeRegister,
  listRegisters,
  noteClosing,
  openRegister,
  othersOpen,
  tagsOfRegister,
} from './association-records.ts';
import { executionRolesOf, type RoleSource } from './execution-roles.ts';
import {
  disablePortfolio,
  enablePortfolio,
  findPortfolio,
  listImportedPortfolios,
  listPrincipals,
  portfolioStatus,
  provider,
} from './portfolio.ts';
import { type Changes, changesOf, makeChanges, releaseRoles } from './portfolio-roles.ts';
import {
  deleteServiceRoles,
  type FoundServiceRole,
  findServiceRoles,
  listServiceRoles,
  makeServiceRole,
} from './service-roles.ts';

/** So long after a request was begun, in milliseconds, the portfolio that it enabled is found, or there is none. */
const sharedWithin = 240_000;

/** What a template says of Projects. */
export interface ProjectsInput extends RoleSource {
  PrincipalQuota: number;
}

/** How Projects stand, as far as one resource goes. */
export interface Projects {
  id: string;
  /** Its deletion has begun, or has ended already, and somebody who was late has written down something. */
  isClosing: boolean;
  status?: string;
  serviceRoles: readonly FoundServiceRole[];
  imported: readonly PortfolioDetail[];
  portfolio?: PortfolioDetail;
  /** The portfolio may be on its way. */
  isEarly: boolean;
  /** What there is to do about the execution roles; undefined where they cannot be told: their domain is gone. */
  changes?: Changes;
}

/** Looks at all of it; undefined once the resource's register is gone. */
export async function readProjects(id: string, input: ProjectsInput, ctx: Context): Promise<Projects | undefined> {
  const registers = await listRegisters();
  const register = registers.get(id);
  if (!register) return undefined;
  const isClosing = !register.isOpen || ((await tagsOfRegister(id))?.isClosing ?? true);
  const isEarly = Date.now() - ctx.since.getTime() < sharedWithin;
  const nothing = { id, isClosing, isEarly, serviceRoles: [], imported: [] };
  if (isClosing) return nothing;
  const [status, serviceRoles] = await Promise.all([portfolioStatus(), findServiceRoles(id)]);
  if (status !== 'Enabled') return { ...nothing, status, serviceRoles };
  const imported = await listImportedPortfolios();
  const portfolio = findPortfolio(imported);
  const found = { ...nothing, status, serviceRoles, imported, portfolio };
  if (!portfolio) return found;
  const wanted = await executionRolesOf(input);
  if (!wanted) return found;
  return { ...found, changes: changesOf(wanted, await listPrincipals(portfolio.Id!), id, registers) };
}

export function projectsStatus(projects: Projects): Status {
  const { isClosing, status, serviceRoles, portfolio, changes } = projects;
  if (isClosing) return { pending: 'the deletion' };
  if (status === 'Disabled') return { pending: 'SageMaker Projects are Disabled' };
  if (status !== 'Enabled') return { failed: `SageMaker Projects have the status ${status}, which is unknown here` };
  const missing = serviceRoles.filter(({ isComplete }) => !isComplete).map(({ role }) => role.name);
  if (missing.length > 0) return { pending: `the service roles ${missing.join(', ')}` };
  if (!portfolio) return missingPortfolio(projects);
  if (!changes) return { failed: 'the domain of DomainId does not exist; give the id of one that does' };
  const count = changes.added.length + changes.dropped.length;
  return count === 0 ? 'ready' : { pending: `the roles of portfolio ${portfolio.Id}: ${count} are to be changed` };
}

/** Takes every step that is possible now. */
export async function advanceProjects(projects: Projects, input: ProjectsInput, ctx: Context): Promise<void> {
  const { id, status, serviceRoles, portfolio, changes } = projects;
  if (status === 'Disabled') await enablePortfolio();
  await mapConcurrent(
    serviceRoles.filter(({ isComplete }) => !isComplete),
    (role) => makeServiceRole(role, ctx),
  );
  if (portfolio && changes) await makeChanges(portfolio.Id!, changes, input.PrincipalQuota, id, ctx);
}

/** Notes that there is such a resource, which the next look goes on with. */
export async function beginProjects(ctx: Context): Promise<string> {
  return openRegister(ctx);
}

/** The id of what this stack and logical id have begun. */
export async function findProjects(id: string, ctx: Context): Promise<string | undefined> {
  const tags = await tagsOfRegister(id);
  // What is being deleted serves no Create; a Delete waits for it.
  if (!tags?.isOwn || (tags.isClosing && ctx.requestType !== 'Delete')) return undefined;
  return id;
}

/** What a deletion takes along that others may still use. */
export interface ProjectsDeletion {
  serviceRoles: boolean;
  portfolio: boolean;
}

/** Takes every deletion step that is possible now. Says `retained` of what is not ours. */
export async function deleteProjects(
  id: string,
  choices: ProjectsDeletion,
  ctx: Context,
): Promise<'retained' | undefined> {
  const registers = await listRegisters();
  const tags = registers.get(id)?.isOpen ? await tagsOfRegister(id) : undefined;
  if (tags && !tags.isOwn) {
    ctx.log.info('The register lacks the tags of this stack and logical id: it is not ours, and is kept', { id });
    return 'retained';
  }
  if (tags && !tags.isClosing) await noteClosing(id);
  const isEnabled = (await portfolioStatus()) === 'Enabled';
  const portfolio = isEnabled ? findPortfolio(await listImportedPortfolios()) : undefined;
  // Also where the register is gone: a creation that was called off may go on for a while, and delete it after that.
  await releaseRoles(portfolio?.Id, id, [...(registers.get(id)?.roles.keys() ?? [])]);
  if (choices.serviceRoles) await deleteServiceRoles(id);
  if (!tags) return undefined;
  const others = choices.portfolio && isEnabled ? await othersOpen(id, registers) : undefined;
  if (others?.size) {
    ctx.log.info('Other resources use Projects as well, so they stay enabled', { others: [...others.keys()] });
  } else if (others) {
    await disablePortfolio();
    // Until it is disabled, the register stays.
    return undefined;
  }
  await closeRegister(id);
  return undefined;
}

/** What a deletion still has to delete once there is no register any more. */
export async function remainsOfProjects(id: string, choices: ProjectsDeletion): Promise<string | undefined> {
  if (!choices.serviceRoles) return undefined;
  const left = await listServiceRoles(id);
  return left.length === 0 ? undefined : `the service roles ${left.join(', ')}`;
}

function missingPortfolio({ isEarly, imported }: Projects): Status {
  const what = `an imported portfolio whose provider is ${provider}`;
  if (isEarly) return { pending: what };
  const names = imported.map(({ DisplayName, ProviderName }) => `${DisplayName} of ${ProviderName}`).join(', ');
  return {
    failed:
      `SageMaker Projects are Enabled, but Service Catalog does not show ${what}; it shows ${names || 'none'}. ` +
      'Disable and enable Projects in the console of SageMaker, so that the portfolio is shared anew',
  };
}
