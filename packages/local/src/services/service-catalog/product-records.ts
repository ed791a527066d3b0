import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import type { Call } from '../../service.ts';
import { notFound } from './records.ts';

export interface ProductRecord {
  id: string;
  arn: string;
  viewId: string;
  owner: string;
  name: string;
  /** The person or department that publishes it. */
  publisher: string;
  description?: string;
  distributor?: string;
  support: Pick<ServiceCatalog.ProductViewSummary, 'SupportDescription' | 'SupportEmail' | 'SupportUrl'>;
  type: ServiceCatalog.ProductType;
  created: Date;
  tags: Record<string, string>;
  /** Its versions, oldest first. */
  artifacts: ArtifactRecord[];
  tagOptionIds: string[];
}

/** Of all accounts, by id: with a portfolio, its products are shared too. */
export function products(call: Call): Map<string, ProductRecord> {
  return call.table('products', { account: 'all' });
}

/** The product, where the caller's account owns it. Throws ResourceNotFoundException. */
export function getOwnProduct(id: string | undefined, call: Call): ProductRecord {
  const product = products(call).get(id ?? '');
  if (product?.owner === call.account) return product;
  throw notFound('Product', id);
}
export function getOwnProductByName(name: string | undefined, call: Call): ProductRecord {
  const product = [...products(call).values()].find((one) => one.owner === call.account && one.name === name);
  if (product) return product;
  throw notFound('Product', name);
}

/** A version of a product. */
export interface ArtifactRecord {
  id: string;
  name: string;
  description?: string;
  type: ServiceCatalog.ProvisioningArtifactType;
  created: Date;
  active: boolean;
  guidance: ServiceCatalog.ProvisioningArtifactGuidance;
  /** Where the administrator said that the template is. */
  info: Record<string, string>;
  /** As it was when the version was made: a later change of the object changes nothing here. */
  template: string;
}
