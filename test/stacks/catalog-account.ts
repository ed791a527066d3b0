import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DescribeProductCommand,
  DescribeProvisioningParametersCommand,
  DescribeRecordCommand,
  type DescribeRecordOutput,
  ProvisionProductCommand,
  type RecordDetail,
  type RecordOutput,
  ScanProvisionedProductsCommand,
  SearchProductsCommand,
  type ServiceCatalogClient,
  TerminateProvisionedProductCommand,
  UpdateProvisionedProductCommand,
} from '@aws-sdk/client-service-catalog';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { publish } from '../../scripts/start/artifacts.ts';
import type { Clients } from '../../scripts/start/clients.ts';
import type { Caller } from './caller.ts';
import { readTemplate, removeStack } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

/** A record that has ended, and its outputs. */
export interface Launched {
  detail: RecordDetail;
  outputs: Record<string, string>;
  /** Why it failed. */
  errors: string;
}

/** An account of the cloud, as its administrator sees it. */
export class CatalogAccount {
  readonly bucket: string;
  readonly id: string;
  readonly caller: Caller;
  readonly #cloud: TestCloud;
  readonly #stacks: string[] = [];

  constructor(cloud: TestCloud, id: string) {
    this.#cloud = cloud;
    this.id = id;
    this.caller = cloud.as(id);
    this.bucket = `studio-resources-artifacts-${id}`;
  }

  get clients(): Clients {
    return this.caller.clients;
  }

  /** Installs the provider, from a bucket of the account's own. */
  async install(): Promise<void> {
    const url = await publish(this.clients.s3, { bucket: this.bucket, prefix: 'test' });
    const { failures } = await this.caller.deploy('studio-resources', {
      template: { url },
      parameters: {
        ArtifactBucket: this.bucket,
        ArtifactPrefix: 'test',
        ExecutionRoleArns: `arn:aws:iam::${this.id}:role/studio-*`,
      },
    });
    expect(failures).toEqual([]);
  }

  /** Deploys a template of ours, or the text of another; its outputs. */
  async deploy(name: string, template: string, parameters: Record<string, string> = {}) {
    const text = template.endsWith('.yaml') ? await readTemplate(template) : template;
    const { id, failures, outputs, status } = await this.caller.deploy(name, { template: text, parameters });
    expect({ name, failures, status }).toEqual({
      ...{ name, failures: [] },
      status: expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/),
    });
    if (!this.#stacks.includes(id)) this.#stacks.push(id);
    return outputs;
  }

