/** Whether the text has the form of a domain id. Ids that CloudFormation generates contain capital letters. */
export function isDomainId(id: string): boolean {
  return id.length <= 63 && /^d-(-*[a-z0-9]){1,61}$/.test(id);
}
