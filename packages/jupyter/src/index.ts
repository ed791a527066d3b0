export { InvalidReplyError, RefusedError, UnavailableError } from './errors.ts';
export { type CommandResult, type RunOptions, ShellEndedError } from './run.ts';
export { withoutUrlSecrets } from './secrets.ts';
export { openSession, type Session } from './session.ts';
export { openTerminal, type Terminal, withTerminal } from './terminal.ts';
