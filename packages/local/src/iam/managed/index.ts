import { administratorAccess, amazonS3ReadOnlyAccess } from './general.ts';
import { awsLambdaBasicExecutionRole, awsLambdaVpcAccessExecutionRole } from './lambda.ts';
import type { ManagedPolicy } from './managed-policy.ts';
import { amazonSageMakerFullAccess } from './sagemaker-full-access.ts';
import { amazonSageMakerNotebooksServiceRolePolicy } from './sagemaker-notebooks-service-role.ts';
import { sageMakerProductsPolicies } from './sagemaker-products.ts';
import { sageMakerProductsLaunchPolicy } from './sagemaker-products-launch.ts';
import { sageMakerProductsMakersPolicies } from './sagemaker-products-makers.ts';

export type { ManagedPolicy } from './managed-policy.ts';

/** AWS's own managed policies. To add one, write it down as AWS publishes it, and name it here. */
export const managedPolicies: readonly ManagedPolicy[] = [
  administratorAccess,
  amazonS3ReadOnlyAccess,
  amazonSageMakerFullAccess,
  amazonSageMakerNotebooksServiceRolePolicy,
  awsLambdaBasicExecutionRole,
  awsLambdaVpcAccessExecutionRole,
  sageMakerProductsLaunchPolicy,
  ...sageMakerProductsMakersPolicies,
  ...sageMakerProductsPolicies,
];

const byName = new Map(managedPolicies.map((policy) => [policy.path + policy.name, policy]));

/** The policy of an ARN such as `arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`. */
export function findManagedPolicy(arn: string): ManagedPolicy | undefined {
  const [, name] = /^arn:[^:]+:iam::aws:policy(\/.+)$/.exec(arn) ?? [];
  return name === undefined ? undefined : byName.get(name);
}

/** Is this the ARN of an AWS managed policy, known here or not? */
export function isManagedByAws(arn: string): boolean {
  return /^arn:[^:]+:iam::aws:policy\//.test(arn);
}
