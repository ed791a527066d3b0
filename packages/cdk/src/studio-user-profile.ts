import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { StudioUserProfile as Generated } from './generated/studio-user-profile.ts';

/**
 * A user profile of a domain. Its deletion also stops its running apps and, with `deleteContents: 'All'`, deletes its
 * spaces.
 */
export class StudioUserProfile extends Generated {
  /** Lets a principal open Studio as this user: `sagemaker:CreatePresignedDomainUrl` for this profile alone. */
  grantCreatePresignedUrl(grantee: IGrantable): Grant {
    const actions = ['sagemaker:CreatePresignedDomainUrl'];
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.userProfileArn] });
  }
}
