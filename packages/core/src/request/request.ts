/** Where an answer goes, and what it must repeat. */
export interface RequestIdentity {
  readonly responseUrl: string;
  /** The stack's ARN. */
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
  /** Missing on Create. */
  readonly physicalResourceId?: string;
  /** The partition, Region and account of the stack, read from its ARN. */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** A request of CloudFormation, checked. */
export interface Request extends RequestIdentity {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  /** As the template spells it, such as `Custom::StudioDomain`. */
  readonly resourceType: string;
  /** As CloudFormation sends them, scalars as strings; without `ServiceToken` and `ServiceTimeout`. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly oldProperties: Readonly<Record<string, unknown>>;
  /** In seconds: CloudFormation gives up on the request after so long. */
  readonly serviceTimeout: number;
}

/** What the runtime uses of Lambda's context. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly invokedFunctionArn: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  getRemainingTimeInMillis(): number;
}
