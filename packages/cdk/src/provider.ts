import { CfnResource, Fn, Reference, Token, Tokenization } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { handlerNames } from './generated/names.ts';

/** A custom resource's name: `StudioDomain` for `Custom::StudioDomain`. */
export type ResourceName = keyof typeof handlerNames;

/** Which of an account's providers. */
export interface ProviderOptions {
  /** The provider's parameter `NamePrefix`; `studio-resources` if omitted. */
  readonly namePrefix?: string;
}

/**
 * Where constructs find the functions that serve them. Each construct takes one as `provider`; without, it imports the
 * exports of the provider that has the default names.
 */
export abstract class StudioResourcesProvider {
  /** By the exports of the provider's stack, which CloudFormation does not delete while another stack imports them. */
  static fromExports({ namePrefix = defaultPrefix }: ProviderOptions = {}): StudioResourcesProvider {
    return new ExportsProvider(namePrefix);
  }

  /**
   * By the provider's SSM parameters, which stacks read when they are deployed. There is none for `HomeSeed`, whose
   * functions are installed for one domain each.
   */
  static fromSsmParameters({ namePrefix = defaultPrefix }: ProviderOptions = {}): StudioResourcesProvider {
    return new SsmProvider(namePrefix);
  }

  /** By the ARNs of functions: `{ StudioDomain: 'arn:aws:lambda:…' }`. */
  static fromServiceTokens(tokens: Readonly<Partial<Record<ResourceName, string>>>): StudioResourcesProvider {
    return new TokensProvider(tokens, (name) => `add ${name} to fromServiceTokens, with the ARN of its function`);
  }

  /**
   * The ServiceToken of a resource in the stack of `scope`. `domainId` is the domain that the resource is in.
   *
   * @throws Error if this provider has none for it
   */
  abstract serviceToken(scope: Construct, name: ResourceName, domainId?: string): string;
}

const defaultPrefix = 'studio-resources';

class ExportsProvider extends StudioResourcesProvider {
  readonly #prefix: string;

  constructor(namePrefix: string) {
    super();
    this.#prefix = namePrefix === defaultPrefix ? '' : `${namePrefix}-`;
  }

  serviceToken(scope: Construct, name: ResourceName, domainId = ''): string {
    const exported = `${this.#prefix}${name}ServiceToken`;
    if (name !== 'HomeSeed') return Fn.importValue(exported);
    if (namesResource(domainId)) {
      const cure =
        'give the id as text or as a parameter, or the function by StudioResourcesProvider.fromServiceTokens';
      const cause = 'CloudFormation imports no value whose name a resource of the app decides';
      throw new Error(`Finding the function of a HomeSeed in ${scope.node.path} by its domainId: ${cause}; ${cure}`);
    }
    return Fn.importValue(`${exported}-${domainId}`);
  }
}

class SsmProvider extends StudioResourcesProvider {
  readonly #prefix: string;

  constructor(namePrefix: string) {
    super();
    this.#prefix = namePrefix;
  }

  serviceToken(scope: Construct, name: ResourceName): string {
    if (name === 'HomeSeed') {
      const cure = 'use StudioResourcesProvider.fromExports, or fromServiceTokens';
      throw new Error(`Finding the function of a HomeSeed in ${scope.node.path}: no SSM parameter has it; ${cure}`);
    }
    return StringParameter.valueForStringParameter(scope, `/${this.#prefix}/service-tokens/${handlerNames[name]}`);
  }
}

/** By known ServiceTokens; `cure` says what to do where one is missing. */
export class TokensProvider extends StudioResourcesProvider {
  readonly #tokens: Readonly<Partial<Record<ResourceName, string>>>;
  readonly #cure: (name: ResourceName) => string;

  constructor(tokens: Readonly<Partial<Record<ResourceName, string>>>, cure: (name: ResourceName) => string) {
    super();
    this.#tokens = tokens;
    this.#cure = cure;
  }

  serviceToken(scope: Construct, name: ResourceName): string {
    const token = this.#tokens[name];
    if (token !== undefined) return token;
    throw new Error(
      `Finding the function of a ${name} in ${scope.node.path}: its provider has none; ${this.#cure(name)}`,
    );
  }
}

/** Does a resource decide this value when it is deployed? A parameter does not. */
function namesResource(value: string): boolean {
  if (!Token.isUnresolved(value)) return false;
  return Tokenization.reverseString(value).tokens.some(
    (token) => Reference.isReference(token) && CfnResource.isCfnResource(token.target),
  );
}
