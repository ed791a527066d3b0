export { BusyError, calls, codeOf, sagemaker, sagemakerOnce, sideBySide, unless } from './client/client.ts';
export {
  contentsPermissions,
  createDomainPermissions,
  imagePermissions,
  leftoverPermissions,
  lists,
  on,
  passRole,
  throughS3,
} from './client/permissions.ts';
export { objectIn, readFolder, readObject, type S3File, type S3Limits, s3, tellingS3, uriIn } from './client/s3.ts';
export { type Described, isInMotion, statusOf } from './client/status.ts';
export {
  appsAndSpacesOf,
  belongingTo,
  type Contents,
  contentsOfDomain,
  contentsOfUserProfile,
  deleteContents,
  isEmpty,
  listUserProfiles,
  ownerOf,
} from './contents/contents.ts';
export {
  type DeleteContents,
  type DeletionChoices,
  deleteContentsChoices,
  deletionChoices,
  refuseIfInTheWay,
} from './contents/deletable.ts';
export {
  adoptDomain,
  changeDomain,
  deleteDomain,
  findDomain,
  getDomain,
  isDomainId,
  listDomains,
  makeInDomain,
  makeInQuietDomain,
} from './domain/domain.ts';
export {
  findLeftovers,
  findNfsSecurityGroups,
  type NfsSecurityGroups,
  removeLeftovers,
} from './domain/orphaned-resources.ts';
export {
  appsOf,
  changeConfigs,
  configName,
  createConfigs,
  deleteConfigs,
  findConfigs,
  imageApps,
  ownApps,
} from './image/app-image-config.ts';
export { detachAll, detachDropped, detachEverywhere } from './image/attachments.ts';
export {
  changeImage,
  deleteFailedVersions,
  deleteImage,
  findImage,
  getImage,
  isImageName,
  pruneVersions,
} from './image/image.ts';
export { checkImage } from './image/properties.ts';
export { advanceImage, attributesOfImage, type ImageState, lookAtImage, statusOfImage } from './image/state.ts';
export { attach, detach, type Standing, standingOf, standingStatus } from './lifecycle-config/attach.ts';
export { attachedAs, checkAttachments, domainSettings } from './lifecycle-config/attachments.ts';
export { removeVersion } from './lifecycle-config/delete-version.ts';
export {
  contentProblem,
  createLifecycleConfig,
  findLifecycleConfig,
  isLifecycleConfigName,
  lifecycleConfigName,
  nameProblem,
  normalised,
  versionsOf,
} from './lifecycle-config/lifecycle-config.ts';
export { isProjectsId, projectsId } from './projects/association-records.ts';
export { executionRolesOf, isRoleArn } from './projects/execution-roles.ts';
export { projectsPermissions } from './projects/permissions.ts';
export {
  advanceProjects,
  beginProjects,
  deleteProjects,
  findProjects,
  type Projects,
  type ProjectsDeletion,
  projectsStatus,
  readProjects,
  remainsOfProjects,
} from './projects/projects.ts';
export { notYetHeld, settingsChange } from './settings/settings-change.ts';
export {
  changeHolder,
  findHolder,
  type HeldSettings,
  type Holder,
  type HolderKey,
  listHolders,
  nameOfHolder,
} from './settings/settings-target.ts';
export { areOurs, changeTags, checkTags, isOurs, ownershipTags, tagsOf } from './tags.ts';
export { removeUserProfile } from './user-profile/delete-user-profile.ts';
export {
  adoptUserProfile,
  changeUserProfile,
  deleteUserProfile,
  findUserProfile,
  getUserProfile,
  isProfileKey,
  isSameName,
  isStudioName,
  type ProfileKey,
} from './user-profile/user-profile.ts';
