import type { Source } from './source.ts';

/** A resource as the template declares it; intrinsic functions are in their long form. */
export interface ResourceDeclaration {
  logicalId: string;
  type: string;
  properties: Record<string, unknown>;
  dependsOn: string[];
  condition?: string;
  deletionPolicy?: string;
  updateReplacePolicy?: string;
  metadata?: unknown;
  creationPolicy?: unknown;
  updatePolicy?: unknown;
  line: number;
}

export interface ParameterDeclaration {
  name: string;
  /** `String`, `Number`, `List<Number>`, `CommaDelimitedList`, `AWS::EC2::VPC::Id`, `AWS::SSM::Parameter::Value<…>`, … */
  type: string;
  default?: string;
  allowedValues?: string[];
  /** A regular expression that the whole value must match. */
  allowedPattern?: string;
  minLength?: number;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
  noEcho: boolean;
  description?: string;
  constraintDescription?: string;
  line: number;
}

export interface OutputDeclaration {
  name: string;
  value: unknown;
  description?: string;
  /** The value of `Export.Name`. */
  exportName?: unknown;
  condition?: string;
  line: number;
}

export interface RuleDeclaration {
  name: string;
  /** When the rule applies; always when it is left out. */
  condition?: unknown;
  assertions: { assert: unknown; description?: string }[];
  line: number;
}

/** By the names of the mapping, its top-level key and its second-level key. */
export type Mappings = Map<string, Map<string, Map<string, unknown>>>;

/** A template that is well-formed: its names resolve and its functions have the right shapes. */
export interface Template {
  /** As it was given. */
  body: string;
  /** The place of a value by its path (`/Resources/Domain/Properties`); of its nearest parent where it has none. */
  at: Source['at'];
  /** `AWSTemplateFormatVersion`. */
  version?: string;
  description?: string;
  parameters: Map<string, ParameterDeclaration>;
  mappings: Mappings;
  conditions: Map<string, unknown>;
  rules: Map<string, RuleDeclaration>;
  resources: Map<string, ResourceDeclaration>;
  outputs: Map<string, OutputDeclaration>;
  metadata?: unknown;
  transforms: string[];
  /** Its loops and the like are not written out yet, as its parameters have no values: names and counts are provisional. */
  isPreview: boolean;
  /** What a caller must acknowledge: `CAPABILITY_IAM` or `CAPABILITY_NAMED_IAM`, and `CAPABILITY_AUTO_EXPAND`. */
  capabilities: string[];
  /** Why, in CloudFormation's words. */
  capabilitiesReason?: string;
}
