import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { invalid } from './records.ts';
import { checkSettings } from './settings.ts';

/** The rules between the members of a domain, as it is asked for or as an update would leave it. */
export function checkDomain(domain: SageMaker.CreateDomainRequest | SageMaker.DescribeDomainResponse): void {
  const { AppNetworkAccessType, VpcId, SubnetIds, AuthMode, DomainSettings } = domain;
  if ((VpcId === undefined) !== (SubnetIds === undefined)) {
    throw invalid('VpcId and SubnetIds must be specified together.');
  }
  if (AppNetworkAccessType === 'VpcOnly' && VpcId === undefined) {
    throw invalid('VpcId and Subnet IDs are required for domains in VpcOnly mode.');
  }
  if (VpcId === undefined && !DomainSettings?.UnifiedStudioSettings) {
    // Only a domain of SageMaker Unified Studio may do without a VPC.
    throw invalid('VpcId and SubnetIds are required.');
  }
  if (domain.AppSecurityGroupManagement !== undefined && !DomainSettings?.RStudioServerProDomainSettings) {
    throw invalid('AppSecurityGroupManagement can only be set for Rstudio enabled domains.');
  }
  if (DomainSettings?.RStudioServerProDomainSettings && AppNetworkAccessType === 'VpcOnly') {
    if (domain.AppSecurityGroupManagement === undefined) {
      throw invalid('AppSecurityGroupManagement is required for Rstudio enabled domains in VpcOnly mode.');
    }
  }
  if (AuthMode === 'IAM' && DomainSettings?.AmazonQSettings?.Status === 'ENABLED') {
    throw invalid('AmazonQSettings can only be enabled for domains with AuthMode SSO.');
  }
  if (AuthMode === 'IAM' && DomainSettings?.TrustedIdentityPropagationSettings?.Status === 'ENABLED') {
    throw invalid('TrustedIdentityPropagationSettings can only be enabled for domains with AuthMode SSO.');
  }
  if (domain.DefaultUserSettings?.AutoMountHomeEFS === 'DefaultAsDomain') {
    throw invalid('AutoMountHomeEFS cannot be DefaultAsDomain in the settings of a domain.');
  }
  checkSettings(domain.DefaultUserSettings ?? {});
  checkSettings(domain.DefaultSpaceSettings ?? {});
}
