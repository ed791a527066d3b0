import { setTimeout as sleep } from 'node:timers/promises';
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
import { type Clients, createClients, region } from '../../scripts/start/clients.ts';
import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { blind, readTemplate, reasons } from './cloud.ts';

/** How often a record is asked for, in real milliseconds. */
const lookEvery = 150;

type Stack = Awaited<ReturnType<typeof deployStack>>['stack'];

/** A record as it ends, and what it made. */
export interface Launched {
  detail: RecordDetail;
  outputs: Record<string, string>;
  /** Why it failed. */
  errors: string;
}

/** An account of the local cloud, with its administrator's clients. */
export class CatalogAccount {
  readonly clients: Clients;
  readonly bucket: string;
  readonly endpoint: string;
  readonly id: string;
  readonly #stacks: Stack[] = [];

  constructor(endpoint: string, id: string) {
    this.endpoint = endpoint;
    this.id = id;
    this.clients = createClients(endpoint, id);
    this.bucket = `studio-resources-artifacts-${id}`;
  }

  /** Installs the provider, from a bucket of the account's own. */
  async install(): Promise<void> {
    const url = await publish(this.clients.s3, { bucket: this.bucket, prefix: 'test' });
    const ended = await deployStack(this.clients.cloudformation, blind, {
      name: 'studio-resources',
      template: { url },
      parameters: {
        ArtifactBucket: this.bucket,
        ArtifactPrefix: 'test',
        ExecutionRoleArns: `arn:aws:iam::${this.id}:role/studio-*`,
      },
    });
    expect(reasons(ended)).toEqual([]);
  }

  /** Deploys a template of ours, or the text of another; its outputs. */
  async deploy(name: string, template: string, parameters: Record<string, string> = {}) {
    const text = template.endsWith('.yaml') ? await readTemplate(template) : template;
    const ended = await deployStack(this.clients.cloudformation, blind, { name, template: text, parameters });
    expect({ stack: name, reasons: reasons(ended), succeeded: ended.succeeded }).toMatchObject({
      reasons: [],
      succeeded: true,
    });
    if (!this.#stacks.some(({ StackId }) => StackId === ended.stack.StackId)) this.#stacks.push(ended.stack);
    return textsOf(ended.stack.Outputs ?? []);
  }

  /** Deletes what was deployed, the last first. */
  async removeAll(): Promise<void> {
    for (const stack of this.#stacks.splice(0).reverse()) {
      expect(reasons(await deleteStack(this.clients.cloudformation, blind, stack))).toEqual([]);
    }
  }

  /** What the stack of that name has put out as its portfolio. */
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
    const credentials = { accessKeyId: this.id, secretAccessKey: 'local' };
    const sts = new STSClient({ endpoint: this.endpoint, region, credentials });
    const session = await sts.send(new AssumeRoleCommand({ RoleArn: Role!.Arn, RoleSessionName: 'ada' }));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = session.Credentials!;
    const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const remove = async () => {
      for (const PolicyArn of policies) await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      await iam.send(new DeleteRoleCommand({ RoleName }));
    };
    return new EndUser(Role!.Arn!, createClients(this.endpoint, keys), remove);
  }
}

/** Somebody who launches products, and may do nothing else. */
export class EndUser {
  readonly roleArn: string;
  readonly clients: Clients;
  readonly remove: () => Promise<void>;
  #calls = 0;

  constructor(roleArn: string, clients: Clients, remove: () => Promise<void>) {
    this.roleArn = roleArn;
    this.clients = clients;
    this.remove = remove;
  }

  get catalog(): ServiceCatalogClient {
    return this.clients.serviceCatalog;
  }

  /** The names of the products in sight. */
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
    for (;;) {
      const { ProvisionedProducts = [] } = await this.catalog.send(new ScanProvisionedProductsCommand({}));
      const found = ProvisionedProducts.find((one) => one.Name === Name);
      if (found?.Status !== 'UNDER_CHANGE') return found?.Status;
      await sleep(lookEvery);
    }
  }

  async #ended({ RecordId }: RecordDetail): Promise<Launched> {
    for (;;) {
      const { RecordDetail, RecordOutputs = [] } = await this.catalog.send(new DescribeRecordCommand({ Id: RecordId }));
      if (/^(SUCCEEDED|FAILED)$/.test(RecordDetail!.Status!)) {
        const errors = RecordDetail!.RecordErrors!.map(({ Description }) => Description).join('; ');
        return { detail: RecordDetail!, outputs: textsOf(RecordOutputs), errors };
      }
      await sleep(lookEvery);
    }
  }

  #token(): string {
    this.#calls += 1;
    return `call-${this.#calls}-${this.roleArn.slice(-20)}`;
  }
}

function textsOf(outputs: readonly (RecordOutput | { OutputKey?: string; OutputValue?: string })[]) {
  return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
}
