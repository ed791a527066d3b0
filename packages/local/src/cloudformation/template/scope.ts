import type { Mappings } from './template.ts';

/** The values of the pseudo parameters, `AWS::AccountId` and so on. */
export interface Pseudo {
  accountId: string;
  region: string;
  partition: string;
  stackId: string;
  stackName: string;
  urlSuffix: string;
  notificationArns: string[];
}

/** What functions can look at. */
export interface Scope {
  parameters: ReadonlyMap<string, string | string[]>;
  mappings: Mappings;
  conditions: ReadonlyMap<string, boolean>;
  pseudo: Pseudo;
  /** The physical id of a resource. */
  ref(logicalId: string): unknown;
  /** An attribute of a resource; a nested one (`Outputs.Url`) with its dots. */
  getAtt(logicalId: string, attribute: string): unknown;
  /** The value that another stack exports. Throws when nothing is exported by that name. */
  importValue(name: string): unknown | Promise<unknown>;
  /** What `{{resolve:service:key}}` stands for. */
  dynamic(service: DynamicService, key: string): Promise<string>;
  /** The availability zones of a Region. */
  azs(region: string): Promise<string[]>;
}

export type DynamicService = 'ssm' | 'ssm-secure' | 'secretsmanager';

/** What conditions and rules can look at: all that is known before the first resource exists. */
export type ConditionScope = Pick<Scope, 'parameters' | 'pseudo' | 'azs'>;

/** Functions that hold in one place only, as those of rules do. They evaluate their argument themselves. */
export type PlaceFunctions = ReadonlyMap<string, (argument: unknown) => Promise<unknown>>;
