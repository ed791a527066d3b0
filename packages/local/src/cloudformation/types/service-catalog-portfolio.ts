import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import type { ResourceContext } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { flag, optional, required, tags, text } from './property.ts';
import { isNotFound, serviceClient, undefinedIfNotFound } from './service-client.ts';

export const catalogClient = (context: ResourceContext) =>
  serviceClient<typeof ServiceCatalog>(context, 'service-catalog');

/** What Service Catalog asks of every caller in a language. It is the language of texts, and changes nothing here. */
export const acceptLanguage = { AcceptLanguage: optional(text) };

/** Makes the same call by a stack's resource one and the same. */
export const tokenOf = ({ stackId, logicalId, requestId }: ResourceContext) =>
  `${stackId.split('/').at(-1)}-${logicalId}-${requestId}`.slice(0, 128);

/** Ignores that what is deleted does not exist. */
export async function ignoreNotFound(call: Promise<unknown>): Promise<void> {
  await undefinedIfNotFound(call);
}

const portfolio = nativeType({
  type: 'AWS::ServiceCatalog::Portfolio',
  properties: {
    ...acceptLanguage,
    Description: optional(text),
    DisplayName: required(text),
    ProviderName: required(text),
    Tags: optional(tags),
  },
  async create(values, context) {
    const { PortfolioDetail } = await catalogClient(context)('CreatePortfolio', {
      ...values,
      IdempotencyToken: tokenOf(context),
    });
    context.initiated(PortfolioDetail!.Id!);
    return madePortfolio(PortfolioDetail!);
  },
  async update({ physicalId: Id, values, old }, context) {
    const { Tags, ...rest } = values;
    const { set, gone: RemoveTags } = tagChanges(Tags, old.Tags);
    const { PortfolioDetail } = await catalogClient(context)('UpdatePortfolio', {
      ...rest,
      Id,
      AddTags: set,
      RemoveTags,
    });
    return madePortfolio(PortfolioDetail!);
  },
  delete: (Id, _, context) => ignoreNotFound(catalogClient(context)('DeletePortfolio', { Id })),
});

function madePortfolio({ Id, DisplayName }: ServiceCatalog.PortfolioDetail) {
  return { physicalId: Id!, attributes: { PortfolioName: DisplayName! } };
}

const principal = nativeType({
  type: 'AWS::ServiceCatalog::PortfolioPrincipalAssociation',
  properties: {
    ...acceptLanguage,
    PortfolioId: required(text, 'replaces'),
    PrincipalARN: required(text, 'replaces'),
    PrincipalType: required(text, 'replaces'),
  },
  async create(values, context) {
    const { PortfolioId, PrincipalARN, PrincipalType } = values;
    const client = catalogClient(context);
    await knownRole(context, () =>
      client('AssociatePrincipalWithPortfolio', { ...values, PrincipalType: PrincipalType as 'IAM' }),
    );
    return { physicalId: `${PrincipalARN}|${PortfolioId}|${PrincipalType}`, attributes: {} };
  },
  delete: (physicalId, _, context) => {
    const [PrincipalARN, PortfolioId, PrincipalType] = physicalId.split('|');
    const input = { PortfolioId, PrincipalARN, PrincipalType: PrincipalType as 'IAM' };
    return ignoreNotFound(catalogClient(context)('DisassociatePrincipalFromPortfolio', input));
  },
});

/** Seconds between two tries, and how often: Service Catalog learns of a new role some seconds after IAM. */
const RETRY = { every: 5, times: 12 };

async function knownRole(context: ResourceContext, associate: () => Promise<unknown>): Promise<void> {
  for (let left = RETRY.times; ; left -= 1) {
    try {
      await associate();
      return;
    } catch (error) {
      const isNew = error instanceof Error && error.message.startsWith('The profile does not exist');
      if (!isNew || left === 0) throw error;
      await context.pause(RETRY.every * 1000);
    }
  }
}

const share = nativeType({
  type: 'AWS::ServiceCatalog::PortfolioShare',
  properties: {
    ...acceptLanguage,
    AccountId: required(text, 'replaces'),
    PortfolioId: required(text, 'replaces'),
    ShareTagOptions: optional(flag),
  },
  async create(values, context) {
    await catalogClient(context)('CreatePortfolioShare', values);
    return madeShare(values);
  },
  async update({ values }, context) {
    await catalogClient(context)('UpdatePortfolioShare', values);
    return madeShare(values);
  },
  delete: (_, { PortfolioId, AccountId }, context) =>
    ignoreNotFound(catalogClient(context)('DeletePortfolioShare', { PortfolioId, AccountId })),
});

function madeShare({ PortfolioId, AccountId }: { PortfolioId: string; AccountId: string }) {
  return { physicalId: `${AccountId}|${PortfolioId}`, attributes: {} };
}

const acceptedShare = nativeType({
  type: 'AWS::ServiceCatalog::AcceptedPortfolioShare',
  properties: { ...acceptLanguage, PortfolioId: required(text, 'replaces') },
  async create({ PortfolioId }, context) {
    await catalogClient(context)('AcceptPortfolioShare', { PortfolioId });
    return { physicalId: PortfolioId, attributes: {} };
  },
  delete: async (PortfolioId, _, context) => {
    try {
      await catalogClient(context)('RejectPortfolioShare', { PortfolioId });
    } catch (error) {
      // The owner may have taken it back.
      if (!isNotFound(error)) throw error;
    }
  },
});

export const portfolioTypes = [portfolio, principal, share, acceptedShare];
