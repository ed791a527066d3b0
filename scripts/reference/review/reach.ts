/** What a caller of a function's ServiceToken reaches with it, and what stays out of reach, by the function's logical id. */
export interface Reach {
  /** What a stack can have the function do. */
  can: string;
  /** What the handler refuses, or cannot do. */
  cannot: string;
}

/** Of every resource. `npm run reference` fails where one is missing. */
export const reach: Readonly<Record<string, Reach>> = {
  HomeSeed: {
    can: 'Put files from `SourceBuckets` into the homes of the users of one domain, as root, and delete them again as long as they are unchanged.',
    cannot:
      'Reach another domain, whose file system the function has not mounted; overwrite what a user has changed, unless the template says `Overwrite: Always`.',
  },
  ResourceShareAcceptance: {
    can: 'Accept resource shares of the accounts in `ShareOwnerAccountIds`, and leave them, if no other stack of the account holds them.',
    cannot: 'Accept or leave a share of any other account; share anything.',
  },
  SeedCode: {
    can: 'Read every object in `SeedCodeBuckets`, write objects into them under a key that ends with their hash, and delete those again. So a caller can copy between two of these buckets: name only buckets whose readers may see each other’s objects.',
    cannot: 'Use a bucket of another account; delete an object whose tags name another stack or logical id.',
  },
  StudioContents: {
    can: 'Delete the apps in a domain or a profile that it may use, once the resource is deleted; with `DeleteContents: All` the spaces with their volumes, and in a domain the user profiles too.',
    cannot: 'Delete a domain, the home file system, or what another resource of a stack holds.',
  },
  StudioDomain: {
    can: 'Create domains in every VPC of the account, with an execution role of `ExecutionRoleArns`; change and delete those that the stack and logical id hold, with what `DeleteContents` and `HomeEfsFileSystem` allow.',
    cannot: 'Change or delete a domain that another stack holds; delete one that no stack of this project created.',
  },
  StudioImage: {
    can: 'Create images and versions with a role of `ExecutionRoleArns`, attach them to the domains that it may use and to profiles in them, and delete what the stack and logical id hold.',
    cannot: 'Change an image that another stack holds, or that no stack of this project created.',
  },
  StudioLifecycleConfig: {
    can: 'Create a lifecycle configuration, attach it to the domains that it may use, to profiles and spaces in them, and make it the default. It is a script: every app that starts with it runs it with the rights of its user’s execution role.',
    cannot: 'Change what other stacks attach.',
  },
  StudioProjects: {
    can: 'Enable SageMaker Projects in the account and Region, create the service roles that Projects need, and let roles, also those of any domain’s users, launch SageMaker’s own templates.',
    cannot: 'Create other roles; disable Projects while other stacks use them.',
  },
  StudioSetup: {
    can: 'Run commands in the Jupyter servers of users in domains with `AuthMode` IAM that it may use, as that user, with the rights of their execution role. A caller acts as these users: allow it to platform teams only.',
    cannot: 'Enter domains with `AuthMode` SSO.',
  },
  StudioSpace: {
    can: 'Create, change and delete spaces in the domains that it may use, with their volumes and apps as `DeleteContents` allows.',
    cannot: 'Change or delete a space that another stack holds, or that a user created.',
  },
  StudioUserProfile: {
    can: 'Create profiles in the domains that it may use, with an execution role of `ExecutionRoleArns`; change and delete those that the stack and logical id hold, with what `DeleteContents` allows.',
    cannot: 'Change or delete a profile that another stack holds; delete one that no stack of this project created.',
  },
  StudioUserProfileFleet: {
    can: 'The same as `Custom::StudioUserProfile` for up to a thousand profiles, and read every object in `MembersBuckets` as a list of members.',
    cannot: 'Remove more than `MaxRemovals` profiles in one update; use a bucket of another account.',
  },
};
