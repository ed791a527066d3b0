import type { ResourceContext, ResourceType } from '../resources/resource-type.ts';
import { nativeType } from './native-type.ts';
import { document, list, optional, type PropertyTable, required, text, type ValuesOf } from './property.ts';
import { acceptLanguage, catalogClient, ignoreNotFound, tokenOf } from './service-catalog-portfolio.ts';

const place = {
  ...acceptLanguage,
  Description: optional(text),
  PortfolioId: required(text, 'replaces'),
  ProductId: required(text, 'replaces'),
};

/** A type whose things are constraints: what holds for a product in a portfolio. */
function constraint<Table extends PropertyTable>(
  type: `AWS::ServiceCatalog::${string}Constraint`,
  Type: string,
  own: Table,
  parametersOf: (values: ValuesOf<Table>) => object | string,
): [string, ResourceType] {
  const parameters = (values: unknown) => {
    const given = parametersOf(values as ValuesOf<Table>);
    return typeof given === 'string' ? given : JSON.stringify(given);
  };
  return nativeType<typeof place>({
    type,
    properties: { ...place, ...own },
    async create(values, context: ResourceContext) {
      const { PortfolioId, ProductId, Description } = values;
      const { ConstraintDetail } = await catalogClient(context)('CreateConstraint', {
        PortfolioId,
        ProductId,
        Description,
        Type,
        Parameters: parameters(values),
        IdempotencyToken: tokenOf(context),
      });
      return { physicalId: ConstraintDetail!.ConstraintId!, attributes: {} };
    },
    async update({ physicalId: Id, values }, context) {
      const { Description } = values;
      await catalogClient(context)('UpdateConstraint', { Id, Description, Parameters: parameters(values) });
      return { physicalId: Id, attributes: {} };
    },
    delete: (Id, _, context) => ignoreNotFound(catalogClient(context)('DeleteConstraint', { Id })),
  });
}

export const constraintTypes = [
  constraint(
    'AWS::ServiceCatalog::LaunchRoleConstraint',
    'LAUNCH',
    { LocalRoleName: optional(text), RoleArn: optional(text) },
    ({ LocalRoleName, RoleArn }) => ({ LocalRoleName, RoleArn }),
  ),
  constraint(
    'AWS::ServiceCatalog::LaunchTemplateConstraint',
    'TEMPLATE',
    { Rules: required(document) },
    ({ Rules }) => `{"Rules":${Rules}}`,
  ),
  constraint(
    'AWS::ServiceCatalog::LaunchNotificationConstraint',
    'NOTIFICATION',
    { NotificationArns: required(list(text)) },
    ({ NotificationArns }) => ({ NotificationArns }),
  ),
  constraint(
    'AWS::ServiceCatalog::ResourceUpdateConstraint',
    'RESOURCE_UPDATE',
    { TagUpdateOnProvisionedProduct: required(text) },
    ({ TagUpdateOnProvisionedProduct }) => ({ Version: '2.0', Properties: { TagUpdateOnProvisionedProduct } }),
  ),
];
