import { DescribeStacksCommand, paginateListStackResources, type Stack } from '@aws-sdk/client-cloudformation';
import { type FunctionConfiguration, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { Clients } from '../start/clients.ts';
import { ask } from './ask.ts';

/** A resource that the stack has. */
export interface Installed {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
}

/** A stack of provider.yaml, as it is now. */
export class Installation {
  readonly clients: Clients;
  readonly region: string;
  readonly stack: Stack;
  readonly resources: readonly Installed[];
  readonly #functions = new Map<string, Promise<FunctionConfiguration | undefined>>();

  constructor(clients: Clients, region: string, stack: Stack, resources: readonly Installed[]) {
    this.clients = clients;
    this.region = region;
    this.stack = stack;
    this.resources = resources;
  }

  get account(): string {
    return this.stack.StackId!.split(':')[4]!;
  }

  /** What the functions' names begin with. */
  get namePrefix(): string {
    return this.parameter('NamePrefix');
  }

  /** Where the stack's release is. */
  get artifacts(): { bucket: string; prefix: string } {
    return {
      bucket: this.parameter('ArtifactBucket').replace('{Region}', this.region),
      prefix: this.parameter('ArtifactPrefix').replace(/\/$/, ''),
    };
  }

  /** The value of a parameter; empty where the stack has none of that name. */
  parameter(name: string): string {
    return this.stack.Parameters?.find(({ ParameterKey }) => ParameterKey === name)?.ParameterValue ?? '';
  }

  /** The value of an output. */
  output(name: string): string | undefined {
    return this.stack.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  }

  /** The stack's resources of a type such as `AWS::Lambda::Function`. */
  of(type: string): readonly Installed[] {
    return this.resources.filter((one) => one.type === type);
  }

  get functions(): readonly Installed[] {
    return this.of('AWS::Lambda::Function');
  }

  /** The functions that templates name, which are all but the responder. */
  get resourceFunctions(): readonly Installed[] {
    return this.functions.filter(({ logicalId }) => logicalId !== 'Responder');
  }

  /** A function as Lambda has it now, asked for once; undefined where there is none. */
  configurationOf(FunctionName: string): Promise<FunctionConfiguration | undefined> {
    const known =
      this.#functions.get(FunctionName) ??
      ask(
        'lambda:GetFunctionConfiguration',
        this.clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
        /^ResourceNotFound/,
      );
    this.#functions.set(FunctionName, known);
    return known;
  }
}

/**
 * Reads the stack of that name; undefined where there is none.
 *
 * @throws UnansweredError where it cannot be read
 */
export async function readInstallation(
  clients: Clients,
  { region, stack: StackName }: { region: string; stack: string },
): Promise<Installation | undefined> {
  const { cloudformation: client } = clients;
  const described = await ask(
    'cloudformation:DescribeStacks',
    client.send(new DescribeStacksCommand({ StackName })),
    /does not exist/,
  );
  const stack = described?.Stacks?.[0];
  if (!stack) return undefined;
  const pages = await ask(
    'cloudformation:ListStackResources',
    Array.fromAsync(paginateListStackResources({ client }, { StackName: stack.StackId })),
  );
  const resources = pages!.flatMap(({ StackResourceSummaries = [] }) =>
    StackResourceSummaries.filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE').map((one) => ({
      logicalId: one.LogicalResourceId!,
      physicalId: one.PhysicalResourceId ?? '',
      type: one.ResourceType!,
      status: one.ResourceStatus!,
    })),
  );
  return new Installation(clients, region, stack, resources);
}
