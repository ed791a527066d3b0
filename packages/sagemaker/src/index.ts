export { sagemaker, sagemakerOnce } from './clients.ts';
export { type Contents, contentsOfDomain, contentsOfUserProfile, isEmpty } from './contents.ts';
export { deleteContents } from './delete-contents.ts';
export { type DeletionChoices, deletionChoices } from './deletion-choices.ts';
export { deleteDomain, findDomain, getDomain, isDomainId, listDomains } from './domain.ts';
export { adoptDomain } from './domain-adoption.ts';
export { changeDomain } from './domain-change.ts';
export { executionRolesOf, isRoleArn } from './execution-roles.ts';
export { findLeftovers, findNfsSecurityGroups, type NfsSecurityGroups, removeLeftovers } from './leftovers.ts';
export { isOurs, ownershipTags } from './ownership.ts';
export {
  contentsPermissions,
  createDomainPermissions,
  leftoverPermissions,
  lists,
  on,
  passRole,
} from './permissions.ts';
export {
  advanceProjects,
  beginProjects,
  deleteProjects,
  findProjects,
  type Projects,
  projectsStatus,
  readProjects,
} from './projects.ts';
export { projectsPermissions } from './projects-permissions.ts';
export { isProjectsId, projectsId } from './projects-register.ts';
export { type DeleteContents, deleteContentsChoices, refuseIfInTheWay } from './refusal.ts';
export { notYetHeld, settingsChange } from './settings.ts';
export { isInMotion, statusOf } from './statuses.ts';
export { changeTags, checkTags } from './tags.ts';
export {
  deleteUserProfile,
  findUserProfile,
  getUserProfile,
  isProfileKey,
  isSameName,
  type ProfileKey,
} from './user-profile.ts';
export { adoptUserProfile, changeUserProfile } from './user-profile-change.ts';
