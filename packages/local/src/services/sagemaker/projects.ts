import { servicePrincipal } from '../../principal.ts';
import type { Call } from '../../service.ts';
import { serviceCatalog } from '../service-catalog/index.ts';
import type { Operations } from './records.ts';

/** The account of SageMaker's own that shares its portfolio with all others. */
const owner = '771234564470';

/** The project templates in it, as SageMaker names them. */
const templates = [
  'MLOps template for model building and training',
  'MLOps template for model building, training, and deployment',
  'MLOps template for model deployment',
];

interface Switch {
  status: 'Enabled' | 'Disabled';
  /** Names this change, so that an earlier one cannot undo it. */
  step: number;
}

/** Turns Projects on and off in an account and Region, by the share of SageMaker's portfolio. */
export const portfolioOperations: Operations = {
  async EnableSagemakerServicecatalogPortfolio(_, call) {
    const PortfolioId = await ownPortfolio(call);
    await call.invoke(serviceCatalog, 'AcceptPortfolioShare', { PortfolioId });
    scheduleStatus('Enabled', [1, 8], call);
    return {};
  },

  async DisableSagemakerServicecatalogPortfolio(_, call) {
    const PortfolioId = await ownPortfolio(call);
    await call.invoke(serviceCatalog, 'RejectPortfolioShare', { PortfolioId });
    scheduleStatus('Disabled', [1, 4], call);
    return {};
  },

  GetSagemakerServicecatalogPortfolioStatus: (_, call) => ({ Status: table(call).get('shown')?.status ?? 'Disabled' }),
};

export const portfolioTasks = {
  turn(change: Switch, call: Call): void {
    if (table(call).get('asked')?.step === change.step) table(call).set('shown', change);
  },
};

function table(call: Call): Map<string, Switch> {
  return call.table('projects');
}

function scheduleStatus(status: Switch['status'], seconds: readonly [number, number], call: Call): void {
  if (table(call).get('asked')?.status === status) return;
  const change = { status, step: call.cloud.store.next() };
  table(call).set('asked', change);
  call.takes(seconds, 'turn', change);
}

/** SageMaker's portfolio of the Region, shared with the caller's account. */
async function ownPortfolio(call: Call): Promise<string> {
  const as = servicePrincipal('sagemaker.amazonaws.com', owner);
  const known = call.table<string>('portfolio', { account: owner });
  let id = known.get('id');
  if (id === undefined) {
    const { PortfolioDetail } = await call.invoke(
      serviceCatalog,
      'CreatePortfolio',
      {
        DisplayName: 'Amazon SageMaker Solutions and ML Ops products',
        ProviderName: 'Amazon SageMaker',
        IdempotencyToken: 'projects',
      },
      as,
    );
    id = PortfolioDetail!.Id!;
    known.set('id', id);
    for (const [index, Name] of templates.entries()) await addProduct(Name, `template-${index}`, id, call);
  }
  await call.invoke(serviceCatalog, 'CreatePortfolioShare', { PortfolioId: id, AccountId: call.account }, as);
  return id;
}

async function addProduct(Name: string, IdempotencyToken: string, PortfolioId: string, call: Call): Promise<void> {
  const as = servicePrincipal('sagemaker.amazonaws.com', owner);
  const { ProductViewDetail } = await call.invoke(
    serviceCatalog,
    'CreateProduct',
    { Name, Owner: 'Amazon SageMaker', ProductType: 'CLOUD_FORMATION_TEMPLATE', IdempotencyToken },
    as,
  );
  const { ProductId } = ProductViewDetail!.ProductViewSummary!;
  await call.invoke(serviceCatalog, 'AssociateProductWithPortfolio', { ProductId, PortfolioId }, as);
}
