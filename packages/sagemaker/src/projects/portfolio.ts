import {
  DisableSagemakerServicecatalogPortfolioCommand,
  EnableSagemakerServicecatalogPortfolioCommand,
  GetSagemakerServicecatalogPortfolioStatusCommand,
} from '@aws-sdk/client-sagemaker';
import {
  AssociatePrincipalWithPortfolioCommand,
  DisassociatePrincipalFromPortfolioCommand,
  type PortfolioDetail,
  paginateListAcceptedPortfolioShares,
  paginateListPrincipalsForPortfolio,
  ServiceCatalogClient,
} from '@aws-sdk/client-service-catalog';
import { BusyError, clientConfig, codeOf, ignoreErrors, sagemaker } from '../client/client.ts';

/** Who provides the portfolio with the templates of SageMaker Projects. */
export const portfolioProvider = 'Amazon SageMaker';

/** For how long Service Catalog may not know a role that was just made, in milliseconds. */
const roleVisibleWithin = 120_000;

let client: ServiceCatalogClient | undefined;

function serviceCatalog(): ServiceCatalogClient {
  client ??= new ServiceCatalogClient(clientConfig);
  return client;
}

/** Whether Projects are on in the account and Region: `Enabled` or `Disabled`. */
export async function portfolioStatus(): Promise<string | undefined> {
  return (await sagemaker().send(new GetSagemakerServicecatalogPortfolioStatusCommand({}))).Status;
}

export async function enablePortfolio(): Promise<void> {
  await sagemaker().send(new EnableSagemakerServicecatalogPortfolioCommand({}));
}

export async function disablePortfolio(): Promise<void> {
  await sagemaker().send(new DisableSagemakerServicecatalogPortfolioCommand({}));
}

/** The portfolios that other accounts share and this one has accepted. */
export async function listImportedPortfolios(): Promise<PortfolioDetail[]> {
  const found: PortfolioDetail[] = [];
  const input = { PortfolioShareType: 'IMPORTED' } as const;
  for await (const page of paginateListAcceptedPortfolioShares({ client: serviceCatalog(), pageSize: 100 }, input)) {
    found.push(...(page.PortfolioDetails ?? []));
  }
  return found;
}

/** The portfolio of Projects among them. SageMaker has others too, which bear other names. */
export function findPortfolio(imported: readonly PortfolioDetail[]): PortfolioDetail | undefined {
  const all = imported.filter(
    ({ ProviderName }) => ProviderName?.trim().toLowerCase() === portfolioProvider.toLowerCase(),
  );
  return all.find(({ DisplayName = '' }) => /\bML ?Ops\b/i.test(DisplayName)) ?? all[0];
}

/** The ARNs of the users, groups and roles that may use a portfolio by being named; patterns are not among them. */
export async function listPrincipals(PortfolioId: string): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { Principals = [] } of paginateListPrincipalsForPortfolio(
    { client: serviceCatalog(), pageSize: 20 },
    { PortfolioId },
  )) {
    for (const { PrincipalARN, PrincipalType } of Principals) if (PrincipalType === 'IAM') found.add(PrincipalARN!);
  }
  return found;
}

/**
 * Lets a role use a portfolio; one that may already is no error. `since` is when that was first tried.
 *
 * Throws BusyError when Service Catalog does not know the role yet.
 */
export async function associateRole(PortfolioId: string, PrincipalARN: string, since: number): Promise<void> {
  const command = new AssociatePrincipalWithPortfolioCommand({ PortfolioId, PrincipalARN, PrincipalType: 'IAM' });
  try {
    await serviceCatalog().send(command);
  } catch (cause) {
    const text = String(cause);
    // Nothing says whether Service Catalog takes an association twice.
    if (codeOf(cause) === 'DuplicateResourceException' || /already (been )?associated/i.test(text)) return;
    const what = `Associating ${PrincipalARN} with portfolio ${PortfolioId}`;
    if (!/profile does not exist/i.test(text)) throw new Error(what, { cause });
    if (Date.now() - since < roleVisibleWithin) throw new BusyError(what, { cause });
    throw new Error(`${what}: there is no such role. Make it first, or take it out of the template`, { cause });
  }
}

/** Takes that back; a role that may not use it any more, and a portfolio that is gone, are no error. */
export async function disassociateRole(PortfolioId: string, PrincipalARN: string): Promise<void> {
  const command = new DisassociatePrincipalFromPortfolioCommand({ PortfolioId, PrincipalARN, PrincipalType: 'IAM' });
  await ignoreErrors(['ResourceNotFoundException'], serviceCatalog().send(command));
}
