import type { ResourceType } from '../resources/resource-type.ts';
import { cdkTypes } from './cdk.ts';
import { codebuildTypes } from './ci/codebuild.ts';
import { codecommitTypes } from './ci/codecommit.ts';
import { codepipelineTypes } from './ci/codepipeline.ts';
import { cloudtrailTypes } from './cloudtrail.ts';
import { gatewayTypes } from './ec2-gateway.ts';
import { routingTypes } from './ec2-routing.ts';
import { securityGroupTypes } from './ec2-security-group.ts';
import { vpcTypes } from './ec2-vpc.ts';
import { ecrTypes } from './ecr.ts';
import { efsTypes } from './efs.ts';
import { eventTypes } from './events.ts';
import { instanceProfileTypes } from './iam-instance-profile.ts';
import { policyTypes } from './iam-policy.ts';
import { roleTypes } from './iam-role.ts';
import { userTypes } from './iam-user.ts';
import { kmsTypes } from './kms.ts';
import { lambdaAccessTypes } from './lambda-access.ts';
import { functionTypes } from './lambda-function.ts';
import { layerTypes } from './lambda-layer.ts';
import { logsTypes } from './logs.ts';
import { nestedStackTypes } from './nested-stack.ts';
import { ramTypes } from './ram.ts';
import { s3Types } from './s3.ts';
import { domainTypes } from './sagemaker-domain.ts';
import { endpointTypes } from './sagemaker-endpoint.ts';
import { imageTypes } from './sagemaker-image.ts';
import { lifecycleConfigTypes } from './sagemaker-lifecycle-config.ts';
import { pipelineTypes } from './sagemaker-pipeline.ts';
import { projectTypes } from './sagemaker-project.ts';
import { studioTypes } from './sagemaker-studio.ts';
import { secretTypes } from './secrets-manager.ts';
import { constraintTypes } from './service-catalog-constraint.ts';
import { portfolioTypes } from './service-catalog-portfolio.ts';
import { productTypes } from './service-catalog-product.ts';
import { provisionedProductTypes } from './service-catalog-provisioned.ts';
import { snsTypes } from './sns.ts';
import { ssmTypes } from './ssm.ts';
import { stateMachineTypes } from './step-functions.ts';
import { waitConditionTypes } from './wait-condition.ts';

/** What Studio Resources and templates for Studio use. */
const typesForStudio = [
  ...nestedStackTypes,
  ...waitConditionTypes,
  ...cdkTypes,
  ...vpcTypes,
  ...securityGroupTypes,
  ...routingTypes,
  ...gatewayTypes,
  ...cloudtrailTypes,
  ...ecrTypes,
  ...efsTypes,
  ...eventTypes,
  ...roleTypes,
  ...policyTypes,
  ...userTypes,
  ...instanceProfileTypes,
  ...kmsTypes,
  ...functionTypes,
  ...lambdaAccessTypes,
  ...layerTypes,
  ...logsTypes,
  ...ramTypes,
  ...s3Types,
  ...domainTypes,
  ...studioTypes,
  ...imageTypes,
  ...lifecycleConfigTypes,
  ...projectTypes,
  ...endpointTypes,
  ...portfolioTypes,
  ...productTypes,
  ...constraintTypes,
  ...provisionedProductTypes,
  ...pipelineTypes,
  ...snsTypes,
  ...ssmTypes,
  ...secretTypes,
  ...stateMachineTypes,
];

/** What only the project templates and the image pipeline use. */
const typesForCi = [...codebuildTypes, ...codecommitTypes, ...codepipelineTypes];

/** AWS's resource types that templates may use here, by name. */
export const nativeTypes: ReadonlyMap<string, ResourceType> = new Map([...typesForStudio, ...typesForCi]);
