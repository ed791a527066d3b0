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

/** The provider name of the portfolio that contains the templates of SageMaker Projects. */
export const portfolioProvider = 'Amazon SageMaker';

/** A new role may be unknown to Service Catalog for so many milliseconds. */
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

/** Lists the portfolios that other accounts share and this account has accepted. */
export async function listImportedPortfolios(): Promise<PortfolioDetail[]> {
  const found: PortfolioDetail[] = [];
  const input = { PortfolioShareType: 'IMPORTED' } as const;
  for await (const page of paginateListAcceptedPortfolioShares({ client: serviceCatalog(), pageSize: 100 }, input)) {
    found.push(...(page.PortfolioDetails ?? []));
  }
  return found;
}

/** The portfolio of Projects among them. SageMaker also has other portfolios, with other names. */
export function findPortfolio(imported: readonly PortfolioDetail[]): PortfolioDetail | undefined {
  const all = imported.filter(
    ({ ProviderName }) => ProviderName?.trim().toLowerCase() === portfolioProvider.toLowerCase(),
  );
  return all.find(({ DisplayName = '' }) => /\bML ?Ops\b/i.test(DisplayName)) ?? all[0];
}

/** The ARNs of the users, groups and roles that are associated with a portfolio. Patterns are not included. */
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
 * Associates a role with a portfolio; an existing association is no error. `since` is the time of the first attempt.
 *
 * Throws BusyError when Service Catalog does not know the role yet.
 */
export async function associateRole(PortfolioId: string, PrincipalARN: string, since: number): Promise<void> {
  const command = new AssociatePrincipalWithPortfolioCommand({ PortfolioId, PrincipalARN, PrincipalType: 'IAM' });
  try {
    await serviceCatalog().send(command);
  } catch (cause) {
    const text = String(cause);
    // Whether Service Catalog accepts an association twice is not documented.
    if (codeOf(cause) === 'DuplicateResourceException' || /already (been )?associated/i.test(text)) return;
    const what = `Associating ${PrincipalARN} with portfolio ${PortfolioId}`;
    if (!/profile does not exist/i.test(text)) throw new Error(what, { cause });
    if (Date.now() - since < roleVisibleWithin) throw new BusyError(what, { cause });
    throw new Error(`${what}: the role does not exist. Create it first, or remove it from the template`, { cause });
  }
}

/** Disassociates a role. A missing association and a missing portfolio are no errors. */
export async function disassociateRole(PortfolioId: string, PrincipalARN: string): Promise<void> {
  const command = new DisassociatePrincipalFromPortfolioCommand({ PortfolioId, PrincipalARN, PrincipalType: 'IAM' });
  await ignoreErrors(['ResourceNotFoundException'], serviceCatalog().send(command));
}
