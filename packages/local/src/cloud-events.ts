import type { InjectedFault } from './faults/rule.ts';
import type { Principal } from './principal.ts';

/** A call as it stands once the wire protocol is read, or as another service makes it. */
export interface Request {
  service: string;
  operation: string;
  input: Record<string, unknown>;
  principal: Principal;
  region: string;
  /** Given where the caller has been told one already; made otherwise. */
  requestId?: string;
  /** The service that makes the call on the principal's behalf, as `kms:ViaService` has it: `s3.us-east-1.amazonaws.com`. */
  via?: string;
  /** Made by a client, over the network, where faults can be injected. */
  fromClient?: boolean;
}

/** One call and how it ended, as `--record` writes it. */
export interface Exchange {
  /** Virtual time, ISO 8601. */
  time: string;
  account: string;
  region: string;
  principal: string;
  service: string;
  operation: string;
  request: unknown;
  /** Of HTTP; 0 where the connection was lost. */
  status: number;
  response?: unknown;
  error?: { code: string; message: string };
}

/** What a service tells EventBridge's default bus of its account and Region. */
export interface ServiceEvent {
  /** `aws.codepipeline` */
  source: string;
  detailType: string;
  account: string;
  region: string;
  /** ARNs. */
  resources: string[];
  detail: Record<string, unknown>;
}

/** A right that a call needed, and that the caller's policies, or those of the resource, gave. */
export interface UsedRight {
  /** The caller's ARN. */
  principal: string;
  action: string;
  resource: string;
}

/** What happens inside, for those inside that must know: an object was put, a log line was written. */
export interface CloudEvents {
  /** An object was put into a bucket. */
  objectCreated: [{ bucket: string; key: string; body: Uint8Array }];
  /** A call ended. */
  exchange: [Exchange];
  /** A service has something to tell EventBridge. */
  event: [ServiceEvent];
  /** A user, a role's session or an account was let do something. */
  right: [UsedRight];
  /** A fault was injected. */
  fault: [InjectedFault];
}
