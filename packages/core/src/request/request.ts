/** Identifies a request, and says where its response goes. The response repeats the ids. */
export interface RequestIdentity {
  /** Empty where no response is expected. */
  readonly responseUrl: string;
  /** False for an event of EventBridge: CloudFormation knows nothing of it. */
  readonly expectsResponse: boolean;
  /** A direct invocation, which gets a result: CloudFormation knows nothing of it. */
  readonly isDirect?: boolean;
  /** The stack's ARN; for an event of EventBridge, the function's; for a direct invocation, that of a state. */
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

/** The ARN of a function without its version or alias: `arn:aws:lambda:eu-west-1:111122223333:function:NAME`. */
export function unqualifiedArn(functionArn: string): string {
  return functionArn.split(':').slice(0, 7).join(':');
}

/** An event of EventBridge, as far as resources need it. */
export interface EventBridgeEvent {
  readonly id: string;
  /** `aws.sagemaker` */
  readonly source: string;
  /** Where it happened. Missing only in events that EventBridge did not bring. */
  readonly account?: string;
  readonly region?: string;
  /** `AWS API Call via CloudTrail` */
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}
