/** What the reference says of each resource: what its deletion deletes, what a rename does, and what adoption means. */
export const holding: Readonly<Record<string, string>> = {
  'Custom::HomeSeed':
    '**Deletion** keeps the files, unless `DeleteUnchanged: true`: then it deletes those that the user has not changed and that no other seed names. **A renamed logical id** seeds the same files again, and the deletion of the old one leaves them. **Adoption**: a file that exists is overwritten or kept as `Overwrite` says.',
  'Custom::ResourceShareAcceptance':
    '**Deletion** stays in the share, unless `LeaveOnDelete: true`: then it leaves, if the provider allows its owner and no other resource of a stack holds the share. **A renamed logical id** holds the share before the old one is deleted, so the account stays in it. **Adoption**: a share that was accepted before needs no property.',
  'Custom::SeedCode':
    '**Deletion** deletes the object, if its tags name this stack and logical id. **A renamed logical id** or another stack that delivers the same content to the same key keeps the object. **Adoption**: an object that is there already, with the same content, is used.',
  'Custom::StudioContents':
    '**Deletion** empties the domain or profile only if that leaves too: the stack is deleted, or its own domain or profile leaves the template in the same update. **A renamed logical id** deletes nothing. **Adoption** does not apply: the resource holds nothing.',
  'Custom::StudioDomain':
    '**Deletion** deletes the domain, if this stack and logical id hold it, with what `DeleteContents` and `HomeEfsFileSystem` allow. **A renamed logical id** takes the domain over, without a property and without a second domain; a rollback gives it back. **Adoption**: `AdoptExisting` takes over a domain that another stack of this project has given up by `DeletionPolicy: Retain`, which is then deleted with this stack; a domain that no stack of this project created is changed to what the template says, and never deleted.',
  'Custom::StudioImage':
    '**Deletion** deletes the image with its versions and app image configs, if this stack and logical id hold it, and detaches it. **A renamed logical id** takes the image over with its app image configs, without a property; a rollback gives them back. **Adoption**: `AdoptExisting` takes over an image that another stack of this project has given up by `DeletionPolicy: Retain`, which is then deleted with this stack; an image that no stack of this project created is refused, since new versions and `KeepVersions` would change what others run.',
  'Custom::StudioLifecycleConfig':
    '**Deletion** detaches the script where the template attached it, and deletes it, if this stack and logical id hold it. **A renamed logical id** takes the script over, with its attachments. **Adoption** does not apply: each stack and logical id has a script of its own, under a name that contains a hash of both.',
  'Custom::StudioProjects':
    "**Deletion** takes back what this resource associated; the portfolio stays enabled, unless `DisablePortfolio: true`, and so do the service roles, unless `DeleteServiceRoles: true`. **A renamed logical id** keeps the roles' associations, the portfolio and the service roles. **Adoption**: what was enabled or associated before is used, and stays.",
  'Custom::StudioSetup':
    '**Deletion** undoes nothing: what was set up stays, and the app runs on. **A renamed logical id** runs the commands again. **Adoption** does not apply: the resource holds nothing.',
  'Custom::StudioSpace':
    "**Deletion** deletes the space with its volume, if this stack and logical id hold it, and the apps in it as `DeleteContents` allows. **A renamed logical id** takes the space over, without a property and with its volume; a rollback gives it back. **Adoption**: `AdoptExisting` takes over a space that another stack of this project has given up by `DeletionPolicy: Retain`, which is then deleted with this stack; a space that no stack of this project created is changed to what the template says, and never deleted. Tags that SageMaker has propagated from the domain do not count as the space's own.",
  'Custom::StudioUserProfile':
    '**Deletion** deletes the profile, if this stack and logical id hold it, with what `DeleteContents` allows. **A renamed logical id** takes the profile over, without a property; so does a fleet of the same stack that it moves into. A rollback gives it back. **Adoption**: `AdoptExisting` takes over a profile that another stack of this project has given up by `DeletionPolicy: Retain`, which is then deleted with this stack; a profile that no stack of this project created is changed to what the template says, and never deleted.',
  'Custom::StudioUserProfileFleet':
    '**Deletion** deletes the profiles that this stack and logical id hold, with what `DeleteContents` allows. **A renamed logical id** takes the profiles over, without a property; a member can also move between a fleet and a `Custom::StudioUserProfile` of the same stack. A rollback gives them back. **Adoption**: with `AdoptExisting`, members take over profiles that another stack of this project has given up by `DeletionPolicy: Retain`, which are then deleted with this stack; profiles that no stack of this project created are changed to what the template says, and never deleted.',
};
