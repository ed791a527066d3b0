/** An error as an AWS service answers it: its code, its text, and where the service gives them, more members. */
export class AwsError extends Error {
  override readonly name: string;
  /** The HTTP status, where neither the service's own schema of this error nor 400 is right. */
  readonly status?: number;
  /** Further members of the error's shape, such as EFS's `FileSystemId`. */
  readonly members: Record<string, unknown>;

  constructor(code: string, message: string, more: { status?: number; members?: Record<string, unknown> } = {}) {
    super(message);
    this.name = code;
    this.status = more.status;
    this.members = more.members ?? {};
  }
}
