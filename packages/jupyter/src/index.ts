export { RefusedError, UnavailableError } from './errors.ts';
export { type CommandResult, type RunOptions, ShellEndedError } from './run.ts';
export { openSession, type Session } from './session.ts';
export { openTerminal, type Terminal, withTerminal } from './terminal.ts';
