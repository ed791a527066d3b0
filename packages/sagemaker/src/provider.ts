/** The tag that names the provider whose resources created something: its NamePrefix. */
export const providerTag = 'studio-resources:provider';

/** The NamePrefix of the provider that this function belongs to. */
export function ownProvider(): string {
  return process.env.PROVIDER || 'studio-resources';
}

/** The provider whose resources created what has these tags; undefined where none did. */
export function providerIn(tags: ReadonlyMap<string, string>): string | undefined {
  return tags.get(providerTag);
}
