import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { regionalArn } from '../../../arn.ts';
import { pageOf } from '../../../pages.ts';
import type { Call } from '../../../service.ts';
import { s3 } from '../../s3/index.ts';
import { inUse, invalid, type Operations } from '../records.ts';
import { checkTags, forgetTags, tagNew } from '../tags.ts';
import { isBetween } from '../time-filter.ts';
import { readDefinition } from './definition.ts';
import { atOwner, executions, getPipeline, pipelines } from './records.ts';

/** How long a pipeline takes to go, in seconds. */
const deleting = [1, 5] as const;

type Defined = Pick<SageMaker.CreatePipelineRequest, 'PipelineDefinition' | 'PipelineDefinitionS3Location'>;

/** The definition that a request gives, itself or as an object of S3's, which is read with the caller's rights. */
async function definitionOf(request: Defined, call: Call): Promise<string | undefined> {
  const { PipelineDefinition: text, PipelineDefinitionS3Location: location } = request;
  if (text !== undefined && location) {
    throw invalid("Both Pipeline Definition and Pipeline Definition S3 Location shouldn't be present");
  }
  if (!location) return text;
  const { Bucket, ObjectKey: Key, VersionId } = location;
  const { Body } = await call.invoke(s3, 'GetObject', { Bucket, Key, VersionId });
  return Buffer.from(Body ?? []).toString();
}

/** By whom and when something is changed. */
function changedBy(call: Call) {
  const user: SageMaker.UserContext = { IamIdentity: { Arn: call.principal.arn } };
  return { LastModifiedTime: new Date(call.clock.now()), LastModifiedBy: user };
}

export const pipelineOperations: Operations = {
  async CreatePipeline(request, call) {
    checkTags(request.Tags);
    const { PipelineName = '', PipelineDisplayName, PipelineDescription, RoleArn = '', Tags } = request;
    const definition = await definitionOf(request, call);
    if (definition === undefined) {
      throw invalid('Either Pipeline Definition or Pipeline Definition S3 location should be provided');
    }
    const token = request.ClientRequestToken;
    const present = pipelines(call).get(PipelineName);
    if (present && token !== undefined && present.token === token) return { PipelineArn: present.arn };
    if (present) {
      const message = `Pipeline names must be unique within an AWS account and region. Pipeline with name (${PipelineName}) already exists.`;
      throw invalid(message);
    }
    readDefinition(definition);
    const arn = regionalArn('sagemaker', `pipeline/${PipelineName}`, call);
    const by = changedBy(call);
    const { ParallelismConfiguration } = request;
    pipelines(call).set(PipelineName, {
      arn,
      token,
      shown: {
        PipelineArn: arn,
        PipelineName,
        PipelineDisplayName: PipelineDisplayName ?? PipelineName,
        PipelineDefinition: definition,
        ...(PipelineDescription !== undefined && { PipelineDescription }),
        RoleArn,
        PipelineStatus: 'Active',
        CreationTime: by.LastModifiedTime,
        CreatedBy: by.LastModifiedBy,
        ...by,
        ...(ParallelismConfiguration && { ParallelismConfiguration }),
      },
    });
    tagNew(arn, Tags, call);
    return { PipelineArn: arn };
  },

  DescribePipeline(request, call) {
    const { PipelineName = '', PipelineVersionId } = request;
    if (PipelineVersionId !== undefined) throw invalid('The local cloud keeps no versions of pipelines.');
    return getPipeline(PipelineName, atOwner(PipelineName, call)).shown;
  },

  async UpdatePipeline(request, call) {
    const { PipelineDefinition: _, PipelineDefinitionS3Location: __, PipelineName = '', ...members } = request;
    const { shown, arn } = getPipeline(PipelineName, call);
    const definition = await definitionOf(request, call);
    if (definition !== undefined) {
      readDefinition(definition);
      shown.PipelineDefinition = definition;
    }
    Object.assign(shown, members, changedBy(call));
    return { PipelineArn: arn };
  },

  DeletePipeline(request, call) {
    const { PipelineName = '' } = request;
    const { shown, arn } = getPipeline(PipelineName, call);
    const running = [...executions(call).values()].find(
      (one) => one.pipelineName === PipelineName && /^(Executing|Stopping)$/.test(one.shown.PipelineExecutionStatus),
    );
    // What AWS answers here is not documented.
    if (running)
      throw inUse(
        `Pipeline '${PipelineName}' has an execution that is ${running.shown.PipelineExecutionStatus}: ${running.arn}.`,
      );
    shown.PipelineStatus = 'Deleting';
    call.takes(deleting, 'pipelineDeleted', { name: PipelineName, created: shown.CreationTime.getTime() });
    return { PipelineArn: arn };
  },

  /** Those of the caller's own account: what others share is known by its ARN only. */
  ListPipelines(request, call) {
    const { PipelineNamePrefix = '', CreatedAfter, CreatedBefore, SortBy, SortOrder, NextToken, MaxResults } = request;
    const all = [...pipelines(call).values()].filter(
      ({ shown }) =>
        shown.PipelineName.startsWith(PipelineNamePrefix) && isBetween(shown.CreationTime, CreatedAfter, CreatedBefore),
    );
    const { items, token } = pageOf(
      all,
      ({ shown }) => `${SortBy === 'Name' ? '' : shown.CreationTime.toISOString()} ${shown.PipelineName}`,
      { token: NextToken, size: MaxResults ?? 10, descending: SortOrder !== 'Ascending' },
      () => invalid('Invalid NextToken'),
    );
    return { PipelineSummaries: items.map(({ shown }) => summaryOf(shown)), NextToken: token };
  },
};

function summaryOf(shown: SageMaker.DescribePipelineResponse): SageMaker.PipelineSummary {
  const { PipelineArn, PipelineName, PipelineDisplayName, PipelineDescription, RoleArn } = shown;
  const { CreationTime, LastModifiedTime, LastRunTime: LastExecutionTime } = shown;
  return {
    ...{ PipelineArn, PipelineName, PipelineDisplayName, PipelineDescription, RoleArn },
    ...{ CreationTime, LastModifiedTime, LastExecutionTime },
  };
}

export const pipelineTasks = {
  /** A pipeline goes, and its executions with it. */
  pipelineDeleted({ name, created }: { name: string; created: number }, call: Call): void {
    const pipeline = pipelines(call).get(name);
    if (pipeline?.shown.CreationTime.getTime() !== created) return;
    pipelines(call).delete(name);
    forgetTags(pipeline.arn, call);
    for (const one of executions(call).values()) if (one.pipelineName === name) executions(call).delete(one.arn);
  },
};
