import { Directory, inDirectory, type Owner } from './directory.ts';

/** Identifies the home of a user profile. */
export interface HomeKey {
  UserProfileName: string;
  /** The POSIX user id, which is also the home's directory name. */
  uid: string;
}

export interface Home extends Owner {
  directory: Directory;
}

/** The group that SageMaker gives to homes. An existing home keeps its own. */
const defaultGroup = 1001;

/**
 * Opens a home and calls `run` with it. A home does not exist before its user starts the first app. With `make`, it is
 * then created as SageMaker does it: with the user's uid and mode 700. Without, the result is undefined.
 */
export async function inHome<T>(
  key: HomeKey,
  { make }: { make: boolean },
  run: (home: Home) => Promise<T>,
): Promise<T | undefined> {
  const uid = uidOf(key);
  const homes = await openHomes();
  const make700 = (parent: Directory, name: string) => parent.findOrCreate(name, 0o700, { uid, gid: defaultGroup });
  const use = async (directory: Directory) => {
    // A process that created the home may have been killed before it set the owner.
    await directory.finishCreation(0o700, { uid, gid: defaultGroup });
    const stats = await directory.stat();
    if (stats.uid !== uid && stats.uid !== 0) {
      throw new Error(`it belongs to the uid ${stats.uid}. Check who owns it first`);
    }
    return run({ directory, uid, gid: stats.uid === uid ? stats.gid : defaultGroup });
  };
  try {
    return await inDirectory(homes, [String(uid)], use, make ? make700 : undefined);
  } catch (cause) {
    const doing = make ? 'Seeding' : 'Clearing';
    const told = `${doing} the home of user profile ${key.UserProfileName}, /${uid} of the home file system`;
    throw new Error(told + permissionHint(cause), { cause });
  } finally {
    await homes.close();
  }
}

async function openHomes(): Promise<Directory> {
  const path = process.env.HOMES_PATH;
  if (!path) throw new Error('Opening the homes: the function has no HOMES_PATH; install it with home-seed.yaml');
  return Directory.open(path).catch((cause) => {
    throw new Error(`Opening the homes at ${path}: the file system has to be mounted there; see home-seed.yaml`, {
      cause,
    });
  });
}

/** Rejects the root of the file system, and uids that are no plain positive numbers. */
function uidOf({ UserProfileName, uid }: HomeKey): number {
  if (/^[1-9]\d{0,9}$/.test(uid) && Number(uid) < 2 ** 32 - 1) return Number(uid);
  throw new Error(`Seeding the home of user profile ${UserProfileName}: its HomeEfsFileSystemUid is not a uid: ${uid}`);
}

function permissionHint(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'EPERM' || code === 'EACCES'
    ? '; the access point has to have the uid 0, and the role elasticfilesystem:ClientRootAccess'
    : '';
}
