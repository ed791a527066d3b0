import * as SageMaker from '@aws-sdk/client-sagemaker';
import { service } from '../../service.ts';
import { access } from './access.ts';
import { appEndings, appOperations } from './app.ts';
import { appImageConfigOperations } from './app-image-config.ts';
import { codeRepositoryOperations } from './code-repository.ts';
import { conditionKeys } from './condition-keys.ts';
import { domainEndings, domainOperations } from './domain.ts';
import { domainUpdateOperations } from './domain-update.ts';
import { endpointEndings, endpointOperations } from './endpoint.ts';
import { endpointConfigOperations } from './endpoint-config.ts';
import { deleteUnexpectedly } from './faults.ts';
import { homeTasks } from './home.ts';
import { imageEndings, imageOperations } from './image.ts';
import { imageAliasOperations } from './image-alias.ts';
import { imageVersionEndings, imageVersionOperations } from './image-version.ts';
import { modelOperations } from './model.ts';
import { modelPackageOperations } from './model-package.ts';
import { modelPackageGroupOperations } from './model-package-group.ts';
import { pipelinesOperations, pipelinesTasks } from './pipelines/index.ts';
import { atOwner } from './pipelines/records.ts';
import { resourcePolicy } from './pipelines/sharing.ts';
import { presignedUrlOperations } from './presigned-url.ts';
import { projectOperations } from './project.ts';
import { followProject } from './project-launch.ts';
import { portfolioOperations, portfolioTasks } from './projects.ts';
import { searchOperations } from './search/index.ts';
import { rolesIn } from './settings.ts';
import { spaceEndings, spaceOperations } from './space.ts';
import { settle } from './statuses.ts';
import { studioLifecycleConfigOperations } from './studio-lifecycle-config.ts';
import { tagOperations, tagsOf } from './tags.ts';
import { userProfileEndings, userProfileOperations } from './user-profile.ts';

/** Of SageMaker: Studio with all that it consists of, Projects, the model registry, endpoints, and pipelines with their jobs. */
export const sagemaker = service('sagemaker', 'sagemaker', SageMaker, {
  operations: {
    ...domainOperations,
    ...domainUpdateOperations,
    ...userProfileOperations,
    ...spaceOperations,
    ...appOperations,
    ...imageOperations,
    ...imageVersionOperations,
    ...imageAliasOperations,
    ...appImageConfigOperations,
    ...codeRepositoryOperations,
    ...presignedUrlOperations,
    ...studioLifecycleConfigOperations,
    ...portfolioOperations,
    ...projectOperations,
    ...modelPackageGroupOperations,
    ...modelPackageOperations,
    ...modelOperations,
    ...endpointConfigOperations,
    ...endpointOperations,
    ...pipelinesOperations,
    ...searchOperations,
    ...tagOperations,
  },
  tasks: {
    ...homeTasks,
    ...portfolioTasks,
    followProject,
    ...pipelinesTasks,
    deleteUnexpectedly,
    settle: settle({
      domain: domainEndings,
      'user-profile': userProfileEndings,
      space: spaceEndings,
      app: appEndings,
      image: imageEndings,
      'image-version': imageVersionEndings,
      endpoint: endpointEndings,
    }),
  },
  access,
  conditionKeys,
  passedRoles: (operation, input) => (/^(Create|Update|Render)/.test(operation) ? rolesIn(input) : []),
  tagsOf: (arn, call) => tagsOf(arn, atOwner(arn, call)),
  resourcePolicy,
});