  /** Deletes what was deployed, the last first. */
  async removeAll(): Promise<void> {
    for (const id of this.#stacks.splice(0).reverse()) await removeStack(this.caller, id);
  }

  /** The output PortfolioId of a stack. */
  async portfolioId(StackName: string): Promise<string> {
    const { Stacks } = await this.clients.cloudformation.send(new DescribeStacksCommand({ StackName }));
    return textsOf(Stacks![0]!.Outputs!).PortfolioId!;
  }

  /** A role of the account's people, with these policies, and what one of them does in a session of it. */
  async endUser(RoleName: string, policies: string[]): Promise<EndUser> {
    const { iam } = this.clients;
    const Principal = { AWS: `arn:aws:iam::${this.id}:root` };
    const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    for (const PolicyArn of policies) await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const sts = new STSClient(this.caller.clientOptions);
    const session = await sts.send(new AssumeRoleCommand({ RoleArn: Role!.Arn, RoleSessionName: 'ada' }));
    sts.destroy();
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = session.Credentials!;
    const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const remove = async () => {
      for (const PolicyArn of policies) await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      await iam.send(new DeleteRoleCommand({ RoleName }));
    };
    return new EndUser(Role!.Arn!, this.#cloud.as(keys), remove);
  }
}

/** An end user who launches products, and may do nothing else. */
export class EndUser {
  readonly roleArn: string;
  readonly caller: Caller;
  readonly remove: () => Promise<void>;
  #calls = 0;

  constructor(roleArn: string, caller: Caller, remove: () => Promise<void>) {
    this.roleArn = roleArn;
    this.caller = caller;
    this.remove = remove;
  }

  get catalog(): ServiceCatalogClient {
    return this.caller.clients.serviceCatalog;
  }

  /** The names of the products that the user sees. */
  async seen(): Promise<string[]> {
    const { ProductViewSummaries = [] } = await this.catalog.send(new SearchProductsCommand({}));
    return ProductViewSummaries.map(({ Name }) => Name!).sort();
  }

  /** The product of that name with its newest version. */
  async find(Name: string) {
    const { ProductViewSummary, ProvisioningArtifacts } = await this.catalog.send(new DescribeProductCommand({ Name }));
    return { ProductId: ProductViewSummary!.ProductId!, ProvisioningArtifactId: ProvisioningArtifacts!.at(-1)!.Id! };
  }

  async parameters(product: string) {
    return this.catalog.send(new DescribeProvisioningParametersCommand(await this.find(product)));
  }

  async provision(
    product: string,
    ProvisionedProductName: string,
    parameters: Record<string, string>,
    tags: Record<string, string> = {},
  ): Promise<Launched> {
    const command = new ProvisionProductCommand({
      ...(await this.find(product)),
      ProvisionedProductName,
      ProvisioningParameters: Object.entries(parameters).map(([Key, Value]) => ({ Key, Value })),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      ProvisionToken: this.#token(),
    });
    return this.#ended((await this.catalog.send(command)).RecordDetail!);
  }

  /** Changes some parameters, and keeps these others. */
  async update(ProvisionedProductName: string, parameters: Record<string, string>, kept: string[]): Promise<Launched> {
    const command = new UpdateProvisionedProductCommand({
      ProvisionedProductName,
      ProvisioningParameters: [
        ...Object.entries(parameters).map(([Key, Value]) => ({ Key, Value })),
        ...kept.map((Key) => ({ Key, UsePreviousValue: true })),
      ],
      UpdateToken: this.#token(),
    });
    return this.#ended((await this.catalog.send(command)).RecordDetail!);
  }

  async terminate(ProvisionedProductName: string): Promise<Launched> {
    const command = new TerminateProvisionedProductCommand({ ProvisionedProductName, TerminateToken: this.#token() });
    return this.#ended((await this.catalog.send(command)).RecordDetail!);
  }

  /** The status of a provisioned product once nothing is under way; undefined when it is gone. */
  async settled(Name: string): Promise<string | undefined> {
    let status: string | undefined;
    await this.caller.until(async () => {
      const { ProvisionedProducts = [] } = await this.catalog.send(new ScanProvisionedProductsCommand({}));
      status = ProvisionedProducts.find((one) => one.Name === Name)?.Status;
      return status !== 'UNDER_CHANGE';
    }, `the provisioned product ${Name} to be at rest`);
    return status;
  }

  async #ended({ RecordId: Id }: RecordDetail): Promise<Launched> {
    let record: DescribeRecordOutput = {};
    await this.caller.until(async () => {
      record = await this.catalog.send(new DescribeRecordCommand({ Id }));
      return /^(SUCCEEDED|FAILED)$/.test(record.RecordDetail!.Status!);
    }, `the record ${Id} to end`);
    const detail = record.RecordDetail!;
    const errors = detail.RecordErrors!.map(({ Description }) => Description).join('; ');
    return { detail, outputs: textsOf(record.RecordOutputs ?? []), errors };
  }

  #token(): string {
    this.#calls += 1;
    return `call-${this.#calls}-${this.roleArn.slice(-20).replace(/\W/g, '-')}`;
  }
}

function textsOf(outputs: readonly (RecordOutput | { OutputKey?: string; OutputValue?: string })[]) {
  return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
}
