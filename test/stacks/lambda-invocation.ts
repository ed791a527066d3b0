import { isDeepStrictEqual } from 'node:util';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Caller } from './caller.ts';

/** A JSON object, as `jsonencode` writes it into `input`. */
export type Input = Record<string, unknown>;

/** What a user writes into `input`. */
export function input(type: string, ResourceProperties: Input, more: Input = {}): Input {
  return {
    ResourceType: `Custom::${type}`,
    StateName: 'production',
    LogicalResourceId: 'Domain',
    ResourceProperties,
    ...more,
  };
}

/** What a function returned to Terraform. */
export interface Result {
  PhysicalResourceId?: string;
  Attributes?: Record<string, string>;
}

/**
 * `aws_lambda_invocation` with `lifecycle_scope = "CRUD"`, as AWS's provider for Terraform carries it out:
 *
 * - What it sends: `invoke` and `buildInput` of internal/service/lambda/invocation.go (hashicorp/terraform-provider-aws, commit
 *   0133e9e, read 2026-12-01). Creating, `prev_input` is null; deleting, it is the input itself.
 * - A FunctionError is an error with the payload. Then a creation leaves no state, a deletion leaves it, and an update leaves the
 *   new input in it: the resource does not set `Partial` (hashicorp/terraform-plugin-sdk, issue 476).
 */
export function lambdaInvocation({ clients }: Pick<Caller, 'clients'>, functionName: string) {
  let state: Input | undefined;

  async function invoke(action: 'create' | 'update' | 'delete', input: Input, previous: Input | null): Promise<Result> {
    const Payload = JSON.stringify({ ...input, tf: { action, prev_input: previous } });
    const command = new InvokeCommand({ FunctionName: functionName, InvocationType: 'RequestResponse', Payload });
    const { FunctionError, Payload: answer } = await clients.lambda.send(command);
    const text = Buffer.from(answer ?? []).toString();
    if (FunctionError) throw new Error(`invoking Lambda Function (${functionName}): ${text}`);
    return JSON.parse(text);
  }

  return {
    /** `terraform apply`; gives undefined where the plan shows no change. */
    async apply(input: Input): Promise<Result | undefined> {
      if (state === undefined) {
        const result = await invoke('create', input, null);
        state = input;
        return result;
      }
      if (isDeepStrictEqual(state, input)) return undefined;
      const previous = state;
      state = input;
      return invoke('update', input, previous);
    },
    /** `terraform destroy`. */
    async destroy(): Promise<void> {
      if (state) await invoke('delete', state, state);
      state = undefined;
    },
    /** `terraform apply` of what has another value in `triggers`: it is deleted, and then created. */
    async replace(input: Input): Promise<Result | undefined> {
      await this.destroy();
      return this.apply(input);
    },
    /** `terraform state rm`. */
    forget(): void {
      state = undefined;
    },
  };
}
