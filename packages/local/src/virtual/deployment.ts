import type * as CloudFormation from '@aws-sdk/client-cloudformation';

/** What a stack is to be. */
export interface Deployment {
  /** The template's text, of at most 51,200 bytes, or its URL in the cloud's S3, such as `publish` puts there. */
  template: string | { url: string };
  /** The parameters' values, by name. A list is one string, with commas. */
  parameters?: Record<string, string>;
  tags?: Record<string, string>;
  /** The ARN of the role whose rights CloudFormation uses; the account's own rights if left out. */
  roleArn?: string;
}

/** How an operation on a stack ended. */
export interface StackResult {
  id: string;
  /** CloudFormation's status: `CREATE_COMPLETE`, `UPDATE_ROLLBACK_COMPLETE`, … */
  status: CloudFormation.StackStatus;
  outputs: Record<string, string>;
  /** The reasons of its failed events, oldest first: `Domain: Creating domain …`. Empty where nothing failed. */
  failures: string[];
}
