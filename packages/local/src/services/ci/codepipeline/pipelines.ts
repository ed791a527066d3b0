import type * as CodePipeline from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import { pageOf } from '../../../pages.ts';
import type { Call } from '../../../service.ts';
import { tagOperations, tagsFrom } from '../../tag-operations.ts';
import { checkDeclaration } from './declaration.ts';
import { executions, executionsOf } from './execution-record.ts';
import { startExecution } from './executions.ts';
import {
  current,
  getPipeline,
  getStage,
  type Operations,
  type PipelineRecord,
  pipelineArn,
  pipelines,
} from './records.ts';

export const pipelineOperations: Operations = {
  /** A pipeline runs as soon as it is there. */
  CreatePipeline({ pipeline, tags = [] }, call) {
    const declaration = checkDeclaration(pipeline!, call);
    const { name } = declaration;
    if (pipelines(call).has(name)) {
      throw new AwsError(
        'PipelineNameInUseException',
        `A pipeline with the name '${name}' already exists in account '${call.account}'`,
      );
    }
    const now = new Date(call.clock.now());
    const made: PipelineRecord = {
      arn: pipelineArn(name, call),
      versions: [{ ...declaration, version: 1 }],
      created: now,
      updated: now,
      tags: tagsFrom(tags),
      closed: {},
    };
    pipelines(call).set(name, made);
    startExecution(made, { triggerType: 'CreatePipeline', triggerDetail: call.principal.arn }, {}, call);
    return { pipeline: current(made), tags };
  },

  UpdatePipeline({ pipeline }, call) {
    const record = getPipeline(pipeline?.name, call);
    const declaration = checkDeclaration(pipeline!, call);
    record.versions.push({ ...declaration, version: record.versions.length + 1 });
    record.updated = new Date(call.clock.now());
    return { pipeline: current(record) };
  },

  GetPipeline({ name, version }, call) {
    const record = getPipeline(name, call);
    const pipeline = version === undefined ? current(record) : record.versions[version - 1];
    if (!pipeline) {
      const message = `Pipeline '${name}' does not have a version ${version}`;
      throw new AwsError('PipelineVersionNotFoundException', message);
    }
    const { arn: pipelineArn, created, updated } = record;
    return { pipeline, metadata: { pipelineArn, created, updated } };
  },

  /** Deleting one that does not exist succeeds, as in AWS. Its executions in progress end without effect. */
  DeletePipeline({ name = '' }, call) {
    pipelines(call).delete(name);
    for (const { id } of executionsOf(name, call)) executions(call).delete(id);
    return {};
  },

  ListPipelines({ nextToken, maxResults = 1000 }, call) {
    const invalid = () => new AwsError('InvalidNextTokenException', 'The next token is not valid');
    const keyOf = (record: PipelineRecord) => current(record).name;
    const { items, token } = pageOf(pipelines(call).values(), keyOf, { token: nextToken, size: maxResults }, invalid);
    return { pipelines: items.map(summaryOf), nextToken: token };
  },

  DisableStageTransition({ pipelineName, stageName = '', transitionType, reason = '' }, call) {
    const record = getPipeline(pipelineName, call);
    getStage(current(record), stageName);
    checkTransition(transitionType);
    record.closed[stageName] = { reason, by: call.principal.arn, at: new Date(call.clock.now()) };
    return {};
  },

  EnableStageTransition({ pipelineName, stageName = '', transitionType }, call) {
    const record = getPipeline(pipelineName, call);
    getStage(current(record), stageName);
    checkTransition(transitionType);
    delete record.closed[stageName];
    call.later(0, 'proceedAll', { pipelineName });
    return {};
  },

  ...tagOperations(getTagged),
};

function summaryOf(record: PipelineRecord): CodePipeline.PipelineSummary {
  const { name, version, pipelineType, executionMode } = current(record);
  return { name, version, pipelineType, executionMode, created: record.created, updated: record.updated };
}

function checkTransition(type: CodePipeline.StageTransitionType | undefined): void {
  if (type === 'Inbound') return;
  throw new AwsError('ValidationException', 'The local cloud opens and closes Inbound transitions alone');
}

function getTagged(arn: string | undefined, call: Call): PipelineRecord {
  const found = pipelines(call).get(arn?.split(':').at(-1) ?? '');
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `Could not find the resource with ARN: ${arn}`);
}
