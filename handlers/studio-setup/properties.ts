import {
  boolean,
  list,
  matching,
  oneOf,
  type Place,
  type PropsOf,
  properties,
  string,
  structure,
  type,
} from '@studio-resources/core';

/** A command with its options. */
export interface Command {
  Command: string;
  /** It runs in the background. The next command does not wait for it. */
  Background: boolean;
  /** The next command runs even if this one fails. */
  IgnoreFailure: boolean;
}

const maxCommands = 50;
/** For all commands together: the shell accepts no longer argument. */
const maxBytes = 40_000;

const line = type((value, place) => {
  const text = string().read(value, place);
  if (text === undefined || (text.trim() !== '' && !text.includes('\0'))) return text;
  return place.wrong(`expected a command for the shell, got ${JSON.stringify(text)}`);
});

const withChoices = structure({
  /** The command, in an object with options. */
  Command: line,
  Background: boolean().default(false),
  IgnoreFailure: boolean().default(false),
});

/** A command, or an object with a command and options. */
const command = type<Command>(
  (value, place) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return withChoices.read(value, place);
    const text = line.read(value, place);
    return text === undefined ? undefined : { Command: text, Background: false, IgnoreFailure: false };
  },
  'string or object',
  withChoices,
);

const commands = list(command);

export const commandList = type(
  (value, place) => {
    const all = commands.read(value, place);
    if (all?.length === 0) return place.wrong('expected at least one command, got an empty list');
    const problem = all && limitProblem(all);
    return problem === undefined ? all : place.wrong(problem);
  },
  commands.words,
  commands,
);

/** Which limit the commands exceed together; undefined for none. */
export function limitProblem(commands: readonly Command[]): string | undefined {
  if (commands.length > maxCommands) return `expected at most ${maxCommands} commands, got ${commands.length}`;
  // A missing Command has its own problem already.
  const bytes = commands.reduce((sum, { Command = '' }) => sum + Buffer.byteLength(Command), 0);
  if (bytes <= maxBytes) return undefined;
  return `expected at most ${maxBytes} bytes of commands, got ${bytes}; have them fetch what is longer`;
}

const name = (of: string) => matching(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, `the name of a ${of}`);
const sha256 = /[0-9a-f]{64}/;

export const schema = properties({
  /** The domain of the Jupyter server. */
  DomainId: matching(/^d-(-*[a-z0-9]){1,61}$/, 'the id of a domain, such as d-abc123'),
  /**
   * The user profile that owns the Jupyter server. For a space: the profile that opens it; if omitted, the space's
   * owner.
   */
  UserProfileName: name('user profile').optional(),
  /** A space. Its Jupyter server is set up. */
  SpaceName: name('space').optional(),
  /** JupyterServer; or JupyterLab in a space. If omitted, the one that fits. */
  AppType: oneOf('JupyterServer', 'JupyterLab').optional(),
  /** Commands for bash in the home directory, run one after the other until one fails. */
  Commands: commandList.optional(),
  /** A script, run as one command; or, if the key ends with `.json`, a list as in `Commands`. */
  CommandsS3Uri: matching(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.{1,1024}$/,
    'the address of an object, such as s3://bucket/setup/<its SHA-256>.sh',
  ).optional(),
  /** The object's SHA-256, if its key does not contain it. */
  CommandsSha256: matching(/^[0-9a-f]{64}$/, 'a SHA-256 in 64 hexadecimal digits').optional(),
  /** Whether to start the app if it does not run. Some instance types cost money until the app is deleted. */
  StartApp: boolean().default(false),
  /** Any text. A change runs the same commands again. */
  Revision: string().optional(),
}).check((props, place) => {
  const { UserProfileName, SpaceName, AppType, Commands, CommandsS3Uri, CommandsSha256 } = props;
  if (UserProfileName === undefined && SpaceName === undefined) {
    place.at('UserProfileName').wrong('required, but missing; or give SpaceName, whose owner then opens it');
  }
  if (AppType === 'JupyterLab' && SpaceName === undefined) {
    place.at('SpaceName').wrong('required, but missing: a JupyterLab runs in a space');
  }
  checkSource(place, { Commands, CommandsS3Uri, CommandsSha256 });
});

export type Props = PropsOf<typeof schema>;

/** There is exactly one source of commands, and its content is fixed by a SHA-256. */
function checkSource(
  place: Place,
  { Commands, CommandsS3Uri, CommandsSha256 }: Pick<Props, 'Commands' | 'CommandsS3Uri' | 'CommandsSha256'>,
): void {
  if (CommandsS3Uri === undefined) {
    if (CommandsSha256 !== undefined) place.at('CommandsSha256').wrong('goes with CommandsS3Uri, which is missing');
    if (Commands === undefined) place.at('Commands').wrong('required, but missing; or give CommandsS3Uri instead');
    return;
  }
  if (Commands !== undefined) {
    place.at('Commands').wrong('does not go with CommandsS3Uri, which is given too; give only one of them');
  }
  if (CommandsSha256 === undefined && !sha256.test(CommandsS3Uri)) {
    place
      .at('CommandsS3Uri')
      .wrong(
        `expected the SHA-256 of the object in its key, got ${JSON.stringify(CommandsS3Uri)}; or give CommandsSha256`,
      );
  }
}

/** The expected SHA-256 of the object. */
export function expectedSha256({ CommandsS3Uri = '', CommandsSha256 }: Props): string | undefined {
  return CommandsSha256 ?? sha256.exec(CommandsS3Uri)?.[0];
}
