import * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { service } from '../../service.ts';
import { access } from './access.ts';
import { artifactOperations } from './artifacts.ts';
import { browseOperations } from './browse.ts';
import { constraintOperations, launchRoles } from './constraints.ts';
import { launchOperations } from './launches.ts';
import { portfolioOperations } from './portfolios.ts';
import { principalOperations } from './principals.ts';
import { products } from './product-records.ts';
import { productOperations } from './products.ts';
import { provisionedOperations } from './provisioned.ts';
import { portfolios } from './records.ts';
import { shareOperations } from './shares.ts';
import { stackTasks } from './stacks.ts';
import { tagOptionOperations } from './tag-options.ts';

/**
 * Service Catalog: portfolios of products, shared with other accounts; and for end users, products that are launched as
 * stacks with the rights of a launch role.
 */
export const serviceCatalog = service('service-catalog', 'servicecatalog', ServiceCatalog, {
  operations: {
    ...portfolioOperations,
    ...shareOperations,
    ...principalOperations,
    ...productOperations,
    ...artifactOperations,
    ...constraintOperations,
    ...tagOptionOperations,
    ...browseOperations,
    ...launchOperations,
    ...provisionedOperations,
  },
  tasks: stackTasks,
  access,
  passedRoles: (operation, { Type, Parameters }, call) =>
    operation === 'CreateConstraint' && Type === 'LAUNCH' ? launchRoles(Parameters, call) : [],
  tagsOf: (arn, call) =>
    [...portfolios(call).values(), ...products(call).values()].find((one) => one.arn === arn)?.tags,
});
