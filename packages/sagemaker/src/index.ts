export { BusyError } from './client/busy.ts';
export { calls, sagemaker, sagemakerOnce } from './client/clients.ts';
export { codeOf, unless } from './client/failures.ts';
export { sideBySide } from './client/map-concurrent.ts';
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
export { s3, tellingS3 } from './client/s3.ts';
export { objectIn, readFolder, readObject, type S3File, type S3Limits, uriIn } from './client/s3-source.ts';
export { type Described, isInMotion, statusOf } from './client/statuses.ts';
export {
  appsAndSpacesOf,
  belongingTo,
  type Contents,
  contentsOfDomain,
  contentsOfUserProfile,
  isEmpty,
  listUserProfiles,
  ownerOf,
} from './contents/contents.ts';
export { type DeleteContents, deleteContentsChoices, refuseIfInTheWay } from './contents/deletable.ts';
export { deleteContents } from './contents/delete-contents.ts';
export { type DeletionChoices, deletionChoices } from './contents/deletion-choices.ts';
export { deleteDomain, findDomain, getDomain, isDomainId, listDomains } from './domain/domain.ts';
export { adoptDomain } from './domain/domain-adoption.ts';
export { changeDomain } from './domain/domain-change.ts';
export { makeInDomain, makeInQuietDomain } from './domain/in-domain.ts';
export {
  findLeftovers,
  findNfsSecurityGroups,
  type NfsSecurityGroups,
  removeLeftovers,
} from './domain/orphaned-resources.ts';
export { changeConfigs, createConfigs, deleteConfigs, findConfigs, ownApps } from './image/app-image-config.ts';
export { detachAll, detachDropped, detachEverywhere } from './image/attachments.ts';
export { changeImage, deleteImage, findImage, getImage, isImageName } from './image/image.ts';
export { appsOf, configName, imageApps } from './image/image-apps.ts';
export { deleteFailedVersions, pruneVersions } from './image/image-version.ts';
export { checkImage } from './image/properties.ts';
export { advanceImage, attributesOfImage, type ImageState, lookAtImage, statusOfImage } from './image/state.ts';
export { attach, detach, type Standing, standingOf, standingStatus } from './lifecycle-config/attach.ts';
export { checkAttachments, domainSettings } from './lifecycle-config/attachments.ts';
export { removeVersion } from './lifecycle-config/delete-version.ts';
export { createLifecycleConfig, findLifecycleConfig, versionsOf } from './lifecycle-config/lifecycle-config.ts';
export {
  contentProblem,
  isLifecycleConfigName,
  lifecycleConfigName,
  nameProblem,
  normalised,
} from './lifecycle-config/lifecycle-config-names.ts';
export { attachedAs } from './lifecycle-config/lifecycle-config-settings.ts';
export { areOurs, isOurs, ownershipTags, tagsOf } from './ownership.ts';
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
export { changeTags, checkTags } from './tags.ts';
export { removeUserProfile } from './user-profile/delete-user-profile.ts';
export {
  deleteUserProfile,
  findUserProfile,
  getUserProfile,
  isProfileKey,
  isSameName,
  isStudioName,
  type ProfileKey,
} from './user-profile/user-profile.ts';
export { adoptUserProfile, changeUserProfile } from './user-profile/user-profile-change.ts';
