import type { Kind } from '../services/sagemaker/kinds.ts';
import type { Quota } from '../services/sagemaker/quota-table.ts';

/** How often a rule injects its fault, of the times that it matches. */
interface Frequency {
  /** What its faults are recorded as, and what its random numbers are drawn for; made from the rule if left out. */
  name?: string;
  /** Of those times, how many: from 0 to 1; every time if left out. */
  rate?: number;
  /** At most so many times. */
  count?: number;
  /** Not in the first so many times. */
  after?: number;
  /** A 12-digit account, with `*` for any part. */
  account?: string;
}

/** A call of a client, and so of a function. What the services do themselves is spared. */
export type CallRule = Frequency & {
  on: 'call';
  /** The SDK's id, `efs`; here and below, `*` stands for any part of a name. */
  service?: string;
  operation?: string;
  /** The function that calls. */
  function?: string;
} & (
    | { fault: 'throttle' | 'access-denied' }
    /** `carriedOut`: the call is carried out, and only its response is lost. */
    | { fault: 'internal-error' | 'unavailable' | 'reset'; carriedOut?: boolean }
    /** Virtual milliseconds until the call is carried out. */
    | { fault: 'slow'; ms: number }
  );

/** Something that a service makes, changes and deletes over time. */
export type ResourceRule = Frequency & {
  on: 'resource';
} & (
    | { fault: 'failed'; kind?: Kind; during?: During; reason: string }
    /** Its status lasts so many virtual seconds. */
    | { fault: 'stuck'; kind?: Kind; during?: During; seconds: number }
    /** Once made, it is found and listed so many virtual seconds later; as late as the service is, if left out. */
    | { fault: 'late'; kind?: LateKind; seconds?: number }
    /** It is gone so many virtual seconds after its creation was asked for, with all that is in it. */
    | { fault: 'deleted'; kind?: Kind; seconds: number }
  );

/** What a service may find and list only some time after it was made: SageMaker's resources, and two of Service Catalog's. */
export type LateKind = Kind | 'portfolio-share' | 'portfolio-principal';

export type During = 'create' | 'update' | 'delete';

export type QuotaRule = Frequency & { on: 'quota'; fault: 'limit'; quota: Quota; value: number };

/** An invocation, or the delivery of an event. */
export type FunctionRule = Frequency & {
  on: 'function';
  /** Its name. */
  function?: string;
} & (
    | {
        fault: 'crash' | 'out-of-memory' | 'hang';
        /** Virtual milliseconds that it runs before; none if left out. An invocation that is over by then is spared. */
        ms?: number;
      }
    /** Delivered a second time, so many virtual seconds later; at the same time if left out. */
    | { fault: 'duplicate'; seconds?: number }
    | { fault: 'delayed'; seconds: number }
    /** Held back until another event for the same function is delivered; at most so many virtual seconds, or 60. */
    | { fault: 'reordered'; seconds?: number }
  );

/** An answer that a custom resource puts to its response URL. */
export type ResponseRule = Frequency & {
  on: 'response';
  /** The logical id. */
  resource?: string;
} & (
    | { fault: '403' | 'dns' | 'truncated' }
    | { fault: '500' | '503' | 'reset'; carriedOut?: boolean }
    /** CloudFormation has the answer at once; the sender gets the response after so many virtual milliseconds. */
    | { fault: 'slow'; ms: number }
  );

/** `old`: until an update is through, GetTemplate gives the stack's template from before it. */
export type TemplateRule = Frequency & { on: 'template'; fault: 'old' };

export type Rule = CallRule | ResourceRule | QuotaRule | FunctionRule | ResponseRule | TemplateRule;

/** The rules about one kind of place. */
export type RuleOn<On extends Rule['on']> = Extract<Rule, { on: On }>;

/** Those of them that have one of these faults. */
export type RuleOf<On extends Rule['on'], Fault extends string> = Extract<RuleOn<On>, { fault: Fault }>;

/** Where a fault can be injected. The names are those by which rules say where. */
export interface Place {
  account: string;
  service?: string;
  operation?: string;
  function?: string;
  kind?: LateKind;
  during?: During;
  quota?: Quota;
  resource?: string;
}

/** Which faults are injected. The same plan gives the same faults in every equal run. */
export interface FaultPlan {
  rules: readonly Rule[];
  /** 1 if left out. */
  seed?: number;
}

/** A fault that was injected. */
export interface InjectedFault {
  /** Virtual time, ISO 8601. */
  time: string;
  /** The rule's name, or its place in the list: `rules[0]`. */
  rule: string;
  /** Where and what: `call throttle`, `function crash`. */
  kind: string;
  where: Place;
}
