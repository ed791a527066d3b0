import { CustomResource, type Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type ResourceName, StudioResourcesProvider } from './provider.ts';

/** What every construct of this package takes besides the properties of its resource. */
export interface StudioResourceProps {
  /** Where its function is found; by the exports of the provider with the default names if omitted. */
  readonly provider?: StudioResourcesProvider;
  /** What becomes of it when it leaves the template or its stack is deleted; `DESTROY` if omitted. */
  readonly removalPolicy?: RemovalPolicy;
  /** How long one operation may take, from a second to an hour; an hour if omitted. */
  readonly serviceTimeout?: Duration;
}

/**
 * A custom resource of Studio Resources. `ref` is its physical id, and `node.defaultChild` the
 * `AWS::CloudFormation::CustomResource` for whatever this class does not do.
 */
export abstract class StudioResource extends CustomResource {
  protected constructor(scope: Construct, id: string, name: ResourceName, props: StudioResourceProps) {
    const { provider = StudioResourcesProvider.fromExports(), removalPolicy, serviceTimeout, ...own } = props;
    const properties = Object.fromEntries(Object.entries(own).map(([key, value]) => [propertyName(key), value]));
    const { domainId } = own as { domainId?: string };
    super(scope, id, {
      serviceToken: provider.serviceToken(scope, name, domainId),
      resourceType: `Custom::${name}`,
      properties,
      removalPolicy,
      serviceTimeout,
    });
  }
}

/** CloudFormation's name of a property: `VpcId` for `vpcId`. What is within its value has CloudFormation's names already. */
function propertyName(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}
