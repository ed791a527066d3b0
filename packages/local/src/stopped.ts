/** What has ended a command that serves. */
export type Stop = 'SIGINT' | 'SIGTERM' | 'npm has ended';

/** How often a parent that was killed is looked for, in real milliseconds: nothing tells of it. */
const interval = 250;

/**
 * Resolves once the process is to end: by SIGINT or SIGTERM, or because the npm that runs it is gone, which SIGKILL leaves no
 * time to pass on. Later signals change nothing, since npm passes on the SIGINT that a terminal has sent to the process as well.
 *
 * A parent is only missed where npm runs this as a script in the foreground: a command that a shell has started in the
 * background outlives the shell.
 */
export function untilStopped(env: NodeJS.ProcessEnv = process.env): Promise<Stop> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(signal));
    if (!isForegroundScript(env.npm_lifecycle_script)) return;
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve('npm has ended');
    }, interval);
    timer.unref();
  });
}

/** Whether npm runs that line and waits for it: it has no command that a lone `&` puts into the background. */
function isForegroundScript(line: string | undefined): boolean {
  return line !== undefined && !/(?<![&>|])&(?![&>])/.test(line);
}
