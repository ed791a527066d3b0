import * as SageMaker from '@aws-sdk/client-sagemaker';
import { service } from '../../service.ts';
import { access } from './access.ts';
import { appEndings, appOperations } from './app.ts';
import { appImageConfigOperations } from './app-image-config.ts';
import { domainEndings, domainOperations } from './domain.ts';
import { domainUpdateOperations } from './domain-update.ts';
import { vanish } from './faults.ts';
import { homeTasks } from './home.ts';
import { imageEndings, imageOperations } from './image.ts';
import { imageVersionOperations } from './image-version.ts';
import { presignedUrlOperations } from './presigned-url.ts';
import { projectOperations, projectTasks } from './projects.ts';
import { rolesIn } from './settings.ts';
import { spaceEndings, spaceOperations } from './space.ts';
import { settle } from './statuses.ts';
import { studioLifecycleConfigOperations } from './studio-lifecycle-config.ts';
import { tagOperations, tagsOf } from './tags.ts';
import { userProfileEndings, userProfileOperations } from './user-profile.ts';

/** The part of SageMaker that Studio is: domains, user profiles, spaces, apps, lifecycle configurations, images, tags, and whether Projects are on. */
export const sagemaker = service('sagemaker', 'sagemaker', SageMaker, {
  operations: {
    ...domainOperations,
    ...domainUpdateOperations,
    ...userProfileOperations,
    ...spaceOperations,
    ...appOperations,
    ...imageOperations,
    ...imageVersionOperations,
    ...appImageConfigOperations,
    ...presignedUrlOperations,
    ...studioLifecycleConfigOperations,
    ...projectOperations,
    ...tagOperations,
  },
  tasks: {
    ...homeTasks,
    ...projectTasks,
    vanish,
    settle: settle({
      domain: domainEndings,
      'user-profile': userProfileEndings,
      space: spaceEndings,
      app: appEndings,
      image: imageEndings,
    }),
  },
  access,
  passedRoles: (operation, input) => (/^(Create|Update)/.test(operation) ? rolesIn(input) : []),
  tagsOf,
});
