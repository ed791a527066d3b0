/** A right that a call needs: to do this on that. */
export interface Right {
  action: string;
  resource: string;
  context: Record<string, string | string[]>;
}
