import { CfnStack, Fn, type RemovalPolicy, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { InstallationParameters } from './generated/installation.ts';
import { handlerNames } from './generated/names.ts';
import { type ResourceName, type StudioResourcesProvider, TokensProvider } from './provider.ts';

export interface StudioResourcesInstallationProps extends InstallationParameters {
  /** The address of a release's `provider.yaml`, in the stack's Region: `https://<bucket>.s3.<Region>.amazonaws.com/…`. */
  readonly templateUrl: string;
  /** What becomes of the functions when this leaves the template or its stack is deleted; `DESTROY` if omitted. */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Installs the custom resources in the stack's account and Region, from a release: `provider.yaml` as a nested stack.
 * Constructs that take its `provider` are created after it, and deleted before it.
 */
export class StudioResourcesInstallation extends Construct {
  /** The functions that this installs. */
  readonly provider: StudioResourcesProvider;

  constructor(scope: Construct, id: string, props: StudioResourcesInstallationProps) {
    super(scope, id);
    const { templateUrl, removalPolicy, ...parameters } = props;
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
    const stack = new CfnStack(this, 'Resource', {
      templateUrl,
      parameters: Object.fromEntries(given.map(([name, value]) => [parameterName(name), textOf(value)])),
    });
    if (removalPolicy) stack.applyRemovalPolicy(removalPolicy);
    const installed = (Object.keys(handlerNames) as ResourceName[]).filter(
      // home-seed.yaml installs that of HomeSeed, for one domain each.
      (name) => name !== 'HomeSeed' && parameters[`install${name}`] !== false,
    );
    const tokens = installed.map((name) => [name, Token.asString(stack.getAtt(`Outputs.${name}ServiceToken`))]);
    this.provider = new TokensProvider(Object.fromEntries(tokens), (name) =>
      name === 'HomeSeed'
        ? 'home-seed.yaml installs it; use StudioResourcesProvider.fromExports'
        : `take install${name}: false from ${this.node.path}`,
    );
  }
}

function parameterName(property: string): string {
  return property.charAt(0).toUpperCase() + property.slice(1);
}

/** As CloudFormation has the values of a nested stack's parameters. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return Fn.join(',', value);
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}
