import { productsUsePolicy } from './products-use-policy.ts';

/** A role that SageMaker's project templates work with. All Regions of an account share it. */
export interface ServiceRole {
  name: string;
  /** The services that take it on. */
  services: readonly string[];
  /** The AWS managed policy that says what it may do: its path and name. */
  managedPolicy?: string;
  /** Where AWS manages none: the policy itself. */
  policy?: (partition: string) => object;
}

export const serviceRolePath = '/service-role/';

const prefix = 'AmazonSageMakerServiceCatalogProducts';

/** One service that has its role, and the policy of the role's name in which AWS says what that may do. */
function ofService(part: string, path = 'service-role/'): ServiceRole {
  return {
    name: `${prefix}${part}Role`,
    services: [part.toLowerCase()],
    managedPolicy: `${path}${prefix}${part}ServiceRolePolicy`,
  };
}

/** All that SageMaker asks for, as its console makes them. */
export const serviceRoles: readonly ServiceRole[] = [
  {
    name: `${prefix}LaunchRole`,
    services: ['servicecatalog'],
    managedPolicy: 'AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy',
  },
  {
    name: `${prefix}UseRole`,
    services: [
      ...['apigateway', 'cloudformation', 'codebuild', 'codepipeline', 'events', 'firehose', 'glue', 'lambda'],
      ...['sagemaker', 'states'],
    ],
    policy: productsUsePolicy,
  },
  { name: `${prefix}ExecutionRole`, services: ['sagemaker'], managedPolicy: 'AmazonSageMakerFullAccess' },
  ofService('ApiGateway'),
  ofService('Cloudformation'),
  ofService('CodeBuild', ''),
  ofService('CodePipeline'),
  ofService('Events'),
  ofService('Firehose'),
  ofService('Glue'),
  ofService('Lambda'),
];

/** The ARN pattern of all of them. */
export const serviceRolesPattern = `arn:*:iam::*:role${serviceRolePath}${prefix}*`;

/** The same, wherever they are: IAM looks for one that does not exist without its path, and some made them without. */
export const serviceRolesAnywhere = `arn:*:iam::*:role/*${prefix}*`;

/** The ARN patterns of the policies that AWS manages for them. */
export const serviceRolePolicies: readonly string[] = serviceRoles.flatMap(({ managedPolicy }) =>
  managedPolicy ? [`arn:*:iam::aws:policy/${managedPolicy}`] : [],
);

/** The ARN patterns of the roles that have a policy of their own. */
export const ownPolicyRoles: readonly string[] = serviceRoles.flatMap(({ name, policy }) =>
  policy ? [`arn:*:iam::*:role${serviceRolePath}${name}`] : [],
);

/** Lets the services take the role on. */
export function trustPolicy({ services }: ServiceRole): string {
  const Service = services.map((service) => `${service}.amazonaws.com`);
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });
}
