/** What `aws iam get-account-authorization-details` answers, as far as it is about AWS's managed policies. */
export interface AuthorizationDetails {
  Policies: {
    PolicyName: string;
    Path: string;
    Arn: string;
    DefaultVersionId: string;
    CreateDate: string;
    UpdateDate: string;
    PolicyVersionList: { VersionId: string; Document: unknown }[];
  }[];
}

/** A line of JSON for each policy in its default version, in the order of their names. Throws where there is no document. */
export function managedPolicyLines({ Policies }: AuthorizationDetails): string[] {
  const own = Policies.filter(({ Arn }) => /^arn:[^:]+:iam::aws:policy\//.test(Arn));
  if (own.length === 0)
    throw new Error("Reading AWS's managed policies: the file has none. Was it made with --filter AWSManagedPolicy?");
  const lines = own.map((policy) => {
    const { PolicyName: name, Path: path, DefaultVersionId: versionId, PolicyVersionList } = policy;
    const version = PolicyVersionList.find(({ VersionId }) => VersionId === versionId);
    if (!version) throw new Error(`Reading AWS's managed policy ${name}: its version ${versionId} is missing`);
    const { Document } = version;
    const document = typeof Document === 'string' ? JSON.parse(decodeURIComponent(Document)) : Document;
    const [created, updated] = [policy.CreateDate, policy.UpdateDate].map((one) => new Date(one).toISOString());
    return { key: `${name}${path}`, line: JSON.stringify({ name, path, versionId, created, updated, document }) };
  });
  return lines.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ line }) => line);
}
