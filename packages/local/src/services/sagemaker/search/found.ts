import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Call } from '../../../service.ts';
import { sharedForSearch } from '../../ram/resource-policy.ts';
import type { Kind } from '../kinds.ts';
import { atOwner, executions, pipelines } from '../pipelines/records.ts';
import { all, isVisible } from '../records.ts';
import { tagsOn } from '../tags.ts';
import type { Found } from './expression.ts';

/** The resources of a type: by their ARN, what a `SearchRecord` shows of them. */
export type Resources = Map<string, Found>;

type Searchable = 'Endpoint' | 'ModelPackage' | 'ModelPackageGroup' | 'Pipeline' | 'PipelineExecution' | 'Project';

const statusOf: Partial<Record<Kind, string>> = {
  endpoint: 'EndpointStatus',
  'model-package': 'ModelPackageStatus',
  'model-package-group': 'ModelPackageGroupStatus',
  project: 'ProjectStatus',
};

/** Those of the account, as `Describe…` shows them, with their tags. */
function kept(kind: Kind) {
  return (call: Call): Resources => {
    const visible = all(kind, call, (record) => isVisible(record, call));
    return new Map(
      visible.map(({ arn, shown: { Status, ...shown } }) => [
        arn,
        { ...shown, [statusOf[kind] ?? 'Status']: Status, Tags: tagsOn(arn, call) },
      ]),
    );
  };
}

/** Of the owner's account, whose pipelines they are. */
function foundPipelines(call: Call): Resources {
  return new Map(
    [...pipelines(call).values()].map(({ arn, shown: { PipelineDefinition: _, ...shown } }) => [
      arn,
      { ...shown, Tags: tagsOn(arn, call) },
    ]),
  );
}

/** Executions have no tags of their own. */
function foundExecutions(call: Call): Resources {
  return new Map(
    [...executions(call).values()].map(({ arn, shown, parameters }) => [
      arn,
      { ...shown, PipelineParameters: parameters },
    ]),
  );
}

const found: Record<Searchable, (call: Call) => Resources> = {
  Endpoint: kept('endpoint'),
  ModelPackage: kept('model-package'),
  ModelPackageGroup: kept('model-package-group'),
  Pipeline: foundPipelines,
  PipelineExecution: foundExecutions,
  Project: kept('project'),
};

/** The types that can be searched for here. */
export const searchable = Object.keys(found) as Searchable[];

export function isSearchable(type: SageMaker.ResourceType | undefined): type is Searchable {
  return (searchable as (string | undefined)[]).includes(type);
}

/** What there is of a type: in the account, or else what other accounts share with it by RAM for that. */
export function resourcesOf(type: Searchable, isShared: boolean, call: Call): Resources {
  if (!isShared) return found[type](call);
  const shared = sharedForSearch(call).flatMap((arn) =>
    [...found[type](atOwner(arn, call))].filter(([own]) => own === arn || own.startsWith(`${arn}/`)),
  );
  return new Map(shared);
}
