import { type DeleteContents, deleteContentsChoices } from './deletable.ts';

/** What a template says of a deletion. */
export interface DeletionChoices {
  contents: DeleteContents;
  homeEfsFileSystem: 'Retain' | 'Delete';
  /** Whatever a domain that is gone has left is to be deleted too. */
  leftovers: boolean;
}

/**
 * What properties say of a deletion. A Delete comes with whatever the template said long ago, not checked: what cannot
 * be understood counts as the choice that deletes least by default.
 */
export function deletionChoices(props: object): DeletionChoices {
  const { DeleteContents, HomeEfsFileSystem, AdoptExisting } = props as Record<string, unknown>;
  const homeEfsFileSystem = HomeEfsFileSystem === 'Delete' ? 'Delete' : 'Retain';
  return {
    contents: deleteContentsChoices.find((choice) => choice === DeleteContents) ?? 'Apps',
    homeEfsFileSystem,
    // Once a domain is gone nobody can tell whether it was adopted, and an adopted one's data is not ours.
    leftovers: homeEfsFileSystem === 'Delete' && !/^true$/i.test(String(AdoptExisting)),
  };
}
