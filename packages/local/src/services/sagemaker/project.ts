import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../errors.ts';
import { alphanumerics } from '../../random.ts';
import type { Call } from '../../service.ts';
import { list } from './pages.ts';
import { follow, type Launch, launch, relaunch, terminate } from './project-launch.ts';
import { all, arnOf, invalid, isVisible, type Operations, type ProjectRecord, tableOf } from './records.ts';
import { enter } from './statuses.ts';
import { checkTags, tagNew, tagsOn } from './tags.ts';
import { matchesTimes } from './time-filter.ts';

/** The project of that name. Throws a ValidationException: the API has no error of its own for it. */
function getProject(ProjectName: string | undefined, call: Call): ProjectRecord {
  const project = tableOf('project', call).get(ProjectName ?? '');
  if (project && isVisible(project, call)) return project;
  throw invalid(`Project ${ProjectName} does not exist.`);
}

function mustBeAtRest({ shown: { ProjectName, Status } }: ProjectRecord): void {
  if (Status !== 'Pending' && !/InProgress$/.test(Status)) return;
  throw new AwsError('ConflictException', `Project ${ProjectName} is in ${Status} status.`);
}

function checkRequest({
  ServiceCatalogProvisioningDetails,
  TemplateProviders,
  Tags,
}: SageMaker.CreateProjectInput): void {
  checkTags(Tags);
  if (!ServiceCatalogProvisioningDetails === !TemplateProviders?.length) {
    throw invalid('Exactly one of ServiceCatalogProvisioningDetails and TemplateProviders must be specified.');
  }
}

export const projectOperations: Operations = {
  async CreateProject(request, call) {
    checkRequest(request);
    const { ProjectName = '', ProjectDescription, ServiceCatalogProvisioningDetails, Tags } = request;
    const present = tableOf('project', call).get(ProjectName);
    if (present && present.shown.Status !== 'DeleteCompleted') throw invalid(`Project already exists: ${present.arn}`);
    const ProjectId = `p-${alphanumerics(call.cloud.store, 12)}`;
    const arn = arnOf('project', ProjectName, call);
    const launched: Launch = await launch(request, ProjectId, call);
    const CreationTime = new Date(call.clock.now());
    const project: ProjectRecord = {
      key: ProjectName,
      arn,
      shown: {
        ProjectArn: arn,
        ProjectName,
        ProjectId,
        ...(ProjectDescription !== undefined && { ProjectDescription }),
        ...(ServiceCatalogProvisioningDetails && { ServiceCatalogProvisioningDetails }),
        ...launched.shown,
        Status: 'Pending',
        CreationTime,
        LastModifiedTime: CreationTime,
      },
      launched: launched.id,
      visibleAt: call.clock.now(),
      step: 0,
    };
    tableOf('project', call).set(ProjectName, project);
    tagNew(arn, Tags, call);
    enter('project', project, 'CreateInProgress', call);
    follow(project, call);
    return { ProjectArn: arn, ProjectId };
  },

  DescribeProject(request, call) {
    const { Status: ProjectStatus, ...shown } = getProject(request.ProjectName, call).shown;
    return { ...shown, ProjectStatus };
  },

  ListProjects(request, call) {
    const part = request.NameContains ?? '';
    const projects = all('project', call, ({ key, shown }) => key.includes(part) && matchesTimes(request, shown));
    const { items, NextToken } = list(request, projects, summaryOf, call);
    return { ProjectSummaryList: items, NextToken };
  },

  async UpdateProject(request, call) {
    const { ProjectName, ProjectDescription, Tags } = request;
    checkTags(Tags);
    const project = getProject(ProjectName, call);
    mustBeAtRest(project);
    if (!/^(Create|Update)Completed$|^UpdateFailed$/.test(project.shown.Status)) {
      throw invalid(`Project ${ProjectName} is in ${project.shown.Status} status.`);
    }
    const id = await relaunch(project, request, call);
    if (ProjectDescription !== undefined) project.shown.ProjectDescription = ProjectDescription;
    if (Tags) {
      const added = new Set(Tags.map(({ Key }) => Key));
      tagNew(project.arn, [...tagsOn(project.arn, call).filter(({ Key }) => !added.has(Key)), ...Tags], call);
    }
    if (id === undefined) enter('project', project, 'UpdateCompleted', call);
    else {
      project.launched = id;
      enter('project', project, 'UpdateInProgress', call);
      follow(project, call);
    }
    return { ProjectArn: project.arn };
  },

  async DeleteProject(request, call) {
    const project = getProject(request.ProjectName, call);
    mustBeAtRest(project);
    if (project.shown.Status === 'DeleteCompleted') {
      throw invalid(`Project ${request.ProjectName} is in DeleteCompleted status.`);
    }
    const id = await terminate(project, call);
    if (id === undefined) enter('project', project, 'DeleteCompleted', call);
    else {
      project.launched = id;
      enter('project', project, 'DeleteInProgress', call);
      follow(project, call);
    }
    return {};
  },
};

function summaryOf({ shown }: ProjectRecord): SageMaker.ProjectSummary {
  const { ProjectName, ProjectDescription, ProjectArn, ProjectId, CreationTime, Status } = shown;
  return { ProjectName, ProjectDescription, ProjectArn, ProjectId, CreationTime, ProjectStatus: Status };
}
