import { ListActionExecutionsCommand, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import type { StackResult } from '../../packages/local/src/virtual/deployment.ts';
import type { Caller } from './caller.ts';
import { readTemplate } from './cloud.ts';
import { artifacts } from './provider.ts';

export const bucket = 'team-pipelines';

/** The stack `tools` of custom-image.yaml, for a domain that is there, and its pipeline. */
export class ImagePipeline {
  readonly cloud: Caller;
  readonly #parameters: Record<string, string>;

  private constructor(cloud: Caller, DomainId: string) {
    this.cloud = cloud;
    this.#parameters = {
      ...{ DomainId, ImageName: 'tools', PipelineBucket: bucket },
      ...{ ArtifactBucket: artifacts.bucket, ArtifactPrefix: artifacts.prefix },
    };
  }

  /** Makes the bucket that sources are put into. */
  static async make(cloud: Caller, DomainId: string): Promise<ImagePipeline> {
    const { s3 } = cloud.clients;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const NotificationConfiguration = { EventBridgeConfiguration: {} };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }));
    return new ImagePipeline(cloud, DomainId);
  }

  /** Creates or updates the stack, which has to succeed. */
  async deploy(more: Record<string, string> = {}): Promise<StackResult> {
    const template = await readTemplate('custom-image.yaml');
    const ended = await this.cloud.deploy('tools', { template, parameters: { ...this.#parameters, ...more } });
    expect(ended.failures).toEqual([]);
    return ended;
  }

  /** Puts a source into the bucket, of which the pipeline is told. */
  async putSource(Dockerfile: string): Promise<void> {
    const Body = zipSync({ Dockerfile: strToU8(Dockerfile) });
    await this.cloud.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'custom-images/tools.zip', Body }));
  }

  /** The domain's custom images for JupyterLab. */
  async attached() {
    const DomainId = this.#parameters.DomainId!;
    const { DefaultUserSettings } = await this.cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
    return DefaultUserSettings!.JupyterLabAppSettings?.CustomImages ?? [];
  }

  /** How the pipeline's execution of that number ended: its status, and why an action failed. */
  async ran(pipelineName: string, number: number): Promise<string> {
    const { codepipeline } = this.cloud.clients;
    let status: string | undefined;
    let pipelineExecutionId: string | undefined;
    await this.cloud.until(async () => {
      const { pipelineExecutionSummaries: all } = await codepipeline.send(
        new ListPipelineExecutionsCommand({ pipelineName }),
      );
      ({ status, pipelineExecutionId } = all!.at(-number) ?? {});
      return status && status !== 'InProgress';
    }, `execution ${number} of ${pipelineName} to end`);
    const filter = { pipelineExecutionId };
    const { actionExecutionDetails } = await codepipeline.send(
      new ListActionExecutionsCommand({ pipelineName, filter }),
    );
    const failed = actionExecutionDetails!.find((one) => one.status === 'Failed');
    return failed ? `${status}: ${failed.output!.executionResult!.errorDetails!.message}` : status!;
  }
}
